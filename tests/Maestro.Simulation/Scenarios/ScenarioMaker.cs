using System.Globalization;
using Maestro.Engine.Hosting;
using Maestro.Simulation.Faults;
using Maestro.Simulation.Workload;

namespace Maestro.Simulation.Scenarios;

/// <summary>Makes a scenario of a seed. Each seed draws its own mix of wishes and faults and how many there are: a swarm finds what an average never meets.</summary>
internal static class ScenarioMaker
{
    public const int LargestGroup = 52;

    public static Scenario Make(int seed, TimeSpan length, IReadOnlyList<string>? focus = null)
    {
        if (focus?.Contains(ClusteringMaker.Focus) == true) return ClusteringMaker.Make(seed, length, [.. focus.Where(f => f != ClusteringMaker.Focus)]);
        var root = new SeededRandom((ulong)(uint)seed);
        var entries = new List<ScenarioEntry>();
        var wishes = root.Stream("wishes");
        Fill(entries, EntryKind.Do, Mix(wishes, [.. Enum.GetNames<Intent>().Except(OfModes).Except(OfConfiguration).Except(ClusteringMaker.Wishes)], never: 0.25, focus ?? []), wishes, length, secondsBetween: 8 + wishes.Next(32));
        // With streams of their own, here and below, for what a seed drew before there were these must stay.
        var modes = root.Stream("modes");
        if ((focus is not { Count: > 0 } || OfModes.Any(focus.Contains)) && modes.Next(2) == 0) Fill(entries, EntryKind.Do, Mix(modes, OfModes, never: 0.25, focus ?? []), modes, length, secondsBetween: 30 + modes.Next(200));
        var faults = root.Stream("faults");
        // One seed in eight is a good day.
        var isGoodDay = faults.Next(8) == 0;
        if (!isGoodDay) Fill(entries, EntryKind.Fault, Mix(faults, [.. Enum.GetNames<FaultKind>().Except(OfNetwork).Except(OfTasks).Except(ClusteringMaker.Faults)], never: 0.6, focus ?? []), faults, length, secondsBetween: 8 + faults.Next(72));
        var network = root.Stream("network");
        var wanted = focus is not { Count: > 0 } || OfNetwork.Any(focus.Contains);
        if (!isGoodDay && wanted && network.Next(2) == 0) Fill(entries, EntryKind.Fault, Mix(network, OfNetwork, never: 0.5, focus ?? []), network, length, secondsBetween: 20 + network.Next(160));
        var tasks = root.Stream("tasks");
        if (!isGoodDay && (focus is not { Count: > 0 } || OfTasks.Any(focus.Contains)) && tasks.Next(2) == 0) Fill(entries, EntryKind.Fault, Mix(tasks, OfTasks, never: 0, focus ?? []), tasks, length, secondsBetween: 60 + tasks.Next(400));
        var configurations = root.Stream("configurations");
        if (focus is { Count: > 0 } ? OfConfiguration.Any(focus.Contains) : configurations.Next(3) == 0) Fill(entries, EntryKind.Do, Mix(configurations, OfConfiguration, never: 0, focus ?? []), configurations, length, secondsBetween: 20 + configurations.Next(160));
        return new Scenario
        {
            Seed = seed,
            Length = length,
            Shape = Shape(root.Stream("shape")),
            Entries = [.. entries.OrderBy(e => e.At).ThenBy(e => e.Salt)],
        };
    }

    private static WorldShape Shape(SeededRandom random)
    {
        var sites = 1 + random.Next(2);
        var groups = 1 + random.Next(4);
        var sizes = Enumerable.Range(0, groups).Select(_ => 2 + random.Next(random.Next(3) == 0 ? 11 : 5)).ToList();
        // One world in six has a group as large as they come.
        if (random.Next(6) == 0) sizes = [LargestGroup - random.Next(12), .. sizes.Skip(1).Take(1)];
        var machines = random.Next(3) == 0 ? 2 : 1;
        var disk = random.Next(24) switch
        {
            0 => DiskKind.Lying,
            < 5 => DiskKind.Honest,
            _ => DiskKind.None,
        };
        return new WorldShape
        {
            Disk = disk,
            Sites = sites,
            GroupSizes = sizes,
            Spares = 1 + random.Next(4),
            Machines = machines,
            Controllers = machines + random.Next(3),
        };
    }

    private static readonly string[] OfModes = [nameof(Intent.ModePolicy), nameof(Intent.ProbePolicy)];
    private static readonly string[] OfConfiguration = [nameof(Intent.SyncConfiguration), nameof(Intent.HealConfiguration)];

    private static readonly string[] OfNetwork =
    [
        nameof(FaultKind.RequestsDoNotArrive), nameof(FaultKind.AnswersDoNotArrive), nameof(FaultKind.BurstyLoss), nameof(FaultKind.Reorder), nameof(FaultKind.ServerError), nameof(FaultKind.SessionExpires),
    ];

    private static readonly string[] OfTasks = [nameof(FaultKind.TaskFails)];

    // Publishing needs something staged, resuming something suspended.
    private static readonly string[] Often = [nameof(Intent.StageOnly), nameof(Intent.Publish), nameof(Intent.Suspend), nameof(Intent.Resume)];

    internal static List<(string Name, double Weight)> Mix(SeededRandom random, IReadOnlyList<string> names, double never, IReadOnlyList<string> focus)
    {
        if (names.Any(focus.Contains)) (names, never) = ([.. names.Where(focus.Contains)], 0);
        var mix = names.Select(n => (Name: n, Out: random.NextDouble() < never, Weight: (Often.Contains(n) ? 3 : 1) * (0.2 + random.NextDouble()))).ToList();
        var some = mix.Where(m => !m.Out).Select(m => (m.Name, m.Weight)).ToList();
        return some.Count > 0 ? some : [.. mix.Select(m => (m.Name, m.Weight))];
    }

    internal static void Fill(List<ScenarioEntry> entries, EntryKind kind, List<(string Name, double Weight)> mix, SeededRandom random, TimeSpan length, int secondsBetween)
    {
        var all = mix.Sum(m => m.Weight);
        var at = TimeSpan.Zero;
        while (true)
        {
            at += TimeSpan.FromMilliseconds(1 + Math.Floor(-Math.Log(1 - random.NextDouble()) * secondsBetween * 1000));
            var pick = random.NextDouble() * all;
            var salt = (int)(random.NextUInt64() & 0x7FFFFFFF);
            if (at >= length) return;
            var what = mix[^1].Name;
            foreach (var (name, weight) in mix)
            {
                pick -= weight;
                if (pick >= 0) continue;
                what = name;
                break;
            }

            entries.Add(new ScenarioEntry(at, kind, what, salt));
        }
    }

    public static string Text(TimeSpan time) => time.ToString(@"hh\:mm\:ss\.fff", CultureInfo.InvariantCulture);
}
