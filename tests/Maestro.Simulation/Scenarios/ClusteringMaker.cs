using Maestro.Engine.Hosting;
using Maestro.Simulation.Faults;
using Maestro.Simulation.Workload;

namespace Maestro.Simulation.Scenarios;

/// <summary>Makes a scenario of a group that controllers steer and watch: weights, rules, who comes and goes, and all that breaks meanwhile.</summary>
internal static class ClusteringMaker
{
    /// <summary>How such histories are asked for.</summary>
    public const string Focus = "clustering";

    /// <summary>What is wished in no other history.</summary>
    public static readonly string[] Wishes = [nameof(Intent.Distribute), nameof(Intent.Weigh)];

    /// <summary>What befalls no other.</summary>
    public static readonly string[] Faults =
    [
        nameof(FaultKind.MemberPowerOff), nameof(FaultKind.GroupPowerOff), nameof(FaultKind.OrchestratorDown), nameof(FaultKind.LinkCut), nameof(FaultKind.ProbeBursts), nameof(FaultKind.ControllerDies), nameof(FaultKind.ControllerStands),
    ];

    private static readonly string[] AllWishes =
    [
        .. Wishes, nameof(Intent.AddMember), nameof(Intent.RemoveMember), nameof(Intent.Suspend), nameof(Intent.Resume), nameof(Intent.Restart), nameof(Intent.ModePolicy), nameof(Intent.SyncPolicy), nameof(Intent.Look), nameof(Intent.StopOperation), nameof(Intent.PauseOperation), nameof(Intent.ResumeOperation),
    ];

    private static readonly string[] AllFaults =
    [
        .. Faults, nameof(FaultKind.MemberHang), nameof(FaultKind.MemberFlaps), nameof(FaultKind.KillBeforeCall), nameof(FaultKind.KillAfterCall), nameof(FaultKind.KillBeforeStore), nameof(FaultKind.PauseAtCall), nameof(FaultKind.PauseAtStore),
        nameof(FaultKind.LoseRequest), nameof(FaultKind.LoseAnswer), nameof(FaultKind.Duplicate), nameof(FaultKind.Delay), nameof(FaultKind.RefuseOnce), nameof(FaultKind.Lie), nameof(FaultKind.BreakBefore), nameof(FaultKind.BreakAfter), nameof(FaultKind.DiskFull), nameof(FaultKind.BurstyLoss), nameof(FaultKind.RequestsDoNotArrive),
    ];

    // Three power losses make more than thirty pauses.
    private static readonly string[] Often = [nameof(FaultKind.MemberPowerOff), nameof(Intent.Weigh), nameof(Intent.Resume)];

    public static Scenario Make(int seed, TimeSpan length, IReadOnlyList<string> focus)
    {
        var root = new SeededRandom((ulong)(uint)seed).Stream(Focus);
        var entries = new List<ScenarioEntry>();
        var wishes = root.Stream("wishes");
        ScenarioMaker.Fill(entries, EntryKind.Do, Mix(wishes, AllWishes, 0.25, focus), wishes, length, secondsBetween: 15 + wishes.Next(100));
        var faults = root.Stream("faults");
        if (faults.Next(8) > 0) ScenarioMaker.Fill(entries, EntryKind.Fault, Mix(faults, AllFaults, 0.5, focus), faults, length, secondsBetween: 20 + faults.Next(160));
        return new Scenario
        {
            Seed = seed,
            Length = length,
            Shape = Shape(root.Stream("shape")),
            Entries = [.. entries.OrderBy(e => e.At).ThenBy(e => e.Salt)],
        };
    }

    private static List<(string Name, double Weight)> Mix(SeededRandom random, string[] names, double never, IReadOnlyList<string> focus) =>
        [.. ScenarioMaker.Mix(random, names, never, focus).Select(m => (m.Name, Often.Contains(m.Name) ? 3 * m.Weight : m.Weight))];

    private static WorldShape Shape(SeededRandom random)
    {
        var machines = random.Next(4) == 0 ? 2 : 1;
        var watches = 1 + random.Next(2);
        return new WorldShape
        {
            Disk = DiskKind.None,
            Sites = random.Next(3) == 0 ? 2 : 1,
            GroupSizes = [.. Enumerable.Range(0, random.Next(4) == 0 ? 2 : 1).Select(_ => 2 + random.Next(6))],
            Spares = 1 + random.Next(2),
            Machines = machines,
            Controllers = Math.Max(machines, watches) + random.Next(2),
            Watches = watches,
        };
    }
}
