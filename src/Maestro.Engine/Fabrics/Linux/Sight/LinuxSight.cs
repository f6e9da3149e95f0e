using System.Globalization;
using Maestro.Engine.Fabrics.Linux.Inventory;
using Maestro.Engine.Fabrics.Linux.Ssh;
using Maestro.Engine.Operations.Plans;

namespace Maestro.Engine.Fabrics.Linux.Sight;

/// <summary>
/// Who observes Linux members: this controller, to whom each member says over SSH that it lives, and each orchestrating host, which sends ICMP echoes over the
/// devices that traffic takes. Nothing but a loop of perl runs there, and only while somebody listens.
/// </summary>
internal sealed class LinuxSight(InventoryFile inventory, IGatewayFeed feed, TimeProvider time) : IMemberSight
{
    public const string Here = "this controller";

    // A heartbeat that is silent for so long is begun anew: the connection may be dead, and nobody who only listens would ever know.
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(3);

    public IReadOnlyList<string> Observers => [Here, .. Orchestrators.Select(o => o.Host.Id)];

    private IEnumerable<InventoryOrchestrator> Orchestrators => inventory.Orchestrators.Where(o => o.Steers);

    public IDisposable Begin(IReadOnlyList<MemberRef> members, TimeSpan interval, Action<MemberSighting> report)
    {
        var gateways = members.Select(m => inventory.Gateways.FirstOrDefault(g => g.Host.Id == m.Gateway)).ToList();
        var running = new Running();
        var heard = new int[members.Count];
        // Twice a round: of two clocks that go side by side now one is ahead, now the other.
        for (var i = 0; i < gateways.Count; i++)
        {
            var index = i;
            if (gateways[i] is { } gateway) running.Add(feed.Listen(gateway.Host, GatewayScripts.Heartbeat(TimeSpan.FromTicks(interval.Ticks / 2)), Silence, _ => Interlocked.Increment(ref heard[index])));
        }

        var addresses = gateways.Select(g => g is null ? [] : AddressesOf(g)).ToList();
        foreach (var orchestrator in Orchestrators)
        {
            var name = orchestrator.Host.Id;
            running.Add(feed.Listen(orchestrator.Host, GatewayScripts.Echo(interval, addresses.Select(a => string.Join(",", a))), Silence, line =>
            {
                if (Read(name, line, members.Count) is { } round) report(round);
            }));
        }

        _ = HearAsync(heard, interval, report, running.End);
        return running;
    }

    /// <summary>One address of a gateway on either side: both ways must be open.</summary>
    internal static IReadOnlyList<string> AddressesOf(InventoryGateway gateway) =>
    [
        .. gateway.Downlinks.Where(d => d.Address.Length > 0).GroupBy(d => d.Side)
            .Select(side => side.Select(d => d.Address.Split('/')[0]).OrderBy(a => a.Contains(':')).First()).OrderBy(a => a, StringComparer.Ordinal),
    ];

    /// <returns>Null where the line is none of ours.</returns>
    internal static MemberSighting? Read(string observer, string line, int members)
    {
        var words = line.Split(' ');
        if (words.Length != 2 || words[1].Length != members || !int.TryParse(words[0], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var late)) return null;
        return new MemberSighting(observer, TimeSpan.FromMilliseconds(late), [.. words[1].Select(c => c == '1')]);
    }

    /// <summary>The rounds of this controller: who has said anything since the last.</summary>
    private async Task HearAsync(int[] heard, TimeSpan interval, Action<MemberSighting> report, CancellationToken end)
    {
        var began = time.GetTimestamp();
        var due = TimeSpan.Zero;
        while (true)
        {
            due += interval;
            var left = due - time.GetElapsedTime(began);
            if (left > TimeSpan.Zero) await Task.WhenAny(time.Delay(left, end));
            if (end.IsCancellationRequested) return;
            var late = time.GetElapsedTime(began) - due;
            // Rounds that were missed are not made up for.
            if (late > interval) due += late;
            report(new MemberSighting(Here, late > TimeSpan.Zero ? late : TimeSpan.Zero, [.. heard.Select((_, i) => Interlocked.Exchange(ref heard[i], 0) > 0)]));
        }
    }

    private sealed class Running : IDisposable
    {
        private readonly List<IDisposable> _feeds = [];
        private readonly CancellationTokenSource _end = new();

        public CancellationToken End => _end.Token;

        public void Add(IDisposable feed) => _feeds.Add(feed);

        public void Dispose()
        {
            _end.Cancel();
            foreach (var feed in _feeds) feed.Dispose();
        }
    }
}
