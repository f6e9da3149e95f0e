# Arguments: the interval in seconds, then for each member its addresses, parted by commas. Each interval every address is sent an ICMP echo; at its end a
# line says how many milliseconds late the round was, and for each member 1 if all its addresses have answered, else 0. Needs perl-base only.
use strict;
use warnings;
use Socket qw(AF_INET AF_INET6 SOCK_RAW inet_pton pack_sockaddr_in pack_sockaddr_in6 unpack_sockaddr_in unpack_sockaddr_in6);

my ($interval, @members) = @ARGV;
@members = map { [split /,/] } @members;
my ($id, $sequence) = ($$ & 0xffff, 0);
my %kinds = (4 => [AF_INET, 1, 8, 0], 6 => [AF_INET6, 58, 128, 129]);
my (%socket, %packed);
for my $address (map { @$_ } @members) {
    my $version = $address =~ /:/ ? 6 : 4;
    my ($family, $protocol) = @{$kinds{$version}};
    $packed{$address} = inet_pton($family, $address) or die "$address is no address\n";
    next if $socket{$version};
    socket $socket{$version}, $family, SOCK_RAW, $protocol or die "no raw socket: $!\n";
}

# Seconds since the host started: no clock that anybody sets.
sub now { open my $file, '<', '/proc/uptime' or die "/proc/uptime: $!\n"; return (split ' ', <$file>)[0] }

sub checksum {
    my $sum = 0;
    $sum += $_ for unpack 'n*', $_[0];
    $sum = ($sum >> 16) + ($sum & 0xffff) while $sum >> 16;
    return ~$sum & 0xffff;
}

sub ask {
    my ($address) = @_;
    my $version = $address =~ /:/ ? 6 : 4;
    my $type = $kinds{$version}[2];
    my $packet = pack 'CCnnn', $type, 0, 0, $id, $sequence;
    # Of IPv6 the kernel computes it.
    $packet = pack 'CCnnn', $type, 0, checksum($packet), $id, $sequence if $version == 4;
    my $to = $version == 4 ? pack_sockaddr_in(0, $packed{$address}) : pack_sockaddr_in6(0, $packed{$address});
    # What cannot be sent is not answered.
    send $socket{$version}, $packet, 0x40, $to;
}

sub hear {
    my ($version, $answered) = @_;
    while (defined(my $from = recv $socket{$version}, my $packet, 1500, 0x40)) {
        $packet = substr $packet, (ord($packet) & 0x0f) * 4 if $version == 4;
        next if length $packet < 8;
        my ($type, undef, undef, $whose, $which) = unpack 'CCnnn', $packet;
        next unless $type == $kinds{$version}[3] && $whose == $id && $which == $sequence;
        $answered->{$version == 4 ? (unpack_sockaddr_in $from)[1] : (unpack_sockaddr_in6 $from)[1]} = 1;
    }
}

$| = 1;
my $due = now();
while (1) {
    my $began = now();
    my $late = $began - $due;
    # Rounds that were missed are not made up for.
    $due = $began if $late > $interval;
    $due += $interval;
    $sequence = ($sequence + 1) & 0xffff;
    my %answered;
    ask($_) for map { @$_ } @members;
    while ((my $left = $due - now()) > 0) {
        my $ready = '';
        vec($ready, fileno $socket{$_}, 1) = 1 for keys %socket;
        select $ready, undef, undef, $left;
        hear($_, \%answered) for keys %socket;
    }
    hear($_, \%answered) for keys %socket;
    printf "%d %s\n", $late * 1000, join '', map { @$_ && !(grep { !$answered{$packed{$_}} } @$_) ? 1 : 0 } @members or last;
}
