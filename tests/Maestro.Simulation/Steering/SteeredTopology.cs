using Maestro.Engine.Fabrics;
using Maestro.Engine.Fabrics.Linux;
using Maestro.Engine.Fabrics.Linux.Traffic;
using Maestro.Engine.Fabrics.Simulation.World;
using Maestro.Engine.Model.Fabric;
using Maestro.Engine.Model.Groups;
using Maestro.Simulation.Controllers;

namespace Maestro.Simulation.Steering;

/// <summary>The groups of simulated hosts, as one controller sees and edits them: whom it does not reach is lost to it, and what it applies is steered first.</summary>
internal sealed class SteeredTopology(HostCalls hosts, ControllerCalls calls, ITopology inner) : ISteeredTopology
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    /// <summary>Set once: the tables ask the topology, and the topology has them follow its edits.</summary>
    public LinuxTables? Tables { get; set; }

    public async Task<TopologyView> ObserveAsync(TopologyScope scope, CancellationToken cancellation)
    {
        var view = WithOwn(await calls.LookAsync(() => inner.ObserveAsync(scope, cancellation)));
        var name = hosts.Process.Name;
        var unreached = hosts.World.Hosts.Select(h => h.Id).Where(id => scope.Unasked.Contains(id) || hosts.History.Network.LosesRequest(name, id) is not null || hosts.History.Network.LosesAnswer(name, id) is not null).ToHashSet(StringComparer.Ordinal);
        if (hosts.World.Hosts.Any(h => !scope.Unasked.Contains(h.Id) && (!h.Gateway.Answers || unreached.Contains(h.Id))))
        {
            await hosts.History.DelayAsync(scope.Patience ?? Patience);
            await hosts.Process.PassAsync();
        }

        foreach (var id in unreached) hosts.World.Missed(hosts.World.Host(id), hosts.Process);
        return unreached.Count == 0 ? view : view with { Members = [.. view.Members.Select(m => unreached.Contains(m.Gateway) ? Silent(m) : m)], Gateways = [.. view.Gateways.Select(g => unreached.Contains(g.Id) ? g with { State = GatewayState.Unreachable, Reason = "no answer" } : g)] };
    }

    public Task<TopologyView> ObserveSurvivorsAsync(FabricCall call, string securityGroup, IReadOnlyCollection<MemberId> lost) =>
        ObserveAsync(TopologyScope.Hurried(hosts.World.Hosts.Where(h => h.Gateway.Group == securityGroup && h.Member is { } id && lost.Contains(id)).Select(h => h.Id), call.Attempt), call.Cancellation);

    public Task<IReadOnlyList<PendingChange>> ObservePendingAsync(CancellationToken cancellation) => calls.LookAsync(() => inner.ObservePendingAsync(cancellation));

    public Task<Effect> StageAsync(FabricCall call, IReadOnlyList<TopologyEdit> edits) => calls.SendAsync(call, "stage topology", Network, c => inner.StageAsync(c, edits));

    public Task<Effect> DiscardAsync(FabricCall call, string? operationId) => calls.SendAsync(call, "discard", Network, c => inner.DiscardAsync(c, operationId));

    public Task<Effect> SetPortAsync(FabricCall call, PortSettings settings) => throw new NotSupportedException("No port of such a history is set.");

    public async Task<Effect> ApplyAsync(FabricCall call)
    {
        var was = await ObserveAsync(TopologyScope.Deployed, call.Cancellation);
        var becomes = await ObserveAsync(TopologyScope.PendingView, call.Cancellation);
        var edits = await calls.LookAsync(() => Task.FromResult(hosts.History.World.State.Pending.Select(p => p.Edit).ToList()));
        var steered = await Tables!.FollowEditsAsync(call, edits, was, becomes);
        if (steered.Kind is EffectKind.Refused or EffectKind.Unknown) return steered;
        return await calls.SendAsync(call, "apply", Network, async c =>
        {
            var members = hosts.World.Hosts.Select(h => h.Gateway.Group).ToList();
            var effect = await inner.ApplyAsync(c);
            for (var i = 0; i < members.Count; i++) Settle(hosts.World.Hosts[i], members[i]);
            return effect;
        });
    }

    private const string Network = Faults.Network.Orchestrators;

    /// <summary>A host joins as one that is to be brought its policy, and leaves at once, with nothing of what it knew.</summary>
    private void Settle(SteeredHost host, string was)
    {
        var gateway = host.Gateway;
        if (gateway.Group == was) return;
        hosts.World.Disturb();
        hosts.World.LoseKernel(host);
        (host.Told, host.Peers) = (null, []);
        if (gateway.State == MemberState.Joining)
        {
            hosts.History.World.Life.Stop(gateway, MemberState.Joining);
            return;
        }

        foreach (var transition in gateway.Transitions) transition.Due = hosts.History.Now;
    }

    /// <summary>Linux groups have what most of their members that answer would load; the lab's have their SMO Master's.</summary>
    private TopologyView WithOwn(TopologyView view) => view with
    {
        Groups =
        [
            .. view.Groups.Select(group =>
            {
                var answering = hosts.World.Hosts.Where(h => h.Gateway.Group == group.Name && h.Gateway.Answers).Select(h => h.Gateway).ToList();
                var (policy, configuration) = (MostCommon(answering.Select(g => g.Policy.Confirmed)), MostCommon(answering.Select(g => g.Configuration.Confirmed)));
                return group with { PolicyVersion = policy?.Number, PolicyFingerprint = policy?.Fingerprint ?? "", ConfigurationVersion = configuration?.Number, ConfigurationFingerprint = configuration?.Fingerprint ?? "" };
            }),
        ],
    };

    private static (int Number, string Fingerprint)? MostCommon(IEnumerable<LabGeneration?> confirmed) => LinuxViews.MostCommon(confirmed.Select(c => c is null ? null : ((int, string)?)(c.Number, c.Fingerprint)));

    private static GroupMember Silent(GroupMember member) => member with { State = MemberState.Lost, Reason = "no answer", LoadPercent = null, ConnectionCount = null, RawState = "LOST" };
}
