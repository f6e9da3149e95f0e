using System.Globalization;
using System.Net;
using Maestro.Testbeds;
using Maestro.Testbeds.Traffic;
using Xunit.Abstractions;

namespace Maestro.Engine.Tests.Fabrics.Linux.Distribution;

/// <summary>A hundred translated flows: TCP and UDP, a half of each from outside to the published address, the other from inside to the outside.</summary>
internal sealed class NatTraffic : IAsyncDisposable
{
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private NatTraffic(OrchestratedConnections inboundTcp, OrchestratedConnections outboundTcp, OrchestratedTraffic inboundUdp, OrchestratedTraffic outboundUdp) =>
        (Tcp, _inboundUdp, _outboundUdp) = ([inboundTcp, outboundTcp], inboundUdp, outboundUdp);

    private readonly OrchestratedTraffic _inboundUdp;
    private readonly OrchestratedTraffic _outboundUdp;

    public OrchestratedConnections[] Tcp { get; }

    public static IReadOnlyList<TestbedFlow> InboundTcp { get; } = NatBed.Inbound(25, server: 3, firstPort: 21000);

    public static IReadOnlyList<TestbedFlow> OutboundTcp { get; } = NatBed.Outbound(25, firstPort: 22000);

    public static async Task<NatTraffic> StartAsync(Testbed bed)
    {
        var inbound = await bed.StartConnectionsAsync(InboundTcp, Pace);
        return new NatTraffic(
            inbound,
            await bed.StartConnectionsAsync(OutboundTcp, Pace, isOutbound: true),
            bed.StartTraffic(NatBed.Inbound(25, server: 4, firstPort: 23000), Pace),
            bed.StartTraffic(NatBed.Outbound(25, firstPort: 24000), Pace, isOutbound: true));
    }

    public string Words => string.Create(CultureInfo.InvariantCulture, $"{Tcp.Sum(t => t.Results.Count(r => r.Fault.Length > 0))} of {Tcp.Sum(t => t.Results.Count)} connections broken, worst gap so far {Tcp.Max(t => t.Results.Max(r => r.WorstGap)).TotalMilliseconds:0} ms");

    /// <summary>Every connection lives with all its numbers, and every outgoing flow had one address and port from its beginning to its end.</summary>
    /// <param name="output">Told the figures.</param>
    /// <param name="mayLose">Datagrams that may be lost, in all; connections lose nothing in any case.</param>
    public async Task ExpectAllAsync(ITestOutputHelper output, int mayLose = 0)
    {
        var inbound = await Tcp[0].StopAsync(Patience);
        var outbound = await Tcp[1].StopAsync(Patience);
        // What was lost does not come however long it is waited for.
        var patience = mayLose == 0 ? Patience : TimeSpan.FromSeconds(2);
        var inboundUdp = await _inboundUdp.StopAsync(patience);
        var outboundUdp = await _outboundUdp.StopAsync(patience);
        var datagrams = inboundUdp.Concat(outboundUdp).ToList();
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Words}; {inbound.Concat(outbound).Sum(r => r.Sent)} numbers, {datagrams.Sum(r => r.Sent)} datagrams, of which {datagrams.Sum(r => r.Sent - r.Received)} did not come and {datagrams.Sum(r => r.Received - r.Answered)} had no answer"));
        Assert.All(inbound.Concat(outbound), r => Assert.True(r.Lives, r.ToString()));
        Assert.All(outbound, r => Assert.True(NatBed.IsHiddenBehindGroup(r.Flow, [r.SeenFrom]), r.ToString()));
        Assert.All(outboundUdp, r => Assert.True(NatBed.IsHiddenBehindGroup(r.Flow, r.SeenFrom), $"{r}: {string.Join(", ", r.SeenFrom)}"));
        Assert.All(inboundUdp, r => Assert.Equal([new IPEndPoint(r.Flow.Client, r.Flow.ClientPort)], r.SeenFrom));
        Assert.InRange(datagrams.Sum(r => r.Sent - r.Answered), 0, mayLose);
        Assert.True(inbound.Concat(outbound).Sum(r => r.Sent) > 1000);
        Assert.True(datagrams.Sum(r => r.Sent) > 1000);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var tcp in Tcp) await tcp.DisposeAsync();
        await _inboundUdp.DisposeAsync();
        await _outboundUdp.DisposeAsync();
    }
}
