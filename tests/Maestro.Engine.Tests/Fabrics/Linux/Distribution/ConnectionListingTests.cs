using System.Net;
using Maestro.Engine.Clustering.Distribution;
using Maestro.Engine.Fabrics.Linux.Ssh;
using Maestro.Engine.Fabrics.Linux.Traffic;

namespace Maestro.Engine.Tests.Fabrics.Linux.Distribution;

/// <summary>What conntrack 1.4.7 prints, as it was recorded.</summary>
public sealed class ConnectionListingTests
{
    private const string Answer = """
        @section own
        1: lo    inet 127.0.0.1/8 scope host lo\       valid_lft forever preferred_lft forever
        2: eth0    inet 10.0.0.7/24 scope global eth0\       valid_lft forever preferred_lft forever
        2: eth0    inet6 fd00::7/64 scope global \       valid_lft forever preferred_lft forever
        @section marked
        ipv4     2 udp      17 39 src=10.1.0.1 dst=10.2.0.1 sport=1000 dport=53 [UNREPLIED] src=10.2.0.1 dst=10.1.0.1 sport=53 dport=1000 mark=7 use=1
        @section entries
        -A -t 39 -u UNSET -s 10.1.0.1 -d 10.2.0.1 -r 10.2.0.1 -q 10.1.0.1 -p icmp --icmp-type 8 --icmp-code 0 --icmp-id 77
        -A -t 39 -u UNSET -s 10.1.0.1 -d 10.2.0.1 -r 10.2.0.1 -q 10.1.0.1 -p udp --sport 1000 --dport 53 --reply-port-src 53 --reply-port-dst 1000
        -A -t 399 -u SEEN_REPLY,ASSURED -s 10.1.0.1 -d 10.2.0.1 -r 10.2.0.1 -q 10.1.0.1 -p tcp --sport 1000 --dport 80 --reply-port-src 80 --reply-port-dst 1000 --state ESTABLISHED
        -A -t 119 -u UNSET -s 10.1.0.1 -d 10.2.0.1 -r 10.2.0.1 -q 10.1.0.1 -p tcp --sport 1001 --dport 80 --reply-port-src 80 --reply-port-dst 1001 --state SYN_SENT
        -A -t 431999 -u SEEN_REPLY,ASSURED -s 10.0.0.1 -d 10.0.0.7 -r 10.0.0.7 -q 10.0.0.1 -p tcp --sport 4000 --dport 22 --reply-port-src 22 --reply-port-dst 4000 --state ESTABLISHED
        -A -t 399 -u SEEN_REPLY,ASSURED -s 10.0.0.7 -d 10.0.0.9 -r 10.0.0.9 -q 10.0.0.7 -p tcp --sport 4001 --dport 53 --reply-port-src 53 --reply-port-dst 4001 --state ESTABLISHED
        -A -t 399 -u SEEN_REPLY,ASSURED -s 10.1.0.5 -d 10.0.0.7 -g 10.2.0.1 -q 10.1.0.5 -p tcp --sport 4002 --dport 80 --reply-port-src 80 --reply-port-dst 4002 --state ESTABLISHED
        -A -t 39 -u UNSET -s fd00::1 -d fd00::2 -r fd00::2 -q fd00::1 -p icmpv6 --icmpv6-type 128 --icmpv6-code 0 --icmpv6-id 77
        conntrack v1.4.7 (conntrack-tools): 8 flow entries have been shown.
        @outcome done
        """;

    private static readonly IReadOnlyDictionary<string, KnownConnection> Known = ConnectionListing.Read(new ScriptAnswer(ScriptOutcome.Answered, 0, Answer));

    [Fact]
    public void Connections_through_the_host_are_told_and_its_own_are_not()
    {
        Assert.Equal(
            ["icmp 10.1.0.1 10.2.0.1 8 0 77", "icmpv6 fd00::1 fd00::2 128 0 77", "tcp 10.1.0.1 10.2.0.1 1000 80", "tcp 10.1.0.1 10.2.0.1 1001 80", "tcp 10.1.0.5 10.0.0.7 4002 80", "udp 10.1.0.1 10.2.0.1 1000 53"],
            Known.Keys.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_connections_flow_is_that_of_its_first_packet()
    {
        var known = Known["tcp 10.1.0.1 10.2.0.1 1000 80"];
        Assert.Equal(new Flow(IPAddress.Parse("10.1.0.1"), IPAddress.Parse("10.2.0.1"), Flow.Tcp, 1000, 80), known.Flow);
        Assert.False(Known["icmp 10.1.0.1 10.2.0.1 8 0 77"].Flow.HasPorts);
        Assert.Equal(IPAddress.Parse("10.2.0.1"), Known["tcp 10.1.0.5 10.0.0.7 4002 80"].Answers);
    }

    [Fact]
    public void A_mark_that_the_saved_form_leaves_out_travels_along()
    {
        Assert.EndsWith(" --reply-port-dst 1000 -m 7", Known["udp 10.1.0.1 10.2.0.1 1000 53"].Line);
        Assert.EndsWith(" --state ESTABLISHED", Known["tcp 10.1.0.1 10.2.0.1 1000 80"].Line);
    }

    [Fact]
    public void What_may_be_gone_in_a_minute_or_is_only_opening_need_not_be_found_again()
    {
        Assert.Equal((true, false), (Known["tcp 10.1.0.1 10.2.0.1 1000 80"].MustBeThere, Known["tcp 10.1.0.1 10.2.0.1 1000 80"].IsOpening));
        Assert.Equal((false, true), (Known["tcp 10.1.0.1 10.2.0.1 1001 80"].MustBeThere, Known["tcp 10.1.0.1 10.2.0.1 1001 80"].IsOpening));
        Assert.False(Known["udp 10.1.0.1 10.2.0.1 1000 53"].MustBeThere);
    }

    [Theory]
    [InlineData("")]
    [InlineData("-A")]
    [InlineData("-A -t 3 -s 10.1.0.1 -p tcp")]
    [InlineData("-A -t 3 -s here -d 10.1.0.1 -p tcp")]
    [InlineData("conntrack v1.4.7 (conntrack-tools): 8 flow entries have been shown.")]
    public void What_makes_no_sense_is_no_connection(string line) => Assert.Null(KnownConnection.Read(line));
}
