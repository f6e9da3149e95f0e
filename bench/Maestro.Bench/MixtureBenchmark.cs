using System.Globalization;

namespace Maestro.Bench;

/// <summary>
/// How long a group judges packets by a mixture of two policies: the time from the first member that lets a datagram pass which the old policy forbade to
/// the last one, by datagrams sent through every member each 5 ms.
/// </summary>
internal static class MixtureBenchmark
{
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(5);

    public const string Header = "| gateways | rules | first to last member, median of 5 | longest |\n|---:|---:|---:|---:|";

    public static async Task<string> RunAsync(int gateways, int rules)
    {
        await using var group = await BenchGroup.StartAsync(gateways);
        var bed = group.Bed;
        var port = 1000;
        await group.SyncAsync(port, rules);
        var mixtures = new List<TimeSpan>();
        for (var run = 0; run < 5; run++)
        {
            // What is forbidden now is let through by the next policy.
            await using var beat = await bed.BeatAsync(bed.Gateways, port, Pace);
            await Task.Delay(500);
            if (bed.Gateways.Any(g => beat.Of(g.Id) is not null)) throw new InvalidOperationException("A member lets pass what its policy forbids.");
            await group.SyncAsync(++port, rules);
            await Task.Delay(200);
            var firsts = bed.Gateways.Select(g => beat.Of(g.Id)?.First ?? throw new InvalidOperationException($"{g.Id} still forbids it.")).ToList();
            mixtures.Add(firsts.Max() - firsts.Min());
        }

        mixtures.Sort();
        return string.Format(CultureInfo.InvariantCulture, "| {0} | {1} | {2:0} ms | {3:0} ms |", gateways, rules, mixtures[2].TotalMilliseconds, mixtures[^1].TotalMilliseconds);
    }
}
