using System.Globalization;
using Maestro.Engine.Clustering.Distribution;
using Maestro.Engine.Clustering.Membership;
using Maestro.Engine.Fabrics;
using Maestro.Engine.Fabrics.Probes;
using Maestro.Engine.Fabrics.Simulation.World;
using Maestro.Engine.Hosting;
using Maestro.Engine.Model.Distribution;
using Maestro.Engine.Model.Fabric;
using Maestro.Engine.Model.Groups;
using Maestro.Engine.Operations.Plans;
using Maestro.Engine.Store;
using Maestro.Engine.Synchronisation;
using Maestro.Engine.Synchronisation.Configuration;
using Maestro.Engine.Synchronisation.Policy;
using Maestro.Simulation.Histories;
using Maestro.Simulation.Worlds;

namespace Maestro.Simulation.Workload;

/// <summary>Makes the request of an intent, from what is in the world now.</summary>
internal sealed class Wishes(History history)
{
    private LabState World => history.World.State;

    /// <summary>Null when there is nothing to want.</summary>
    public ChangeRequest? Make(Intent intent, SeededRandom random)
    {
        history.World.Life.Settle();
        switch (intent)
        {
            case Intent.NewGroup:
                return new NewGroupChange { Name = "n" + Text(random.Next(1000)), Gateways = Free(random, 1 + random.Next(3)), StageOnly = false };
            case Intent.StageOnly:
                return StageOnly(random);
            case Intent.SetGateway when Any(World.Gateways, random) is { } gateway:
                return new SetGatewaysChange { Gateways = [gateway.Id], Description = "rack " + Text(random.Next(50)) };
            case Intent.Publish:
                return World.Pending.Count == 0 ? StageOnly(random) : new PublishPendingChange { IncludeForeign = random.Next(6) == 0 };
            case Intent.UndoPending:
                return new UndoPendingChange { IncludeForeign = random.Next(6) == 0 };
            case Intent.SetPort:
                return new PortChange { Ports = [.. Some(World.Ports.Where(p => p.Type == PortType.Uplink), random, 2).Select(p => new PortSettings { PortId = p.Id, Mtu = 1500 + (random.Next(4) * 500) })] };
            default:
                return Any(World.Groups, random) is { } group ? OnGroup(intent, group, random) : null;
        }
    }

    private ChangeRequest? OnGroup(Intent intent, LabGroup group, SeededRandom random)
    {
        var members = World.MembersOf(group.Name).ToList();
        switch (intent)
        {
            case Intent.SetGroup:
                return SetGroup(group, random, stageOnly: false);
            // A world needs groups to be of use.
            case Intent.RemoveGroup when World.Groups.Count > 1 && members.Count <= 4:
                return new RemoveGroupChange { Group = group.Name };
            case Intent.AddMember when Free(random, 1 + random.Next(2)) is { Count: > 0 } gateways:
                return new AddMembersChange { Group = group.Name, Gateways = gateways, Weight = random.Next(3) == 0 ? random.Next(512) : null };
            case Intent.ReplaceMember when members.Count > 0 && Free(random, 1) is { Count: 1 } gateways:
                return new AddMembersChange { Group = group.Name, Gateways = gateways, Replace = members[random.Next(members.Count)].Member };
            case Intent.RemoveMember when members.Count > 1:
                return new RemoveMembersChange { Group = group.Name, Members = Ids(Some(members, random, 2)), Drain = Drain(random) };
            case Intent.MoveMember when members.Count > 1 && World.Groups.Where(g => g != group).ToList() is { Count: > 0 } others:
                return new MoveMembersChange { Group = group.Name, Members = Ids(Some(members, random, 2)), Destination = others[random.Next(others.Count)].Name };
            case Intent.SetMember when members.Count > 0:
                return random.Next(2) == 0
                    ? new SetMembersChange { Group = group.Name, Members = Ids(Some(members, random, 3)), Weight = Text(random.Next(512)) }
                    : new SetMembersChange { Group = group.Name, Members = Ids(Some(members, random, 3)), Description = "unit " + Text(random.Next(100)) };
            case Intent.Suspend when members.Count > 1:
                return new SuspendMembersChange { Group = group.Name, Members = Ids(Some(members, random, 3)), Drain = Drain(random), DrainTimeout = random.Next(4) == 0 ? TimeSpan.FromSeconds(random.Next(60)) : null };
            case Intent.Resume when members.Where(m => m.State is MemberState.Suspended or MemberState.Draining).ToList() is { Count: > 0 } out_:
                return new ResumeMembersChange { Group = group.Name, Members = Ids(Some(out_, random, 3)) };
            case Intent.Restart when members.Count > 0:
                return new RestartMembersChange { Group = group.Name, Members = Ids(Some(members, random, 3)) };
            case Intent.SyncPolicy:
                return Sync(group.Name, random);
            case Intent.HoldPolicy:
                var sync = Sync(group.Name, random);
                var how = random.Next(4);
                return sync with { HoldForConfirmation = how < 2, PrepareOnly = how == 2, RevertAfter = TimeSpan.FromSeconds(20 + random.Next(280)) };
            case Intent.ModePolicy:
                var partial = Sync(group.Name, random) with { Mode = random.Next(2) == 0 ? SyncMode.RequireQuorum : SyncMode.BestEffort };
                var what = random.Next(8);
                return partial with { HoldForConfirmation = what == 0, PrepareOnly = what == 1, Probes = what < 4 ? Questions(random) : [] };
            case Intent.ProbePolicy:
                return Sync(group.Name, random) with { Probes = Questions(random), RevertAfter = TimeSpan.FromSeconds(20 + random.Next(280)) };
            case Intent.SyncConfiguration:
                return Configure(group.Name, random);
            case Intent.HealConfiguration:
                if (Any(members.Where(m => m.Answers && m.Items.Count > 0).ToList(), random) is { } drifting)
                {
                    drifting.Items[drifting.Items.Keys.First()] = "by hand";
                    history.LastIncident = history.Now;
                    history.DriftedAt[drifting.Id] = history.Now;
                }

                return new SyncConfigurationChange { Group = group.Name };
            case Intent.Distribute:
                var rules = random.Next(3);
                return new SetDistributionChange
                {
                    Group = group.Name,
                    Mode = rules == 0 ? null : random.Next(2) == 0 ? DistributionMode.General : DistributionMode.AutoTopology,
                    Layer4 = rules == 1 ? random.Next(2) == 0 : null,
                    SlotCount = random.Next(4) == 0 ? 256 << random.Next(3) : null,
                };
            case Intent.Weigh when members.Count > 0:
                return new SetMembersChange { Group = group.Name, Members = Ids(Some(members, random, 2)), Weight = Text(random.Next(5) == 0 ? 0 : 1 + random.Next(32)) };
            case Intent.HealPolicy:
                return new SyncPolicyChange { Group = group.Name };
            default:
                return null;
        }
    }

    private static SyncPolicyChange Sync(string group, SeededRandom random)
    {
        var content = WorldBuilder.Policy(2 + random.Next(1000));
        return new SyncPolicyChange { Group = group, Document = new PolicyDocument { Content = content, Fingerprint = Fingerprint.Of(content), Source = "web.nft" }, ThrottleLimit = 1 + random.Next(32) };
    }

    /// <summary>One or two; one in three is answered badly.</summary>
    private static IReadOnlyList<Probe> Questions(SeededRandom random) =>
        [.. Enumerable.Range(0, 1 + random.Next(2)).Select(_ => Probe.Parse(random.Next(3) == 0 ? "exec:false" : "exec:true"))];

    private static SyncConfigurationChange Configure(string group, SeededRandom random)
    {
        var content = $$"""{ "version": 1, "sysctl": { "net.workload": "{{Text(random.Next(1000))}}" }, "hostname": "h{{Text(random.Next(5))}}", "members": { "1_2": { "sysctl": { "net.workload": null, "net.other": "1" } } } }""";
        return new SyncConfigurationChange
        {
            Group = group,
            Document = new ConfigurationDocument { Content = content, Fingerprint = Fingerprint.Of(content), Source = "gateways.json" },
            ThrottleLimit = 1 + random.Next(32),
            HoldForConfirmation = random.Next(5) == 0,
            PrepareOnly = random.Next(8) == 0,
            RevertAfter = TimeSpan.FromSeconds(20 + random.Next(280)),
        };
    }

    private ChangeRequest? StageOnly(SeededRandom random)
    {
        if (Any(World.Groups, random) is not { } group) return null;
        switch (random.Next(4))
        {
            case 0:
                return new NewGroupChange { Name = "s" + Text(random.Next(1000)), StageOnly = true };
            case 1 when Free(random, 1) is { Count: 1 } gateways:
                return new AddMembersChange { Group = group.Name, Gateways = gateways, StageOnly = true };
            case 2 when World.MembersOf(group.Name).ToList() is { Count: > 2 } members:
                return new RemoveMembersChange { Group = group.Name, Members = Ids(Some(members, random, 1)), StageOnly = true };
            default:
                return SetGroup(group, random, stageOnly: true);
        }
    }

    private static SetGroupChange SetGroup(LabGroup group, SeededRandom random, bool stageOnly) => new()
    {
        Group = group.Name,
        Description = "floor " + Text(random.Next(20)),
        CapacityCeiling = random.Next(4) == 0 ? 80 + random.Next(20) : null,
        StageOnly = stageOnly,
    };

    private List<string> Free(SeededRandom random, int count) =>
        [.. Some(World.Gateways.Where(g => g.Group.Length == 0 && g.LeavingGroup.Length == 0), random, count).Select(g => g.Id)];

    private static List<string> Ids(IEnumerable<LabGateway> members) => [.. members.Select(m => m.Member)];

    // Who steers keeps no mark of each flow, so nobody there waits for their end.
    private DrainMode Drain(SeededRandom random) => random.Next(3) == 0 && history.Steered is null ? DrainMode.Wait : DrainMode.Move;

    private static T? Any<T>(IReadOnlyList<T> from, SeededRandom random)
        where T : class => from.Count == 0 ? null : from[random.Next(from.Count)];

    /// <summary>Between one and so many of them, in their order.</summary>
    private static List<T> Some<T>(IEnumerable<T> from, SeededRandom random, int most)
    {
        var left = from.ToList();
        var count = 1 + random.Next(most);
        while (left.Count > count) left.RemoveAt(random.Next(left.Count));
        return left;
    }

    private static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);
}
