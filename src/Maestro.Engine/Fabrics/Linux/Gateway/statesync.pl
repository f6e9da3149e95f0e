#!/usr/bin/perl
# Copies connection tracking state between the members of a group of gateways: "send DIR" gives each connection that this member is active for to
# its slot's backup, "receive DIR SENDER" puts what another member sends into the kernel, "slot ..." says which slot a flow has.
# It speaks ctnetlink and needs perl-base only. Frames carry the kernel's attributes as they are, so all members have one byte order.
use v5.26;
use strict;
use warnings;
use feature qw(say signatures);
no warnings qw(experimental::signatures);
use Errno qw(EAGAIN EINTR ENOBUFS ENOENT);
use Fcntl qw(:flock);
use IO::Handle;
use IO::Select;
use List::Util qw(any max min);
use POSIX qw(WNOHANG);
use Socket qw(AF_INET AF_INET6 SOCK_DGRAM SOCK_RAW SOL_SOCKET inet_pton);

use constant {
    FRAME_SET => 1, FRAME_DELETE => 2, FRAME_BEGIN => 3, FRAME_END => 4, FRAME_ALIVE => 5, FRAME_WITHDRAW => 6, LONGEST_FRAME => 65536, MOST_SLOTS => 65536,
};
use constant {    # netlink
    AF_NETLINK => 16, NETLINK_ROUTE => 0, NETLINK_NETFILTER => 12, SO_RCVBUFFORCE => 33, RECEIVE_BUFFER => 8 << 20, ALL_EVENTS => 7,
    REQUEST => 0x01, ACK => 0x04, DUMP => 0x300, CREATE => 0x400, MESSAGE_ERROR => 2, MESSAGE_DONE => 3, NESTED => 0x8000,
    CT_NEW => 0x100, CT_GET => 0x101, CT_DELETE => 0x102, NEW_ROUTE => 24, GET_ROUTE => 26, MAIN_TABLE => 254, SIOCGIFINDEX => 0x8933,
};
use constant {    # attributes of a connection
    CTA_ORIGINAL => 1, CTA_REPLY => 2, CTA_STATUS => 3, CTA_PROTOINFO => 4, CTA_NAT_SOURCE => 6, CTA_TIMEOUT => 7, CTA_MARK => 8,
    CTA_NAT_DESTINATION => 13, CTA_SEQUENCE_ORIGINAL => 15, CTA_SEQUENCE_REPLY => 16, CTA_ZONE => 18,
};
use constant {    # bits of its status, and of the flags of one direction of TCP
    SEEN_REPLY => 0x02, ASSURED => 0x04, CONFIRMED => 0x08, NAT => 0x30, NAT_DONE => 0x180, RELEVANT_STATUS => 0x1f6,
    LIBERAL => 0x08, LASTING_FLAGS => 0x87,
};
use constant {    # what the sender knows of a connection: an array that has the kernel's attributes at their numbers, and these
    FAMILY => 20, SLOT => 21, BORN => 22, TCP_STATE => 23, DUE => 24, COPIES => 25, SENT => 26, PASS => 27, DELAY => 28,
};
use constant { TCP => 6, TCP_ESTABLISHED => 3, TCP_CLOSE_WAIT => 5 };
use constant { PASS_INTERVAL => 30, ROUTES_INTERVAL => 10, LONGEST_QUEUE => 16 << 20, PASS_QUEUE => 1 << 20, PASS_LAG => 5, PASS_TURN => 0.1, SHORTEST_TIMEOUT => 600 };
use constant { COPIES_INTERVAL => 10, SILENCE => 15, LONGEST_CHANGE => 300 };

my @CARRIED = (CTA_ORIGINAL, CTA_REPLY, CTA_STATUS, CTA_PROTOINFO, CTA_TIMEOUT, CTA_MARK, CTA_SEQUENCE_ORIGINAL, CTA_SEQUENCE_REPLY);
my %PORTED = (6 => 1, 17 => 1, 132 => 1);
my $TICKS = POSIX::sysconf(POSIX::_SC_CLK_TCK());
my ($directory, $table, $table_stamp);

# ---- Common ----

# Monotonic, in seconds; the finest clock of perl-base.
sub clock() { return (POSIX::times())[0] / $TICKS }

sub replace_file($file, $content) {
    open my $handle, '>:raw', "$file.new" or return warn "$file.new: $!\n";
    print {$handle} $content;
    close $handle or return warn "$file.new: $!\n";
    rename "$file.new", $file or warn "$file: $!\n";
}

sub read_file($file) {
    open my $handle, '<:raw', $file or return;
    local $/ = undef;
    return scalar <$handle>;
}

sub lock_file($file, $how) {
    open my $handle, '+>>', $file or die "$file: $!\n";
    return flock($handle, $how) ? $handle : undef;
}

# ---- Netlink ----

sub open_netlink($protocol, $groups) {
    socket my $socket, AF_NETLINK, SOCK_RAW, $protocol or die "netlink: $!\n";
    bind $socket, pack('S S L L', AF_NETLINK, 0, 0, $groups) or die "netlink: $!\n";
    return $socket;
}

sub request($type, $flags, $body) { return pack('L S S L L', 16 + length $body, $type, REQUEST | $flags, 1, 0) . $body }

sub attribute($type, $value) { return pack 'S S a* x!4', 4 + length $value, $type, $value }

sub nest($type, @attributes) { return attribute($type | NESTED, join '', @attributes) }

# By number, or nothing if the bytes are no attributes.
sub attributes($bytes) {
    my ($at, $end, %found) = (0, length $bytes);
    while ($at < $end) {
        return if $end - $at < 4;
        my ($length, $type) = unpack 'S S', substr $bytes, $at, 4;
        return if $length < 4 || $at + $length > $end;
        $found{ $type & 0x3fff } = substr $bytes, $at + 4, $length - 4;
        $at += ($length + 3) & ~3;
    }
    return \%found;
}

# Each as type, flags, body.
sub messages($bytes) {
    my ($at, @found) = 0;
    while (length($bytes) - $at >= 16) {
        my ($length, $type, $flags) = unpack 'L S S', substr $bytes, $at, 8;
        last if $length < 16;
        push @found, [$type, $flags, substr $bytes, $at + 16, $length - 16];
        $at += ($length + 3) & ~3;
    }
    return @found;
}

# Protocol, source, destination, attributes of the protocol; nothing if it is no tuple of that family.
sub tuple_of($family, $bytes) {
    my $tuple = attributes($bytes) or return;
    return if keys %$tuple != 2 || !defined $tuple->{1} || !defined $tuple->{2};
    my ($addresses, $protocol) = (attributes($tuple->{1}), attributes($tuple->{2}));
    return unless $addresses && $protocol && length($protocol->{1} // '') == 1;
    my @pair = @{$addresses}{ $family == AF_INET ? (1, 2) : (3, 4) };
    my $length = $family == AF_INET ? 4 : 16;
    return if keys %$addresses != 2 || any { length($_ // '') != $length } @pair;
    return if any { defined $protocol->{$_} && length $protocol->{$_} != 2 } 2, 3, 4, 7;
    return [ord $protocol->{1}, @pair, $protocol];
}

sub tuple_attribute($type, $family, $source, $destination, $protocol) {
    my ($from, $to) = $family == AF_INET ? (1, 2) : (3, 4);
    my @protocol = map { attribute($_, $protocol->{$_}) } sort { $a <=> $b } keys %$protocol;
    return nest($type, nest(1, attribute($from, $source), attribute($to, $destination)), nest(2, @protocol));
}

# ---- Slots ----

sub rotate($value, $by) { return (($value << $by) | ($value >> (32 - $by))) & 0xffffffff }

# The hash of nft's jhash: Jenkins' lookup3 over words.
sub hash_of($seed, @words) {
    my ($first, $second, $third) = ((0xdeadbeef + 4 * @words + $seed) & 0xffffffff) x 3;
    while (@words > 3) {
        $first = ($first + shift @words) & 0xffffffff;
        $second = ($second + shift @words) & 0xffffffff;
        $third = ($third + shift @words) & 0xffffffff;
        for my $turns ([4, 6, 8], [16, 19, 4]) {
            $first = (($first - $third) & 0xffffffff) ^ rotate($third, $turns->[0]);
            $third = ($third + $second) & 0xffffffff;
            $second = (($second - $first) & 0xffffffff) ^ rotate($first, $turns->[1]);
            $first = ($first + $third) & 0xffffffff;
            $third = (($third - $second) & 0xffffffff) ^ rotate($second, $turns->[2]);
            $second = ($second + $first) & 0xffffffff;
        }
    }
    return $third unless @words;
    $third = ($third + ($words[2] // 0)) & 0xffffffff;
    $second = ($second + ($words[1] // 0)) & 0xffffffff;
    $first = ($first + $words[0]) & 0xffffffff;
    $third = (($third ^ $second) - rotate($second, 14)) & 0xffffffff;
    $first = (($first ^ $third) - rotate($third, 11)) & 0xffffffff;
    $second = (($second ^ $first) - rotate($first, 25)) & 0xffffffff;
    $third = (($third ^ $second) - rotate($second, 16)) & 0xffffffff;
    $first = (($first ^ $third) - rotate($third, 4)) & 0xffffffff;
    $second = (($second ^ $first) - rotate($first, 14)) & 0xffffffff;
    return (($third ^ $second) - rotate($second, 24)) & 0xffffffff;
}

# The flow is a tuple; its first packet came in on that side. A port is the first half of a register of its own, as the network orders its bytes.
sub slot_of($rules, $side, $flow) {
    my ($protocol, $source, $destination, $numbers) = @$flow;
    my $inside = $side eq 'inside';
    my ($from, $to) = $rules->{layer4} && $PORTED{$protocol} ? map { [unpack 'v', $_ // "\0\0"] } @{$numbers}{ 2, 3 } : ([], []);
    my $general = $rules->{mode} eq 'General';
    my $by_destination = $rules->{mode} eq 'User' || ($rules->{mode} eq 'AutoTopology' && $inside);
    my @words =
          $general && $inside ? (unpack('V*', $source . $destination), @$from, @$to)
        : $general            ? (unpack('V*', $destination . $source), @$to, @$from)
        : $by_destination     ? (unpack('V*', $destination), @$from)
        :                       (unpack('V*', $source), @$to);
    return (hash_of($rules->{seed}, @words) * $rules->{slots}) >> 32;
}

# ---- The table ----

sub numbers_of($list) { return map { /^(\d+)(?:-(\d+))?$/ ? ($1 .. $2 // $1) : die "no slots: $_\n" } split /,/, $list }

sub add_targets($new, $peer, $list = '') {
    for my $slot (numbers_of($list)) {
        die "no slot: $slot\n" if $slot >= MOST_SLOTS;
        push @{ $new->{targets}[$slot] //= [] }, $peer eq '-' ? () : $peer;
    }
}

my %LINES = (
    version => sub ($new, $number) { $new->{version} = $number },
    self => sub ($new, $name) { $new->{self} = $name },
    delay => sub ($new, $seconds) { $new->{delay} = $seconds },
    service => sub ($new, $protocol, $port, $seconds) { $new->{services}{"$protocol $port"} = $seconds },
    rate => sub ($new, $copies) { $new->{rate} = $copies },
    inside => sub ($new, @names) { $new->{sides}{$_} = 'inside' for @names },
    outside => sub ($new, @names) { $new->{sides}{$_} = 'outside' for @names },
    own => sub ($new, @addresses) { $new->{own}{ address_of($_) } = 1 for @addresses },
    peer => sub ($new, $id, $address, $port) { $new->{peers}{$id} = { address => $address, port => $port } },
    slots => \&add_targets,
    remote => \&add_targets,
    rules => sub ($new, $mode, $layer4, $seed, $slots) {
        die "no mode: $mode\n" unless $mode =~ /^(General|AutoTopology|User|Network)$/;
        $new->{rules} = { mode => $mode, layer4 => $layer4, seed => $seed, slots => $slots };
    },
);

sub address_of($text) { return inet_pton($text =~ /:/ ? AF_INET6 : AF_INET, $text) // die "no address: $text\n" }

sub parse_table($text) {
    my %new = (version => 0, self => '', delay => 3, services => {}, rate => 2000, sides => {}, own => {}, peers => {}, targets => []);
    for my $line (split /\n/, $text) {
        my ($word, @values) = split ' ', $line =~ s/#.*//r;
        $LINES{$word}->(\%new, @values) if defined $word && $LINES{$word};
    }
    die "no rules\n" unless $new{rules};
    return \%new;
}

# True if there is a new one. One that cannot be read changes nothing: the last good one holds.
sub reread_table() {
    my @now = stat "$directory/table" or return 0;
    my $stamp = "@now[1, 7, 9]";
    return 0 if defined $table_stamp && $stamp eq $table_stamp;
    $table_stamp = $stamp;
    my $new = eval { parse_table(read_file("$directory/table") // die "$!\n") };
    return warn("table: $@") && 0 unless $new;
    $table = $new;
    return 1;
}

sub owns($slot) { return $table && defined $table->{targets}[$slot] }

# ---- Sides ----

my (%routes, $routes_bytes, %interface_sides, %side_cache, $route_socket);

sub read_interfaces() {
    socket my $socket, AF_INET, SOCK_DGRAM, 0 or die "socket: $!\n";
    %interface_sides = ();
    for my $name (keys %{ $table->{sides} }) {
        my $query = pack 'Z16 x24', $name;
        $interface_sides{ unpack 'x16 l', $query } = $table->{sides}{$name} if ioctl $socket, SIOCGIFINDEX, $query;
    }
}

sub dump_routes($family) {
    my ($socket, $all) = (open_netlink(NETLINK_ROUTE, 0), '');
    syswrite $socket, request(GET_ROUTE, DUMP, pack 'C x11', $family);
    while (sysread $socket, my $bytes, 65536) {
        $all .= $bytes;
        last if any { $_->[0] == MESSAGE_DONE || $_->[0] == MESSAGE_ERROR } messages($bytes);
    }
    return $all;
}

sub add_route($body) {
    my ($family, $length, $short_table) = unpack 'C C x2 C', $body;
    my $attributes = attributes(substr $body, 12) or return;
    return if (defined $attributes->{15} ? unpack 'L', $attributes->{15} : $short_table) != MAIN_TABLE;
    my $device = $attributes->{4} // substr $attributes->{9} // '', 4, 4;
    my $prefix = substr unpack('B*', $attributes->{1} // ''), 0, $length;
    # The first of several is the one of the lowest metric.
    $routes{$family}{$length}{$prefix} //= length $device == 4 ? $interface_sides{ unpack 'L', $device } // '' : '';
}

# Says whether an address that was asked for is on another side by now. What no route told may be told by one that came late, as at a boot.
sub read_routes() {
    read_interfaces();
    my $bytes = join '', map { dump_routes($_) } AF_INET, AF_INET6;
    my $stamp = join ' ', $bytes, map { "$_ $interface_sides{$_}" } sort keys %interface_sides;
    my $same = defined $routes_bytes && $routes_bytes eq $stamp;
    my %before = $same ? map { $_ => '' } grep { $side_cache{$_} eq '' } keys %side_cache : %side_cache;
    delete @side_cache{ keys %before };
    if (!$same) {
        ($routes_bytes, %routes) = $stamp;
        add_route($_->[2]) for grep { $_->[0] == NEW_ROUTE } messages($bytes);
    }
    return 0 != grep { side_of(length == 4 ? AF_INET : AF_INET6, $_) ne $before{$_} } keys %before;
}

sub find_side($family, $address) {
    my $bits = unpack 'B*', $address;
    for my $length (sort { $b <=> $a } keys %{ $routes{$family} }) {
        my $side = $routes{$family}{$length}{ substr $bits, 0, $length };
        return $side if defined $side;
    }
    return '';
}

# Of what the main table does not tell, or nobody has read, the kernel is asked; it knows all tables.
sub ask_side($family, $address) {
    $route_socket //= open_netlink(NETLINK_ROUTE, 0);
    syswrite $route_socket, request(GET_ROUTE, 0, pack('C C x10', $family, 8 * length $address) . attribute(1, $address)) or return '';
    sysread $route_socket, my $bytes, 65536 or return '';
    my ($answer) = grep { $_->[0] == NEW_ROUTE } messages($bytes) or return '';
    my $device = (attributes(substr $answer->[2], 12) // {})->{4} // '';
    return length $device == 4 ? $interface_sides{ unpack 'L', $device } // '' : '';
}

sub side_of($family, $address) {
    %side_cache = () if keys %side_cache > 200_000;
    return $side_cache{$address} //= find_side($family, $address) || ask_side($family, $address);
}

# ---- The sender's peers ----

my (%connections, %waiting, %peers, $pass, $pass_number, $session_number, $next_pass, $old_pass, $events, $now);
my %total = (updates => 0, overruns => 0, passes => 0, overflows => 0, due => 0);

sub frame($type, $slot, $family, $payload) { return pack 'N/a*', pack('C N C', $type, $slot, $family) . $payload }

sub ssh_command($id, $address, $port) {
    my %options = (
        UserKnownHostsFile => "$directory/known", StrictHostKeyChecking => 'yes', BatchMode => 'yes', ConnectTimeout => 10,
        ServerAliveInterval => 1, ServerAliveCountMax => 3, Compression => 'no', HostKeyAlias => $id,
    );
    return (qw(ssh -F none -T -i), "$directory/key", (map { ('-o', "$_=$options{$_}") } sort keys %options), '-p', $port, "root\@$address");
}

sub start_child($peer) {
    $peer->{retry_at} = $now + $peer->{pause};
    $peer->{pause} = min(2, $peer->{pause} * 2);
    pipe my $child_reads, my $we_write or return warn "pipe: $!\n";
    pipe my $we_read, my $child_writes or return warn "pipe: $!\n";
    my $child = fork // return warn "fork: $!\n";
    if (!$child) {
        $SIG{PIPE} = 'DEFAULT';
        open STDIN, '<&', $child_reads;
        open STDOUT, '>&', $child_writes;
        open STDERR, '>&', $child_writes;
        exec ssh_command(@{$peer}{qw(id address port)}) or POSIX::_exit(127);
    }
    $_->blocking(0) for $we_write, $we_read;
    @{$peer}{qw(child to from said)} = ($child, $we_write, $we_read, '');
}

# The peer's copies stay there; the pass after the next connection puts them right.
sub drop_child($peer) {
    if ($peer->{child}) {
        kill 'KILL', $peer->{child};
        waitpid $peer->{child}, 0;
    }
    @{$peer}{qw(child to from connected session buffer marks ends written copied)} = (undef, undef, undef, 0, ++$session_number, '', [], 0, 0, 0);
    $peer->{retry_at} = $now + $peer->{pause};
}

sub read_child($peer) {
    my $count = sysread $peer->{from}, my $bytes, 4096;
    return if !defined $count && ($! == EAGAIN || $! == EINTR);
    return drop_child($peer) unless $count;
    $peer->{said} .= $bytes;
    while ($peer->{said} =~ s/^(.*)\r?\n//) {
        my $line = $1;
        if ($line eq 'ready') {
            @{$peer}{qw(connected pause wants_pass)} = (1, 0.2, 1);
        } elsif ($line ne ($peer->{complaint} // '')) {
            # One that stays away says the same each time.
            $peer->{complaint} = $line;
            print STDERR "$peer->{id}: $line\n";
        }
    }
    $peer->{said} = '' if length $peer->{said} > 4096;
}

sub enqueue($peer, $frame) {
    return unless $peer->{connected};
    if (length($peer->{buffer}) + length $frame > LONGEST_QUEUE) {
        $total{overflows}++;
        return drop_child($peer);
    }
    $peer->{buffer} .= $frame;
    $peer->{ends} += length $frame;
    # For the lag: up to where the stream was put in at what time.
    my $marks = $peer->{marks};
    if (@$marks && $marks->[-1][1] == $now) { $marks->[-1][0] = $peer->{ends} }
    else { push @$marks, [$peer->{ends}, $now] }
}

sub flush_peer($peer) {
    while (length $peer->{buffer}) {
        my $count = syswrite $peer->{to}, $peer->{buffer}, 65536;
        if (!defined $count) {
            drop_child($peer) unless $! == EAGAIN || $! == EINTR;
            return;
        }
        substr $peer->{buffer}, 0, $count, '';
        $peer->{written} += $count;
        shift @{ $peer->{marks} } while @{ $peer->{marks} } && $peer->{marks}[0][0] <= $peer->{written};
    }
}

sub lag_of($peer) { return @{ $peer->{marks} } ? max(0, $now - $peer->{marks}[0][1]) : 0 }

sub match_peers_to_table() {
    my %needed = map { $_ => 1 } map { @{ $_ // [] } } @{ $table->{targets} };
    for my $id (keys %peers) {
        my ($peer, $entry) = ($peers{$id}, $table->{peers}{$id});
        my $stays = $entry && $entry->{address} eq $peer->{address} && $entry->{port} == $peer->{port};
        # One that has no more slots is kept until a pass has told it so.
        $peer->{leave_at} = $needed{$id} ? undef : $peer->{leave_at} // $now + 2 * PASS_INTERVAL;
        drop_child(delete $peers{$id}) unless $stays && ($needed{$id} || $peer->{connected});
    }
    for my $id (grep { !$peers{$_} && $table->{peers}{$_} } keys %needed) {
        $peers{$id} = { id => $id, %{ $table->{peers}{$id} }, pause => 0.2, wants_pass => 0 };
        drop_child($peers{$id});
        $peers{$id}{retry_at} = $now;
    }
}

# ---- The sender's connections ----

sub is_own($flow, $reply_source) {
    my (undef, $source, $destination) = @$flow;
    return $table->{own}{$source} || ($table->{own}{$destination} && $reply_source eq $destination);
}

# Nothing if this member is not active for it, or no route tells the side that it came from: read from the wrong one it may be another member's, whose copy is here.
sub own_slot($family, $flow) {
    my $side = side_of($family, $flow->[1]);
    return if $side eq '';
    my $slot = slot_of($table->{rules}, $side, $flow);
    return owns($slot) ? $slot : undef;
}

sub is_misread($key) { return (own_slot(ord $key, tuple_of(ord $key, substr $key, 1)) // -1) != $connections{$key}[SLOT] }

sub delay_of($flow) {
    my $port = $flow->[3]{3};
    return defined $port ? $table->{services}{ "$flow->[0] " . unpack 'n', $port } // $table->{delay} : $table->{delay};
}

sub adopt($key, $family, $attributes, $born) {
    my $flow = tuple_of($family, $attributes->{ +CTA_ORIGINAL }) or return;
    my $reply = tuple_of($family, $attributes->{ +CTA_REPLY } // return) or return;
    return if is_own($flow, $reply->[1]);
    my $slot = own_slot($family, $flow) // return;
    my ($entry, $delay) = ([], delay_of($flow));
    @{$entry}[FAMILY, SLOT, BORN, TCP_STATE, DUE, SENT, PASS, DELAY] = ($family, $slot, $born, $flow->[0] == TCP ? 0 : undef, 0, '', 0, $delay);
    push @{ $waiting{$delay} }, $born, $key;
    return $connections{$key} = $entry;
}

# An event tells only part: what it does not tell has not changed.
sub merge($entry, $attributes) {
    for my $type (@CARRIED) {
        $entry->[$type] = $attributes->{$type} if defined $attributes->{$type};
    }
    return unless defined $entry->[TCP_STATE] && defined $attributes->{ +CTA_PROTOINFO };
    my $tcp = attributes((attributes($attributes->{ +CTA_PROTOINFO }) // {})->{1} // '') // {};
    $entry->[TCP_STATE] = ord $tcp->{1} if defined $tcp->{1};
}

# A connection that ends before it was copied is not worth it; a half closed one may live long.
sub becomes_due($entry) {
    return 0 if $now - $entry->[BORN] < $entry->[DELAY];
    return 0 if defined $entry->[TCP_STATE] && ($entry->[TCP_STATE] < TCP_ESTABLISHED || $entry->[TCP_STATE] > TCP_CLOSE_WAIT);
    $total{due}++;
    return $entry->[DUE] = 1;
}

sub relevant($entry) {
    my $status = defined $entry->[CTA_STATUS] ? RELEVANT_STATUS & unpack 'N', $entry->[CTA_STATUS] : 0;
    my @parts = map { $_ // '' } @{$entry}[TCP_STATE, CTA_MARK, CTA_REPLY, CTA_SEQUENCE_ORIGINAL, CTA_SEQUENCE_REPLY];
    return join '|', $status, @parts;
}

sub set_frame($entry) {
    my $payload = join '', map { defined $entry->[$_] ? attribute($_, $entry->[$_]) : () } @CARRIED;
    return frame(FRAME_SET, $entry->[SLOT], $entry->[FAMILY], $payload);
}

sub has_copy($peer, $entry) { return ($entry->[COPIES]{ $peer->{id} } // -1) == $peer->{session} }

sub send_delete($peer, $entry, $type = FRAME_DELETE) {
    $peer->{copied}--;
    $total{updates}++;
    enqueue($peer, frame($type, $entry->[SLOT], $entry->[FAMILY], attribute(CTA_ORIGINAL, $entry->[CTA_ORIGINAL])));
}

# To each that should have it and does not have it as it is now, or that is to hear of it anyhow. Says how many were told.
sub publish($entry, $anyhow) {
    my ($relevant, $frame, $told) = (relevant($entry), undef, 0);
    my $changed = $relevant ne $entry->[SENT];
    $entry->[SENT] = $relevant;
    for my $peer (grep { defined && $_->{connected} } @peers{ @{ $table->{targets}[$entry->[SLOT]] } }) {
        my $had = has_copy($peer, $entry);
        next if $had && !$changed && !$anyhow->{ $peer->{id} };
        $peer->{copied}++ unless $had;
        $entry->[COPIES]{ $peer->{id} } = $peer->{session};
        $total{updates}++;
        $told++;
        enqueue($peer, $frame //= set_frame($entry));
    }
    return $told;
}

# Those that had it by an earlier table.
sub withdraw($entry) {
    my %wanted = map { $_ => 1 } @{ $table->{targets}[$entry->[SLOT]] };
    for my $id (grep { !$wanted{$_} } keys %{ $entry->[COPIES] // {} }) {
        send_delete($peers{$id}, $entry, FRAME_WITHDRAW) if $peers{$id} && has_copy($peers{$id}, $entry);
        delete $entry->[COPIES]{$id};
    }
}

sub forget($key, $tell) {
    my $entry = delete $connections{$key} or return;
    $total{due}-- if $entry->[DUE];
    for my $peer (grep { defined && has_copy($_, $entry) } @peers{ keys %{ $entry->[COPIES] // {} } }) {
        if ($tell) { send_delete($peer, $entry) }
        else { $peer->{copied}-- }
    }
}

sub take_event($type, $body) {
    my $family = ord $body;
    my $attributes = attributes(substr $body, 4) or return;
    return if !defined $attributes->{ +CTA_ORIGINAL } || defined $attributes->{ +CTA_ZONE };
    my $key = chr($family) . $attributes->{ +CTA_ORIGINAL };
    # The running dump may have read it before this event.
    $pass->{touched}{$key} = 1 if $pass;
    return forget($key, 1) if $type == CT_DELETE;
    my $entry = $connections{$key} // adopt($key, $family, $attributes, $now) // return;
    merge($entry, $attributes);
    publish($entry, {}) if $entry->[DUE] || becomes_due($entry);
}

sub read_events() {
    for (1 .. 500) {
        my $count = sysread $events, my $bytes, 16384;
        if (!defined $count) {
            return unless $! == ENOBUFS;
            $total{overruns}++;
            # A pass during which events were lost proves nothing about what it does not mention.
            ($pass, $next_pass) = (undef, min($next_pass, $now + 1));
            next;
        }
        take_event($_->[0], $_->[2]) for grep { $_->[0] == CT_NEW || $_->[0] == CT_DELETE } messages($bytes);
    }
}

# Who waits equally long waits in the order in which it began.
sub release_waiting() {
    for my $delay (keys %waiting) {
        my $queue = $waiting{$delay};
        while (@$queue && $now - $queue->[0] >= $delay) {
            my ($born, $key) = splice @$queue, 0, 2;
            my $entry = $connections{$key} or next;
            publish($entry, {}) if $entry->[BORN] == $born && !$entry->[DUE] && becomes_due($entry);
        }
        delete $waiting{$delay} unless @$queue;
    }
}

# ---- Passes ----

sub slots_of_peer($id) {
    my $bits = '';
    my $targets = $table->{targets};
    for my $slot (0 .. $#$targets) {
        vec($bits, $slot, 1) = 1 if any { $_ eq $id } @{ $targets->[$slot] // [] };
    }
    return $bits;
}

sub start_pass($whole) {
    my @takers = grep { $_->{connected} && ($whole || $_->{wants_pass}) } values %peers;
    $pass = { number => ++$pass_number, socket => open_netlink(NETLINK_NETFILTER, 0), touched => {}, old => $old_pass, credit => 0, earned => $now };
    $pass->{takers} = { map { $_->{id} => $_->{session} } @takers };
    $old_pass = 0;
    $pass->{whole} = $whole;
    for my $peer (@takers) {
        $peer->{wants_pass} = 0;
        enqueue($peer, frame(FRAME_BEGIN, 0, 0, pack('Q>', $table->{version}) . slots_of_peer($peer->{id})));
    }
    syswrite $pass->{socket}, request(CT_GET, DUMP, pack 'x4') or die "netlink: $!\n";
}

sub take_dumped($body) {
    my $family = ord $body;
    my $attributes = attributes(substr $body, 4) or return;
    return if !defined $attributes->{ +CTA_ORIGINAL } || defined $attributes->{ +CTA_ZONE };
    my $key = chr($family) . $attributes->{ +CTA_ORIGINAL };
    my ($entry, $touched) = ($connections{$key}, $pass->{touched}{$key});
    return if $touched && !$entry;
    $entry //= adopt($key, $family, $attributes, $pass->{old} ? 0 : $now) // return;
    merge($entry, $attributes) unless $touched;
    $entry->[PASS] = $pass->{number};
    withdraw($entry) if $entry->[COPIES];
    $pass->{credit} -= publish($entry, $pass->{takers}) if $entry->[DUE] || becomes_due($entry);
}

sub end_pass() {
    my $ended = $pass;
    $pass = undef;
    $next_pass = $now + PASS_INTERVAL if $ended->{whole};
    $total{passes}++;
    forget($_, 0) for grep { $connections{$_}[PASS] != $ended->{number} && !$ended->{touched}{$_} } keys %connections;
    enqueue($_, frame(FRAME_END, 0, 0, '')) for grep { defined } @peers{ keys %{ $ended->{takers} } };
}

sub read_pass() {
    my $count = sysread $pass->{socket}, my $bytes, 65536;
    for my $message ($count ? messages($bytes) : [MESSAGE_ERROR]) {
        if ($message->[0] == CT_NEW) { take_dumped($message->[2]) }
        elsif ($message->[0] == MESSAGE_DONE) { return end_pass() }
        else { ($pass, $next_pass) = (undef, $now + 1); return }
    }
}

# The dump waits for slow takers, but not for ever: they get a pass of their own later.
sub pass_may_read() {
    # Neither end is to be kept from its traffic by copies: so many a second, and no more at once than a turn is worth.
    my $earned = $pass->{credit} + $table->{rate} * ($now - $pass->{earned});
    @{$pass}{qw(credit earned)} = (min($earned, $table->{rate} * PASS_TURN), $now);
    my $takers = $pass->{takers};
    for my $peer (grep { defined } @peers{ keys %$takers }) {
        next if $peer->{connected} && $peer->{session} == $takers->{ $peer->{id} } && lag_of($peer) < PASS_LAG;
        $peer->{wants_pass} = 1 if $peer->{connected};
        delete $takers->{ $peer->{id} };
    }
    return $pass->{credit} >= 0 && !any { defined && length $_->{buffer} > PASS_QUEUE } @peers{ keys %$takers };
}

# ---- The sender's loop ----

sub rules_text($of) { return join ' ', map { $of->{rules}{$_} // '' } qw(mode layer4 seed slots) }

sub take_table($before) {
    my $moved = read_routes();
    match_peers_to_table();
    my $same = rules_text($before) eq rules_text($table);
    forget_if(sub ($key) { !$same || !owns($connections{$key}[SLOT]) || ($moved && is_misread($key)) });
}

# Their copies go with the pass that follows, which takes up again what is ours.
sub forget_if($condition) {
    forget($_, 0) for grep { $condition->($_) } keys %connections;
    ($pass, $old_pass, $next_pass) = (undef, 1, $now);
}

sub write_sent_state() {
    my @lines = ("version $table->{version}", "self $table->{self}", 'owned ' . keys %connections);
    push @lines, map { "$_ $total{$_}" } qw(due updates overruns passes overflows);
    for my $peer (map { $peers{$_} } sort keys %peers) {
        my @values = ($peer->{id}, $peer->{connected}, $peer->{copied}, length $peer->{buffer}, int 1000 * lag_of($peer));
        push @lines, sprintf 'peer %s connected %d copied %d queue %d lag %d', @values;
    }
    replace_file("$directory/sent.state", join "\n", @lines, 'time ' . time, '');
}

sub each_second() {
    my $before = $table;
    take_table($before // {}) if reread_table();
    return unless $table;
    write_sent_state();
    drop_child(delete $peers{ $_->{id} }) for grep { defined $_->{leave_at} && $now >= $_->{leave_at} } values %peers;
    enqueue($_, frame(FRAME_ALIVE, 0, 0, '')) for values %peers;
}

sub wait_for_work($until) {
    my @running = grep { $_->{child} } values %peers;
    my $reads = IO::Select->new($events, map { $_->{from} } @running);
    $reads->add($pass->{socket}) if $pass && pass_may_read();
    my $writes = IO::Select->new(map { $_->{to} } grep { length $_->{buffer} } @running);
    my ($readable) = IO::Select->select($reads, $writes, undef, max(0, $until - clock()));
    my %ready = map { fileno($_) => 1 } @{ $readable // [] };
    $now = clock();
    read_events() if $ready{ fileno $events };
    read_pass() if $pass && $ready{ fileno $pass->{socket} };
    for my $peer (@running) {
        read_child($peer) if $peer->{from} && $ready{ fileno $peer->{from} };
    }
}

sub run_sender() {
    my $lock = lock_file("$directory/send.lock", LOCK_EX | LOCK_NB) or exit 3;
    $SIG{PIPE} = 'IGNORE';
    $SIG{TERM} = $SIG{INT} = sub { kill 'KILL', grep { defined } map { $_->{child} } values %peers; POSIX::_exit(0) };
    $events = open_netlink(NETLINK_NETFILTER, ALL_EVENTS);
    setsockopt $events, SOL_SOCKET, SO_RCVBUFFORCE, RECEIVE_BUFFER or warn "receive buffer: $!\n";
    $events->blocking(0);
    my ($next_second, $next_routes) = (0, 0);
    while (1) {
        $now = clock();
        if ($now >= $next_second) { each_second(); $next_second = $now + 1 }
        if (!$table) { sleep 1; next }
        if ($now >= $next_routes) {
            forget_if(\&is_misread) if read_routes();
            $next_routes = $now + (%routes ? ROUTES_INTERVAL : 1);
        }
        release_waiting();
        start_pass($now >= $next_pass) if !$pass && ($now >= $next_pass || any { $_->{wants_pass} && length $_->{buffer} < PASS_QUEUE } values %peers);
        start_child($_) for grep { !$_->{child} && $now >= $_->{retry_at} } values %peers;
        flush_peer($_) for grep { length $_->{buffer} } values %peers;
        my @times = ($next_second, $next_pass, map { $_->{child} ? () : $_->{retry_at} } values %peers);
        push @times, map { $waiting{$_}[0] + $_ } keys %waiting;
        push @times, $now + PASS_TURN if $pass && $pass->{credit} < 0;
        wait_for_work($pass ? min(@times[0, 2 .. $#times]) : min(@times));
    }
}

# ---- The receiver ----

my ($sender, $kernel, %copies, $generation, $pass_version, $pass_ended, $claimed, @others, $journal, $missed);
my %count = (updates => 0, deletes => 0, refused => 0, skipped => 0, swept => 0, errno => 0);

sub nonsense($what) {
    print STDERR "no frame of this protocol: $what\n";
    save_copies();
    exit 4;
}

# The kernel's errno, 0 if it obeyed.
sub ask_kernel($type, $flags, $family, $attributes) {
    syswrite $kernel, request($type, $flags | ACK, pack('C x3', $family) . $attributes) or return $! + 0;
    while (sysread $kernel, my $bytes, 65536) {
        my ($answer) = grep { $_->[0] == MESSAGE_ERROR } messages($bytes) or next;
        return -unpack 'l', $answer->[2];
    }
    return $! + 0;
}

sub delete_from_kernel($key) { return ask_kernel(CT_DELETE, 0, ord $key, attribute(CTA_ORIGINAL | NESTED, substr $key, 1)) }

sub check_protoinfo($bytes) {
    my $found = attributes($bytes) or nonsense('protocol');
    nonsense('protocol') if keys %$found != 1 || any { !attributes($_) } values %$found;
}

sub check_connection($frame_type, $family, $payload) {
    nonsense('family') unless $family == AF_INET || $family == AF_INET6;
    my $given = attributes($payload) or nonsense('attributes');
    my @allowed = $frame_type == FRAME_SET ? @CARRIED : CTA_ORIGINAL;
    my @needed = $frame_type == FRAME_SET ? (CTA_ORIGINAL, CTA_REPLY, CTA_STATUS, CTA_TIMEOUT) : CTA_ORIGINAL;
    my %allowed = map { $_ => 1 } @allowed;
    nonsense('which attributes') if any { !$allowed{$_} } keys %$given;
    nonsense('what is missing') if any { !defined $given->{$_} } @needed;
    nonsense('tuple') if any { defined $given->{$_} && !tuple_of($family, $given->{$_}) } CTA_ORIGINAL, CTA_REPLY;
    nonsense('number') if any { defined $given->{$_} && length $given->{$_} != 4 } CTA_STATUS, CTA_TIMEOUT, CTA_MARK;
    nonsense('sequence') if any { defined $given->{$_} && !attributes($given->{$_}) } CTA_SEQUENCE_ORIGINAL, CTA_SEQUENCE_REPLY;
    check_protoinfo($given->{ +CTA_PROTOINFO }) if defined $given->{ +CTA_PROTOINFO };
    return $given;
}

# Nobody here saw the windows, so they are not judged. Flags that go with sequence numbers are left out: the kernel would compare with numbers it has not.
sub tcp_protoinfo($bytes) {
    my $tcp = attributes(attributes($bytes)->{1} // '') or nonsense('TCP');
    nonsense('TCP state') if length($tcp->{1} // '') != 1 || ord $tcp->{1} > 9;
    nonsense('TCP scale') if any { defined $tcp->{$_} && length $tcp->{$_} != 1 } 2, 3;
    my @parts = map { defined $tcp->{$_} ? attribute($_, $tcp->{$_}) : () } 1, 2, 3;
    for my $direction (4, 5) {
        my $flags = LIBERAL | (LASTING_FLAGS & ord($tcp->{$direction} // "\0"));
        push @parts, attribute($direction, pack 'C C', $flags, LIBERAL | LASTING_FLAGS);
    }
    return (ord $tcp->{1}, nest(CTA_PROTOINFO, nest(1, @parts)));
}

# What may be changed of a connection that is there.
sub changeable($protocol, $given) {
    my ($state, $protoinfo) = $protocol == TCP ? tcp_protoinfo($given->{ +CTA_PROTOINFO } // '') : (TCP_ESTABLISHED, '');
    $protoinfo = attribute(CTA_PROTOINFO | NESTED, $given->{ +CTA_PROTOINFO }) if $protocol != TCP && defined $given->{ +CTA_PROTOINFO };
    my $timeout = max($state == TCP_ESTABLISHED ? SHORTEST_TIMEOUT : 1, unpack 'N', $given->{ +CTA_TIMEOUT });
    my $status = CONFIRMED | ((SEEN_REPLY | ASSURED) & unpack 'N', $given->{ +CTA_STATUS });
    my @sequence = map { defined $given->{$_} ? attribute($_ | NESTED, $given->{$_}) : () } CTA_SEQUENCE_ORIGINAL, CTA_SEQUENCE_REPLY;
    my @numbers = (attribute(CTA_STATUS, pack 'N', $status), attribute(CTA_TIMEOUT, pack 'N', $timeout));
    return join '', @numbers, attribute(CTA_MARK, $given->{ +CTA_MARK } // pack 'N', 0), $protoinfo, @sequence;
}

sub nat_range($type, $family, $address, $number) {
    my ($first, $last) = $family == AF_INET ? (1, 2) : (4, 5);
    my @numbers = defined $number ? nest(3, attribute(1, $number), attribute(2, $number)) : ();
    return nest($type, attribute($first, $address), attribute($last, $address), @numbers);
}

# The kernel sets NAT up itself, from the reply that there would be without it and from what to make of it.
sub reply_attributes($family, $original, $given) {
    my $bytes = $given->{ +CTA_REPLY };
    return attribute(CTA_REPLY | NESTED, $bytes) unless (NAT | NAT_DONE) & unpack 'N', $given->{ +CTA_STATUS };
    my $reply = tuple_of($family, $bytes);
    my ($asked, $answered) = ($original->[3], $reply->[3]);
    my %plain = %$answered;
    @plain{ 2, 3 } = @{$asked}{ 3, 2 } if defined $asked->{2} && defined $asked->{3};
    $plain{$_} = $asked->{$_} for grep { defined $asked->{$_} } 4, 7;
    return tuple_attribute(CTA_REPLY, $family, @{$original}[2, 1], \%plain)
        . nat_range(CTA_NAT_SOURCE, $family, $reply->[2], $answered->{3} // $answered->{4} // $answered->{7})
        . nat_range(CTA_NAT_DESTINATION, $family, $reply->[1], $answered->{2});
}

sub put_into_kernel($known, $family, $original, $given) {
    my $tuple = attribute(CTA_ORIGINAL | NESTED, $given->{ +CTA_ORIGINAL });
    my $change = $tuple . changeable($original->[0], $given);
    return 0 if $known && !ask_kernel(CT_NEW, 0, $family, $change);
    my $create = $change . reply_attributes($family, $original, $given);
    return 0 if !$known && !ask_kernel(CT_NEW, CREATE, $family, $create);
    # It is gone, or it is there with what cannot be unset.
    ask_kernel(CT_DELETE, 0, $family, $tuple);
    return ask_kernel(CT_NEW, CREATE, $family, $create);
}

sub refuse($errno) {
    $count{refused}++;
    $count{errno} = $errno;
}

sub take_set($slot, $family, $given) {
    my $original = tuple_of($family, $given->{ +CTA_ORIGINAL });
    my $key = chr($family) . $given->{ +CTA_ORIGINAL };
    my $known = defined $copies{$key};
    my $errno = put_into_kernel($known, $family, $original, $given);
    return refuse($errno) if $errno;
    $count{updates}++;
    $copies{$key} = pack 'L L', $slot, $generation;
    print {$journal} copy_record($key) unless $known;
}

sub take_delete($family, $given) {
    my $key = chr($family) . $given->{ +CTA_ORIGINAL };
    delete $copies{$key};
    my $errno = delete_from_kernel($key);
    return refuse($errno) if $errno && $errno != ENOENT;
    $count{deletes}++;
}

# The sender's slots of this member are known to the receivers of the others, so that a sweep spares what another has taken over.
sub take_begin($payload) {
    nonsense('begin of pass') if length $payload < 8 || length $payload > 8 + MOST_SLOTS / 8;
    ($pass_version, $claimed) = unpack 'Q> a*', $payload;
    $generation++;
    $pass_ended = 0;
    replace_file("$directory/claims.$sender", $payload);
    read_claims_of_others();
}

# By which version each other sender claims which slots.
sub read_claims_of_others() {
    @others = map { [unpack 'Q> a*', $_] } grep { length >= 8 } map { read_file($_) // '' } grep { !/\.new$/ && $_ ne "$directory/claims.$sender" } glob "'$directory'/claims.*";
}

# A sender that nobody told of the newer table goes on by the older one: the slot is another's by now.
sub is_overtaken($slot) { return any { $_->[0] > $pass_version && vec $_->[1], $slot, 1 } @others }

# Whatever slot its sender takes it for: it is our own if it came from that side from which it falls into one of our slots.
sub carries($family, $flow) {
    my @sides = grep { owns(slot_of($table->{rules}, $_, $flow)) } $table ? qw(inside outside) : ();
    return @sides == 2 || (@sides == 1 && side_of($family, $flow->[1]) eq $sides[0]);
}

# A change of the table is under way that gives this member connections, which it may have kept copies of: until it is told of that table, or so long that nothing
# came of the change, only what has ended goes.
sub is_taking() {
    my $written = (stat "$directory/taking")[9] // return 0;
    my ($version) = (read_file("$directory/taking") // '') =~ /^(\d+)$/ or return 0;
    return time - $written < LONGEST_CHANGE && $version > ($table ? $table->{version} : 0);
}

# A sender with a newer table may have made this member the active one: wait until the table is here, too.
sub sweep_when_due() {
    return if !$pass_ended || ($table ? $table->{version} : 0) < $pass_version || is_taking();
    $pass_ended = 0;
    read_claims_of_others();
    for my $key (keys %copies) {
        my ($slot, $seen) = unpack 'L L', $copies{$key};
        next if $seen == $generation;
        delete $copies{$key};
        next if owns($slot) || is_overtaken($slot) || (!vec($claimed, $slot, 1) && any { vec $_->[1], $slot, 1 } @others);
        next if carries(ord $key, tuple_of(ord $key, substr $key, 1));
        $count{swept}++ if !delete_from_kernel($key);
    }
}

sub take_frame($frame) {
    my ($type, $slot, $family, $payload) = unpack 'C N C a*', $frame;
    return take_begin($payload) if $type == FRAME_BEGIN;
    if ($type == FRAME_END) {
        $pass_ended = defined $pass_version;
        return sweep_when_due();
    }
    return if $type == FRAME_ALIVE;
    nonsense("type $type") unless $type == FRAME_SET || $type == FRAME_DELETE || $type == FRAME_WITHDRAW;
    nonsense("slot $slot") if $slot >= MOST_SLOTS;
    my $given = check_connection($type, $family, $payload);
    if (owns($slot) || carries($family, tuple_of($family, $given->{ +CTA_ORIGINAL }))) {
        # By a table that this member was not told of yet it may be a copy for us.
        $missed = 1 if $type == FRAME_SET && $pass_version && $pass_version > ($table ? $table->{version} : 0);
        return $count{skipped}++;
    }
    return $count{skipped}++ if (defined $pass_version && is_overtaken($slot)) || ($type == FRAME_WITHDRAW && is_taking());
    return $type == FRAME_SET ? take_set($slot, $family, $given) : take_delete($family, $given);
}

# Who hears it sends what he has for us.
sub say_ready() { syswrite STDOUT, "ready\n" }

sub ask_again_when_told() {
    return if !$missed || $table->{version} < $pass_version;
    $missed = 0;
    say_ready();
}

sub each_second_of_receiver() {
    read_interfaces() if reread_table();
    read_claims_of_others();
    sweep_when_due();
    ask_again_when_told();
}

sub take_frames($buffer) {
    while (length $$buffer >= 4) {
        my $length = unpack 'N', $$buffer;
        nonsense("length $length") if $length < 6 || $length > LONGEST_FRAME;
        last if length $$buffer < 4 + $length;
        take_frame(substr $$buffer, 4, $length);
        substr $$buffer, 0, 4 + $length, '';
    }
    $journal->flush;
}

sub copy_record($key) { return pack 'n/a* N', $key, unpack 'L', $copies{$key} }

# New copies are added as they come, so that even a receiver that is killed leaves its successor all to sweep.
sub save_copies() {
    replace_file("$directory/copies.$sender", join '', map { copy_record($_) } keys %copies);
    open $journal, '>>:raw', "$directory/copies.$sender" or die "copies: $!\n";
}

sub load_copies() {
    my $bytes = read_file("$directory/copies.$sender") // '';
    while (length $bytes >= 2 && length $bytes >= 6 + unpack 'n', $bytes) {
        (my $key, my $slot, $bytes) = unpack 'n/a* N a*', $bytes;
        $copies{$key} = pack 'L L', $slot, 0 if length $key > 1;
    }
}

sub write_received_state($last) {
    my $text = join '', 'copies ' . keys(%copies) . "\n", map { "$_ $count{$_}\n" } sort keys %count;
    return if $text eq $$last;
    $$last = $text;
    replace_file("$directory/received.$sender.state", $text . 'time ' . time . "\n");
}

# One receiver for each sender: the last one may not know yet that its connection is dead.
sub take_over() {
    my $file = "$directory/receive.$sender.lock";
    my $lock = lock_file($file, LOCK_EX | LOCK_NB);
    if (!$lock) {
        my ($holder) = (read_file($file) // '') =~ /^(\d+)$/ or die "$file: who holds it?\n";
        for my $try (1 .. 40) {
            kill $try < 20 ? 'TERM' : 'KILL', $holder;
            select undef, undef, undef, 0.1;
            last if $lock = lock_file($file, LOCK_EX | LOCK_NB);
        }
    }
    die "$file: held\n" unless $lock;
    truncate $lock, 0;
    syswrite $lock, $$;
    return $lock;
}

sub run_receiver() {
    my $lock = take_over();
    my ($buffer, $last_state, $running) = ('', '', 1);
    $SIG{TERM} = $SIG{HUP} = sub { $running = 0 };
    $SIG{PIPE} = 'IGNORE';
    $kernel = open_netlink(NETLINK_NETFILTER, 0);
    $generation = 0;
    load_copies();
    save_copies();
    say_ready();
    my ($heard, $next_second, $next_save, $next_sides) = (clock(), 0, clock() + COPIES_INTERVAL, 0);
    while ($running) {
        my $now = clock();
        if ($now >= $next_second) { each_second_of_receiver(); write_received_state(\$last_state); $next_second = $now + 1 }
        if ($now >= $next_sides) { %side_cache = (); read_interfaces() if $table; $next_sides = $now + ROUTES_INTERVAL }
        if ($now >= $next_save) { save_copies(); $next_save = $now + COPIES_INTERVAL }
        last if $now - $heard > SILENCE;
        next unless IO::Select->new(\*STDIN)->can_read(max(0, $next_second - $now));
        my $read = sysread STDIN, $buffer, 65536, length $buffer;
        next if !defined $read && $! == EINTR;
        last unless $read;
        $heard = clock();
        take_frames(\$buffer);
    }
    save_copies();
    write_received_state(\$last_state);
}

# ---- Start ----

sub print_slot($mode, $layer4, $seed, $slots, $side, $protocol, $source, $destination, $from, $to) {
    my %numbers = (tcp => 6, udp => 17, sctp => 132, icmp => 1, icmpv6 => 58);
    my $flow = [$numbers{$protocol} // $protocol, address_of($source), address_of($destination), { 2 => pack('n', $from), 3 => pack('n', $to) }];
    say slot_of({ mode => $mode, layer4 => $layer4, seed => $seed, slots => $slots }, $side, $flow);
}

my $command = shift // '';
if ($command eq 'send' && @ARGV == 1) {
    $directory = shift;
    run_sender();
} elsif ($command eq 'receive' && @ARGV == 2 && $ARGV[1] =~ /^\w[\w.-]*$/) {
    ($directory, $sender) = @ARGV;
    run_receiver();
} elsif ($command eq 'slot' && @ARGV == 10) {
    print_slot(@ARGV);
} else {
    die "usage: $0 send DIR | receive DIR SENDER | slot MODE LAYER4 SEED SLOTS SIDE PROTOCOL SOURCE DESTINATION SPORT DPORT\n";
}
