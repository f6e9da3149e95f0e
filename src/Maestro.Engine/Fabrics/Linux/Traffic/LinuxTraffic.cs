using Maestro.Engine.Clustering.Distribution;
using Maestro.Engine.Model.Errors;
using Maestro.Engine.Model.Groups;
using Maestro.Engine.Operations.Plans;

namespace Maestro.Engine.Fabrics.Linux.Traffic;

/// <summary>The distribution of Linux groups: nftables on orchestrating hosts marks each packet with its slot's member, and the mark chooses the route.</summary>
internal sealed class LinuxTraffic(ISteeredTopology topology, LinuxTables tables, TimeProvider time) : ITraffic
{
    // Waited for without a token, for a wait with one leaves the scheduler.
    private readonly SemaphoreSlim _turn = new(1, 1);

    public async Task<GroupTraffic> ObserveAsync(string securityGroup, CancellationToken cancellation)
    {
        var group = await SteeredGroup.RequireAsync(topology, tables.Inventory, securityGroup, cancellation);
        var found = await tables.FindAsync(group, cancellation);
        return new GroupTraffic { SecurityGroup = group.Name, Table = found.Table, ObservedAt = time.GetUtcNow(), OutOfStep = found.OutOfStep, Orchestrators = [.. found.Seen.Select(s => Traffic(s, found.OutOfStep))] };
    }

    public async Task<Effect> ApplyAsync(FabricCall call, string securityGroup, DistributionTable table, long expectedVersion) =>
        await FindAsync(securityGroup, call.Cancellation) is { } group ? await tables.ApplyAsync(call, group, table, expectedVersion) : NoGroup(securityGroup);

    public Task<Effect> FollowAsync(FabricCall call, string securityGroup, IReadOnlyCollection<string> lost, IReadOnlyCollection<string> notYet) => InTurnAsync(call, async () =>
    {
        List<MemberId> ids = [.. lost.Select(MemberId.Parse)];
        var view = await (ids.Count == 0 ? topology.ObserveAsync(TopologyScope.Deployed, call.Cancellation) : topology.ObserveSurvivorsAsync(call, securityGroup, ids));
        return SteeredGroup.Of(view, tables.Inventory, securityGroup) is { } group ? await tables.FollowAsync(call, group, ids, notYet: [.. notYet.Select(MemberId.Parse)]) : NoGroup(securityGroup);
    });

    public async Task<Effect> YieldAsync(FabricCall call, string securityGroup, string orchestrator) =>
        await FindAsync(securityGroup, call.Cancellation) is { } group ? await tables.YieldAsync(call, group, orchestrator) : NoGroup(securityGroup);

    /// <summary>Gives who comes its share, and then has it counted as active: in one turn, for the next one takes the slots of whoever has some and is called out.</summary>
    public Task<Effect> JoinAsync(FabricCall call, MemberRef member, Func<Effect, Task<Effect>> count) => InTurnAsync(call, async () =>
    {
        if (await FindAsync(member.SecurityGroup, call.Cancellation) is not { } group) return NoGroup(member.SecurityGroup);
        var share = await tables.FollowAsync(call, group, [], MemberId.Parse(member.Member));
        return share.Kind is EffectKind.Refused or EffectKind.Unknown ? share : await count(share);
    });

    /// <summary>Takes a member's slots from it, whatever it says of itself: a host may have lost what it was told.</summary>
    public Task<Effect> LeaveAsync(FabricCall call, MemberRef member) => InTurnAsync(call, async () =>
        await FindAsync(member.SecurityGroup, call.Cancellation) is { } group ? await tables.FollowAsync(call, group, [], leaving: MemberId.Parse(member.Member)) : NoGroup(member.SecurityGroup));

    /// <summary>Members are looked at only in one's turn: who waits with what he saw before gives back to a member what the one before him has just taken from it.</summary>
    private async Task<Effect> InTurnAsync(FabricCall call, Func<Task<Effect>> act)
    {
        await _turn.WaitAsync();
        try
        {
            call.Cancellation.ThrowIfCancellationRequested();
            return await act();
        }
        finally
        {
            _turn.Release();
        }
    }

    private async Task<SteeredGroup?> FindAsync(string securityGroup, CancellationToken cancellation) =>
        SteeredGroup.Of(await topology.ObserveAsync(TopologyScope.Deployed, cancellation), tables.Inventory, securityGroup);

    private static OrchestratorTraffic Traffic(SteeringSight seen, IReadOnlyList<string> outOfStep) => new()
    {
        Orchestrator = seen.Id,
        Answers = seen.Listing is not null,
        Fault = outOfStep.FirstOrDefault(w => w.StartsWith(seen.Id + " ", StringComparison.Ordinal))?.Substring(seen.Id.Length + 1) ?? "",
        Lack = seen.Listing?.Redundancy?.Lack(seen.Routers) ?? "",
        HasAddresses = seen.Listing?.Redundancy?.Holds(seen.Routers),
    };

    private static Effect NoGroup(string securityGroup) => Effect.Refused($"no host that answers carries a group '{securityGroup}'", ErrorCatalogue.GroupNotFound);
}
