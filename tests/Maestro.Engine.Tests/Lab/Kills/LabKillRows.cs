using Maestro.Engine.Clustering.Distribution;
using Maestro.Engine.Clustering.Failover;
using Maestro.Engine.Clustering.Membership;
using Maestro.Engine.Fabrics;
using Maestro.Engine.Hosting;
using Maestro.Engine.Model.Errors;
using Maestro.Engine.Model.Groups;
using Maestro.Engine.Model.Operations;
using Maestro.Engine.Operations.Plans;
using Maestro.Engine.Operations.Running;
using Maestro.Engine.Synchronisation.Configuration;
using Maestro.Engine.Synchronisation.Policy;
using Maestro.Victim;

namespace Maestro.Engine.Tests.Lab.Kills;

/// <summary>All rows: a world with group dmz of four members, and one change of each kind in it.</summary>
internal static class LabKillRows
{
    private const string Four = "1_1 1_2 1_3 1_4";
    private const string Five = "1_1 1_2 1_3 1_4 1_5";

    public static IReadOnlyList<LabKillRow> All { get; } =
    [
        Row<NewGroupChange>("new", view => Members(view, "edge", "1_1"), async host => ["new", "edge", await FreeAsync(host)]),
        Row<AddMembersChange>("add", view => Members(view, "dmz", Five), async host => ["add", "dmz", await FreeAsync(host)]),
        Row<RemoveMembersChange>("remove", view => Members(view, "dmz", "1_1 1_2 1_3"), "remove", "dmz", "1_4"),
        Row<MoveMembersChange>("move", view => Members(view, "edge", "1_1"), async host =>
        {
            await MustAsync(host, "new", "edge");
            return ["move", "dmz", "1_4", "edge"];
        }),
        Row<RemoveGroupChange>("end", view => Assert.DoesNotContain(view.Groups, g => g.Name == "edge"), async host =>
        {
            await MustAsync(host, "new", "edge", await FreeAsync(host));
            return ["end", "edge"];
        }),
        Row<SetGroupChange>("describe", view => Assert.Equal("killed", view.Groups.Single(g => g.Name == "dmz").Description), "describe", "dmz", "killed"),
        Row<SetDistributionChange>("distribute", view => Assert.Equal("Auto, layer 4", view.Groups.Single(g => g.Name == "dmz").Distribution), "distribute", "dmz", "AutoTopology"),
        // A lab's orchestrators follow their members by themselves.
        Row<FailoverChange>("fail over", view => Assert.Equal(4, view.Members.Count(m => m is { SecurityGroup: "dmz", State: MemberState.Active })), "failover", "dmz", "1_2"),
        Row<SiteFailoverChange>("fail a site over", view => Assert.All(view.Members.Where(m => m is { SecurityGroup: "dmz", Site: 2 }), m => Assert.Equal(MemberState.Suspended, m.State)), async host =>
        {
            await MustAsync(host, "add", "dmz", (await host.ObserveAsync(pending: false, CancellationToken.None)).Gateways.First(g => g.Site == 2 && g.SecurityGroup.Length == 0).Id);
            return ["failover-site", "dmz", "2"];
        }),
        Row<SetMembersChange>("weigh", view => Assert.Equal(7, view.Members.Single(m => m.Member == "1_2").Weight), "weigh", "dmz", "1_2", "7"),
        Row<SetGatewaysChange>("label", view => Assert.Contains(view.Gateways, g => g.Description == "killed"), async host => ["label", await FreeAsync(host), "killed"]),
        Row<PortChange>("port", view => Assert.Equal(1500, view.Ports.Single(p => p.Name == "eth1-05").Mtu), "port", "eth1-05", "1500"),
        Row<PublishPendingChange>("publish", view => Members(view, "dmz", Five), async host =>
        {
            await MustAsync(host, "stage", "dmz", await FreeAsync(host));
            return ["publish"];
        }),
        Row<UndoPendingChange>("discard", view => Members(view, "dmz", Four), async host =>
        {
            await MustAsync(host, "stage", "dmz", await FreeAsync(host));
            return ["discard"];
        }),
        Row<SuspendMembersChange>("suspend", view => State(view, "1_3", MemberState.Suspended), "suspend", "dmz", "1_3"),
        Row<ResumeMembersChange>("resume", view => Members(view, "dmz", Four), async host =>
        {
            await MustAsync(host, "suspend", "dmz", "1_3");
            return ["resume", "dmz", "1_3"];
        }),
        Row<RestartMembersChange>("restart", view => Members(view, "dmz", Four), "restart", "dmz", "1_1,1_3"),
        Row<SyncPolicyChange>("sync", view => Assert.True(Assert.Single(view.Members.Select(m => m.PolicyVersion).Distinct()) > 1), host =>
        {
            var policy = Path.Combine(Path.GetDirectoryName(host.StoreLocation)!, "second.nft");
            File.WriteAllText(policy, "table inet second { }");
            return Task.FromResult<string[]>(["sync", "dmz", policy]);
        }),
        Row<SyncConfigurationChange>("configure", view => Assert.True(Assert.Single(view.Members.Select(m => m.ConfigurationFingerprint.Length > 0 ? m.ConfigurationVersion : null).Distinct()) >= 1), host =>
        {
            var configuration = Path.Combine(Path.GetDirectoryName(host.StoreLocation)!, "gateways.json");
            File.WriteAllText(configuration, """{ "version": 1, "sysctl": { "net.ipv4.ip_forward": 1 } }""");
            return Task.FromResult<string[]>(["configure", "dmz", configuration]);
        }),
        Row<UndoOperationChange>("undo what ended", view => Members(view, "dmz", Four), async host =>
        {
            await MustAsync(host, "suspend", "dmz", "1_3");
            return ["undo-operation", (await host.GetOperationsAsync(new() { Newest = 1 }))[0].Id];
        }),
        Row("undo what rests", nameof(EngineHost.UndoAsync), view => Members(view, "dmz", Four), async host => ["undo-operation", await RestingAsync(host)]),
        // Whoever comes next need not know what was asked of the dead: what was being taken back is taken back.
        Row("undo, then another change", nameof(EngineHost.UndoAsync), view => Members(view, "dmz", Four), async host => ["undo-operation", await RestingAsync(host)]) with { Next = _ => ["describe", "dmz", "next"] },
        Row("go on", nameof(EngineHost.ResumeAsync), view => Members(view, "dmz", Five), async host => ["resume-operation", await RestingAsync(host)]),
        Row("settle", nameof(EngineHost.SettleAsync), view => Members(view, "dmz", Five), async host =>
        {
            await RestingAsync(host);
            return ["settle", "dmz"];
        }),
        Row("stop", nameof(EngineHost.StopAsync), view => Assert.Single(view.Members, m => m.Member == "1_5"), async host => ["stop-operation", await RestingAsync(host)]),
        Row("pause", nameof(EngineHost.SuspendAsync), view => Members(view, "dmz", Five), async host => ["suspend-operation", "add", "dmz", await FreeAsync(host)]) with { Races = true, Next = words => words[1..] },
    ];

    private static LabKillRow Row<TChange>(string name, Action<TopologyView> expect, params string[] words)
        where TChange : ChangeRequest => Row<TChange>(name, expect, _ => Task.FromResult(words));

    private static LabKillRow Row<TChange>(string name, Action<TopologyView> expect, Func<EngineHost, Task<string[]>> prepare)
        where TChange : ChangeRequest => Row(name, typeof(TChange).Name, expect, prepare);

    private static LabKillRow Row(string name, string asks, Action<TopologyView> expect, Func<EngineHost, Task<string[]>> prepare) =>
        new() { Name = name, Asks = asks, PrepareAsync = prepare, Expect = expect };

    private static async Task<string> FreeAsync(EngineHost host) =>
        (await host.ObserveAsync(pending: false, CancellationToken.None)).Gateways.First(g => g.Site == 1 && g.SecurityGroup.Length == 0).Id;

    /// <summary>An operation that came to rest past its point of no return: a gateway is assigned and has not joined yet.</summary>
    private static async Task<string> RestingAsync(EngineHost host)
    {
        var request = Requests.Parse(["add", "dmz", await FreeAsync(host)], host);
        var rested = await (await host.StartAsync(request, new RunOptions { Timeout = TimeSpan.FromMinutes(1) })).Completion;
        Assert.Equal((OperationState.Paused, ErrorCatalogue.TimedOut), (rested.Operation!.State, rested.Failure!.Code));
        return rested.Operation.Id;
    }

    private static async Task MustAsync(EngineHost host, params string[] words) => Assert.Null((await Requests.RunAsync(words, host)).Failure);

    private static void Members(TopologyView view, string group, string members)
    {
        // A gateway on its way out is in no group any more, as far as the topology goes.
        var seen = view.Members.Where(m => m.SecurityGroup == group && m.State != MemberState.Leaving).ToList();
        Assert.Equal(members, string.Join(" ", seen.Select(m => m.Member)));
        Assert.All(seen, m => Assert.Equal(MemberState.Active, m.State));
    }

    private static void State(TopologyView view, string member, MemberState state) => Assert.Equal(state, view.Members.Single(m => m.Member == member).State);
}
