# XMLRPC::Lite, package libxmlrpc-lite-perl.
use strict;
use warnings;
use utf8;
use XMLRPC::Lite;
my $client = XMLRPC::Lite->proxy($ARGV[0]);
sub call {
    my ($method, @params) = @_;
    my $answer = $client->call($method, @params);
    die "$method: " . $answer->faultstring . "\n" if $answer->fault;
    return $answer->result;
}
sub same { my ($what, $got, $wanted) = @_; die "$what: $got, not $wanted\n" unless $got eq $wanted; }
my $day = { moe => 1, larry => 2, curly => 3 };
same('arrays', call('validator1.arrayOfStructsTest', [$day, { %$day, curly => -8 }]), -5);
my $counts = call('validator1.countTheEntities', q{<<>&''"""});
same('entities', join(',', map { $counts->{$_} } sort keys %$counts), '1,2,2,3,1');
same('struct', call('validator1.easyStructTest', $day), 6);
same('echo', call('validator1.echoStructTest', { a => { b => "x\n<y>" } })->{a}{b}, "x\n<y>");
my $many = call('validator1.manyTypesTest', 1, XMLRPC::Data->type(boolean => 0), 'x', 2.5,
    XMLRPC::Data->type(dateTime => '20260102T03:04:05'), XMLRPC::Data->type(base64 => 'abc'));
same('many', join('|', @$many), '1|0|x|2.5|20260102T03:04:05|abc');
same('array', call('validator1.moderateSizeArrayCheck', ['first', ('x') x 150, 'last']), 'firstlast');
same('nested', call('validator1.nestedStructTest', { 2000 => { '04' => { '01' => $day } } }), 6);
same('return', call('validator1.simpleStructReturnTest', 7)->{times1000}, 7000);
my $fault = $client->call('nope');
die "no fault\n" unless $fault->fault && $fault->faultcode == -32601;
print "validated\n";
