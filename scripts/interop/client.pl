# RPC::XML, package librpc-xml-perl.
use strict;
use warnings;
use RPC::XML;
use RPC::XML::Client;
$RPC::XML::ALLOW_NIL = 1;
$RPC::XML::ENCODING = 'utf-8';
my $client = RPC::XML::Client->new($ARGV[0]);
sub call {
    my ($method, @params) = @_;
    my $answer = $client->send_request($method, @params);
    die "$method: $answer\n" unless ref $answer;
    die "$method: " . $answer->string . "\n" if $answer->is_fault;
    return $answer->value;
}
sub same { my ($what, $got, $wanted) = @_; die "$what: $got, not $wanted\n" unless $got eq $wanted; }
my $day = { moe => 1, larry => 2, curly => 3 };
same('arrays', call('validator1.arrayOfStructsTest', [$day, { %$day, curly => -8 }]), -5);
my $counts = call('validator1.countTheEntities', q{<<>&''"""});
same('entities', join(',', map { $counts->{$_} } sort keys %$counts), '1,2,2,3,1');
same('struct', call('validator1.easyStructTest', $day), 6);
same('echo', call('validator1.echoStructTest', { a => { b => "x\n<y>" } })->{a}{b}, "x\n<y>");
my $many = call('validator1.manyTypesTest', RPC::XML::int->new(1), RPC::XML::boolean->new(0),
    RPC::XML::string->new('x'), RPC::XML::double->new('2.5'),
    RPC::XML::datetime_iso8601->new('20260102T03:04:05'), RPC::XML::base64->new("abc\0"));
same('many', join('|', @$many[0, 2, 3, 5]), "1|x|2.5|abc\0");
same('dates', $many->[4] =~ s/[-]//gr, '20260102T03:04:05');
same('array', call('validator1.moderateSizeArrayCheck', ['first', ('x') x 150, 'last']), 'firstlast');
same('nested', call('validator1.nestedStructTest', { 2000 => { '04' => { '01' => $day } } }), 6);
same('return', call('validator1.simpleStructReturnTest', 7)->{times1000}, 7000);
same('unicode', call('echo', RPC::XML::string->new("\x{e9}\x{1F600}")), "\x{e9}\x{1F600}");
my $fault = $client->send_request('nope');
die "no fault\n" unless ref $fault && $fault->is_fault && $fault->code == -32601;
my $methods = call('system.listMethods');
die "no methods\n" unless grep { $_ eq 'system.multicall' } @$methods;
print "validated\n";
