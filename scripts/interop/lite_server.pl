# A server with XMLRPC::Lite, packages libxmlrpc-lite-perl and libhttp-daemon-perl.
use strict;
use warnings;
use XMLRPC::Transport::HTTP;
$INC{'lite.pm'} = __FILE__; # the package below
my $server = XMLRPC::Transport::HTTP::Daemon->new(LocalAddr => '127.0.0.1', LocalPort => 0)
    ->dispatch_to('lite');
$| = 1;
print 'Listening on ', $server->url, "\n";
$server->handle;

package lite;
sub echo { my ($class, $value) = @_; return $value }
sub large { return 4294967296 }
sub words { die "sold out\n" }
sub umlaut { die "ausverkauft f\xc3\xbcr heute\n" }
sub fault { die SOAP::Fault->faultcode('Client.Shop')->faultstring('closed') }
sub number { die SOAP::Fault->faultcode(42)->faultstring('answer') }
