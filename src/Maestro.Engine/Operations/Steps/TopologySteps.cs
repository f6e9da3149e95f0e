using Maestro.Engine.Clustering.Membership;
using Maestro.Engine.Fabrics;
using Maestro.Engine.Model.Errors;
using Maestro.Engine.Model.Groups;
using Maestro.Engine.Operations.Journal;
using Maestro.Engine.Operations.Plans;
using Maestro.Engine.Operations.Running;
using Names = Maestro.Engine.Operations.Steps.StepArgumentNames;

namespace Maestro.Engine.Operations.Steps;

/// <summary>Puts edits into the pending topology.</summary>
internal sealed class StageTopologyStep : IStepHandler
{
    public string Kind => StepKinds.TopologyStage;

    public int Version => 1;

    public StepLimits Limits { get; } = new();

    public bool LooksFirst => true;

    public async Task<Sight> LookAsync(StepContext context)
    {
        var edits = PlanSerializer.EditsFromJson(context.Step.Arguments[Names.Edits]);
        var pending = await context.Fabric.Topology.ObserveAsync(TopologyScope.PendingView, context.Call.Cancellation);
        var missing = edits.FirstOrDefault(e => !TopologyEdits.IsSeen(e, pending));
        return missing is null ? Sight.Yes($"{edits.Count} edits are pending or deployed") : Sight.No($"not pending: {TopologyEdits.Describe(missing)}");
    }

    public async Task<Effect> ActAsync(StepContext context)
    {
        var edits = PlanSerializer.EditsFromJson(context.Step.Arguments[Names.Edits]);
        // A run that was at rest, or whose owner died, was planned before others staged what they have pending now.
        foreach (var pending in await context.Fabric.Topology.ObservePendingAsync(context.Call.Cancellation))
        {
            if (edits.FirstOrDefault(e => TopologyEdits.Touches(e, pending)) is not { } edit || await IsOursAsync(context, pending)) continue;
            var who = pending.StagedBy.Length > 0 ? pending.StagedBy : "somebody else";
            return Effect.Refused($"{who} has a pending change of the same thing: {TopologyEdits.Describe(edit)}", ErrorCatalogue.PendingConflict);
        }

        return await FindTakenAsync(context, edits) ?? await context.Fabric.Topology.StageAsync(context.Call, edits);
    }

    /// <summary>A run that goes on does not take a gateway from a group that it joined since, whose traffic nobody would hand over and whose lease it does not have.</summary>
    public static async Task<Effect?> FindTakenAsync(StepContext context, IReadOnlyList<TopologyEdit> edits)
    {
        if (edits.All(e => e.Kind != TopologyEditKind.AssignGateway)) return null;
        return TopologyEdits.FindTaken(edits, await context.Topology.ObserveAsync()) is { } taken
            ? Effect.Refused($"gateway {taken.Id} is member {taken.Member} of '{taken.SecurityGroup}' by now and stays there", ErrorCatalogue.GatewayInUse)
            : null;
    }

    private static async Task<bool> IsOursAsync(StepContext context, PendingChange pending)
    {
        if (pending.Operation == context.OperationId) return true;
        return pending.Operation.Length > 0 && (await context.Store.FindOperationsAsync(new OperationQuery { IdPrefix = pending.Operation, Newest = 1 })).Any(o => o.Id == pending.Operation);
    }
}

/// <summary>A step that ends with its edits deployed.</summary>
internal abstract class DeployTopologyStep(string kind, string deployedWords, string missingWords) : IStepHandler
{
    public string Kind => kind;

    public int Version => 1;

    public StepLimits Limits { get; } = new() { CallTimeout = TimeSpan.FromMinutes(2), SettleTimeout = TimeSpan.FromMinutes(5), MovesTraffic = true };

    public bool LooksFirst => true;

    public async Task<Sight> LookAsync(StepContext context)
    {
        var deployed = await context.Topology.ObserveAsync();
        var missing = (await EditsAsync(context)).FirstOrDefault(e => !TopologyEdits.IsSeen(e, deployed));
        if (missing is not null) return Sight.No($"{missingWords}: {TopologyEdits.Describe(missing)}");
        // Where an apply can die between the world and the list of what is pending, what stays in the list would be deployed once more, over what came later.
        var pending = await context.Fabric.Topology.ObservePendingAsync(context.Call.Cancellation);
        return pending.FirstOrDefault(p => OwnersOf(context).Contains(p.Operation)) is { } left ? Sight.No($"{deployedWords}, and still pending: {left.Property} of {WhatOf(left)}") : Sight.Yes(deployedWords);
    }

    public abstract Task<Effect> ActAsync(StepContext context);

    /// <summary>What is to be deployed when the step has ended.</summary>
    protected virtual Task<IReadOnlyList<TopologyEdit>> EditsAsync(StepContext context) => Task.FromResult(PlanSerializer.EditsFromJson(context.Step.Arguments[Names.Edits]));

    /// <summary>The operations whose edits the step deploys.</summary>
    protected static HashSet<string> OwnersOf(StepContext context) =>
        new(context.Step.Arguments.Get(Names.Operation).Split([','], StringSplitOptions.RemoveEmptyEntries), StringComparer.Ordinal) { context.OperationId };

    protected static string WhatOf(PendingChange change) => change.Gateway.Length > 0 ? change.Gateway : change.SecurityGroup;

    /// <summary>An apply takes all that is pending along. Where ours is deployed already, only the list is cleared of it, whatever else stands there.</summary>
    /// <returns>Null when nothing of anybody else's is pending.</returns>
    protected async Task<Effect?> FindForeignAsync(StepContext context, Func<PendingChange, string> reason)
    {
        var owners = OwnersOf(context);
        var pending = await context.Fabric.Topology.ObservePendingAsync(context.Call.Cancellation);
        var leased = context.Step.Arguments.Get(Names.IncludeForeign) == "true" ? context.Step.Arguments.Get(Names.Groups) : null;
        var view = leased?.Length > 0 ? await context.Topology.ObserveAsync() : null;
        var foreign = pending.FirstOrDefault(p => leased is null ? !owners.Contains(p.Operation) : view is not null && IsUnleased(p, view, leased));
        if (foreign is null) return null;
        var edits = PlanSerializer.EditsFromJson(context.Step.Arguments[Names.Edits]);
        var deployed = view ?? await context.Topology.ObserveAsync();
        if (edits.Any(e => !TopologyEdits.IsSeen(e, deployed))) return Effect.Refused(reason(foreign), ErrorCatalogue.ForeignChange);
        var cleared = Effect.Already(deployedWords);
        foreach (var owner in pending.Select(p => p.Operation).Where(owners.Contains).Distinct(StringComparer.Ordinal))
        {
            cleared = await context.Fabric.Topology.DiscardAsync(context.Call with { StepId = context.Call.StepId + "/" + owner }, owner);
            if (cleared.Kind is EffectKind.Refused or EffectKind.Unknown) break;
        }

        return cleared;
    }

    /// <summary>Whoever was told to apply whatever is pending was told so of what was pending then: what was staged since on other groups is not under his leases.</summary>
    private static bool IsUnleased(PendingChange change, TopologyView deployed, string groups) => PendingPlan.GroupsOf(change, deployed).Except(groups.Split(','), StringComparer.Ordinal).Any();

    /// <summary>"Nothing is pending" is no success when what we staged is not deployed either.</summary>
    protected async Task<Effect> ApplyAsync(StepContext context)
    {
        var applied = await context.Fabric.Topology.ApplyAsync(context.Call);
        return applied.Kind != EffectKind.Already || (await LookAsync(context)).AsWanted == true
            ? applied
            : Effect.Refused("what was staged is neither pending nor deployed any more: somebody discarded it", ErrorCatalogue.PlanStale, applied.Evidence);
    }
}

/// <summary>Makes the pending topology the deployed one, after looking once more that nothing of anybody else's would go with it.</summary>
internal sealed class ApplyTopologyStep() : DeployTopologyStep(StepKinds.TopologyApply, "deployed", "not deployed")
{
    public override async Task<Effect> ActAsync(StepContext context)
    {
        if (await FindForeignAsync(context, f => $"{(f.StagedBy.Length > 0 ? f.StagedBy : "somebody else")} has pending changes ({f.Property} of {WhatOf(f)}), and applying is all or nothing") is { } found) return found;
        var arguments = context.Step.Arguments;
        var along = arguments.Get(Names.Along).Split([','], StringSplitOptions.RemoveEmptyEntries);
        var takesOut = PlanSerializer.EditsFromJson(arguments[Names.Edits]).Any(e => e.Kind == TopologyEditKind.UnassignGateway) || arguments.Get(Names.Operation).Length > 0;
        var guarded = takesOut && arguments.Get(Names.Unguarded) != "true";
        if (!takesOut && along.Length == 0) return await ApplyAsync(context);

        var deployed = await context.Topology.ObserveAsync();
        var after = await context.Fabric.Topology.ObserveAsync(TopologyScope.PendingView, context.Call.Cancellation);
        if (guarded && FindBreach(deployed, after) is { } breach) return Effect.Refused(breach, ErrorCatalogue.CapacityGuard);
        if (FindCarrying(context, deployed, after) is { } carries) return Effect.Refused($"{carries.Member} carries traffic again, though it was out when this was planned: it is not taken out undrained", ErrorCatalogue.PlanStale);
        return deployed.Members.FirstOrDefault(m => along.Contains(m.Gateway) && IsMemberOf(after, m)) is { } stays
            ? Effect.Refused($"{stays.Member} was drained because its removal was staged, and that is not pending any more", ErrorCatalogue.PlanStale)
            : await ApplyAsync(context);
    }

    /// <summary>Whom an apply takes out without having drained him, the group must be able to spare now: since the plan others may have failed.</summary>
    private static string? FindBreach(TopologyView deployed, TopologyView after)
    {
        foreach (var group in deployed.Groups.Where(g => after.Groups.Any(p => p.Name == g.Name)))
        {
            var leaving = deployed.Members.Where(m => m.SecurityGroup == group.Name && !IsMemberOf(after, m)).Select(m => m.Member).ToList();
            if (leaving.Select(l => CapacityGuard.FindBreach(deployed, group.Name, l, leaving)).FirstOrDefault(b => b is not null) is { } breach) return breach;
        }

        return null;
    }

    /// <summary>
    /// Whoever carried when this was planned was drained; who came back since would lose its connections. Of a group that goes as a whole nobody is
    /// left to take them over.
    /// </summary>
    private static GroupMember? FindCarrying(StepContext context, TopologyView deployed, TopologyView after) => context.Fabric.Traits.Capability.Contains("Suspend")
        ? deployed.Members.FirstOrDefault(m => m.State is MemberState.Active or MemberState.Standby && !IsMemberOf(after, m) && after.Groups.Any(g => g.Name == m.SecurityGroup))
        : null;

    private static bool IsMemberOf(TopologyView view, GroupMember member) => view.Members.Any(m => m.SecurityGroup == member.SecurityGroup && m.Gateway == member.Gateway);
}

/// <summary>Takes the edits of operations out of the pending topology again.</summary>
internal sealed class DiscardTopologyStep : IStepHandler
{
    public string Kind => StepKinds.TopologyDiscard;

    public int Version => 1;

    public StepLimits Limits { get; } = new();

    public bool LooksFirst => true;

    public async Task<Sight> LookAsync(StepContext context)
    {
        var whose = Whose(context);
        var pending = await context.Fabric.Topology.ObservePendingAsync(context.Call.Cancellation);
        var left = pending.Count(p => whose is null || whose.Contains(p.Operation));
        return left == 0 ? Sight.Yes("nothing of it is pending") : Sight.No($"{left} still pending");
    }

    public async Task<Effect> ActAsync(StepContext context)
    {
        if (Whose(context) is not { } whose) return await context.Fabric.Topology.DiscardAsync(context.Call, null);
        var effect = Effect.Already();
        foreach (var operation in whose)
        {
            var call = whose.Count == 1 ? context.Call : context.Call with { StepId = context.Call.StepId + "/" + operation };
            var discarded = await context.Fabric.Topology.DiscardAsync(call, operation);
            if (discarded.Kind is EffectKind.Refused or EffectKind.Unknown) return discarded;
            if (discarded.Kind == EffectKind.Done) effect = discarded;
        }

        return effect;
    }

    // "this" stands for the operation that runs the step, whose id is not known when it is planned; "*" for everybody's.
    private static IReadOnlyList<string>? Whose(StepContext context) => context.Step.Arguments[Names.Operation] switch
    {
        "*" => null,
        "this" => [context.OperationId],
        var ids => ids.Split(','),
    };
}

/// <summary>Stages and applies the edits that take an apply back: the inverse of <see cref="ApplyTopologyStep"/>.</summary>
internal sealed class RestoreTopologyStep() : DeployTopologyStep(StepKinds.TopologyRestore, "as before", "not yet"), IStepThatGivesUp
{
    /// <summary>Whom it drained and could not take out carries again.</summary>
    public async Task<string> GiveUpAsync(StepContext context, bool hasBegun)
    {
        if (context.Fabric.Members is not { } actions) return "";
        var drained = (await FindLeaversAsync(context))
            .Where(RemoveMembersChange.IsDrainedToLeave).ToList();
        var resumed = await Task.WhenAll(drained.Select(async m => (Member: m, Effect: await actions.ResumeAsync(Drains(context, m, "back"), MemberRef.Of(m)))));
        return string.Join("; ", resumed.Where(r => r.Effect.Kind is EffectKind.Refused or EffectKind.Unknown).Select(r => $"{r.Member.Member} stays taken out: {r.Effect.Reason}"));
    }

    public override async Task<Effect> ActAsync(StepContext context)
    {
        var edits = await EditsAsync(context);
        if (await FindForeignAsync(context) is { } foreign) return foreign;
        if (await StageTopologyStep.FindTakenAsync(context, edits) is { } taken) return taken;
        if (await DrainAsync(context) is { } draining) return draining;
        var staged = await context.Fabric.Topology.StageAsync(context.Call with { StepId = context.Call.StepId + "/stage" }, edits);
        if (staged.Kind is EffectKind.Refused or EffectKind.Unknown) return staged;
        // Staging took its time, and somebody may have used it.
        if (await FindForeignAsync(context) is { } meanwhile) return meanwhile;
        return await ApplyAsync(context);
    }

    /// <summary>Who left the group took along what was set for him; that of the others is taken back all the same.</summary>
    protected override async Task<IReadOnlyList<TopologyEdit>> EditsAsync(StepContext context)
    {
        var edits = await base.EditsAsync(context);
        if (edits.All(e => e.Kind != TopologyEditKind.SetMember)) return edits;
        var deployed = await context.Topology.ObserveAsync();
        return [.. edits.Where(e => !TopologyEdits.IsOfFormer(e, edits, deployed))];
    }

    /// <summary>Whom it takes out again may carry traffic by now, and hands it over as any that leaves.</summary>
    /// <returns>Null once none of them carries any.</returns>
    private static async Task<Effect?> DrainAsync(StepContext context)
    {
        if (context.Fabric.Members is not { } actions || !context.Fabric.Traits.Capability.Contains("Suspend")) return null;
        var leavers = await FindLeaversAsync(context);
        var carrying = leavers.Where(m => m.State is MemberState.Active or MemberState.Standby).ToList();
        var drained = await Task.WhenAll(carrying.Select(m => actions.SuspendAsync(Drains(context, m, "drain"), MemberRef.Of(m), DrainMode.Move, RemoveMembersChange.Leaves)));
        // Who is no member any more is not waited for; the next look tells.
        if (drained.FirstOrDefault(d => d is { Kind: EffectKind.Refused, Transient: false } && d.Code != ErrorCatalogue.MemberNotFound) is { } refused) return refused;
        return carrying.Concat(leavers.Where(m => m.State == MemberState.Draining)).Select(m => m.Member).ToList() is { Count: > 0 } waited
            ? Effect.Refused($"{string.Join(", ", waited)} hand over their traffic first", transient: true) with { IsComing = true }
            : null;
    }

    private static async Task<IReadOnlyList<GroupMember>> FindLeaversAsync(StepContext context) =>
        [.. TopologyEdits.FindLeavers(PlanSerializer.EditsFromJson(context.Step.Arguments[Names.Edits]), (await context.Topology.ObserveAsync()).Members)];

    private static FabricCall Drains(StepContext context, GroupMember member, string what) => context.Call with { StepId = $"{context.Call.StepId}/{what}/{member.SecurityGroup}/{member.Member}" };

    private Task<Effect?> FindForeignAsync(StepContext context) =>
        FindForeignAsync(context, _ => "somebody else has pending changes, and applying is all or nothing");
}

/// <summary>Edits a port; live at once.</summary>
internal sealed class SetPortStep : IStepHandler
{
    public string Kind => StepKinds.PortSet;

    public int Version => 1;

    public StepLimits Limits { get; } = new();

    public bool LooksFirst => true;

    public async Task<Sight> LookAsync(StepContext context)
    {
        var wanted = PortChange.SettingsOf(context.Step.Arguments);
        var port = (await context.Topology.ObserveAsync()).Ports.FirstOrDefault(p => p.Id == wanted.PortId);
        if (port is null) return Sight.Never($"there is no port {wanted.PortId}", ErrorCatalogue.PortNotFound);
        return PortChange.IsAsWanted(port, wanted) ? Sight.Yes() : Sight.No("the port still has its old settings");
    }

    public Task<Effect> ActAsync(StepContext context) => context.Fabric.Topology.SetPortAsync(context.Call, PortChange.SettingsOf(context.Step.Arguments));
}
