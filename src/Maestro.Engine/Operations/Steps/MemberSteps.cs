using Maestro.Engine.Clustering.Membership;
using Maestro.Engine.Fabrics;
using Maestro.Engine.Model.Errors;
using Maestro.Engine.Model.Groups;
using Maestro.Engine.Operations.Plans;
using Maestro.Engine.Operations.Running;
using Names = Maestro.Engine.Operations.Steps.StepArgumentNames;

namespace Maestro.Engine.Operations.Steps;

/// <summary>Sees one member in the deployed topology.</summary>
internal abstract class MemberStep : IStepHandler
{
    public abstract string Kind { get; }

    public virtual int Version => 1;

    public virtual StepLimits Limits { get; } = new() { SettleTimeout = TimeSpan.FromMinutes(45), LookEvery = TimeSpan.FromSeconds(2), MovesTraffic = true };

    public virtual bool LooksFirst => true;

    public virtual async Task<Sight> LookAsync(StepContext context) => Look(context, Find(await context.Topology.ObserveAsync(), context));

    public abstract Task<Effect> ActAsync(StepContext context);

    protected abstract Sight Look(StepContext context, GroupMember? member);

    protected static GroupMember? Find(TopologyView view, StepContext context) =>
        view.Members.FirstOrDefault(m => m.SecurityGroup == context.Step.SecurityGroup && m.Gateway == context.Step.Gateway);

    /// <summary>A step is of a member, and its gateway may carry for another group by now.</summary>
    protected static Effect NoMember() => Effect.Refused(IsNoMember, ErrorCatalogue.MemberNotFound);

    protected const string IsNoMember = "it is no member any more";

    protected static string Words(GroupMember member) => member.Reason.Length > 0 ? $"{member.State}: {member.Reason}" : member.State.ToString();

    protected static IMemberActions Actions(StepContext context) => context.Fabric.Members ?? throw context.Fabric.MissingFacet(FabricFacet.MemberActions);
}

/// <summary>
/// Waits until the gateway is a member in one of the wanted states, or, without states, is no member any more. Sends nothing, but where the gateway was drained
/// to be taken out again by an undo that failed: what goes forward from there brings it back.
/// </summary>
internal sealed class AwaitMemberStep : MemberStep
{
    public override string Kind => StepKinds.MemberAwait;

    public override async Task<Effect> ActAsync(StepContext context) =>
        context.Step.Arguments.Get(Names.States).Split(',').Contains(nameof(MemberState.Active)) && context.Fabric.Members is { } actions
        && Find(await context.Topology.ObserveAsync(), context) is { } member && RemoveMembersChange.IsDrainedToLeave(member)
            ? await actions.ResumeAsync(context.Call, context.MemberRef)
            : Effect.Done("waiting");

    protected override Sight Look(StepContext context, GroupMember? member)
    {
        var states = context.Step.Arguments.Get(Names.States);
        if (states.Length == 0) return member is null ? Sight.Yes("left the group") : Sight.No(Words(member));
        if (member is null) return Sight.No("not in the group yet");
        return states.Split(',').Contains(member.State.ToString()) ? Sight.Yes(Words(member)) : Sight.No(Words(member));
    }
}

/// <summary>Counts a prepared joiner as active.</summary>
internal sealed class ActivateMemberStep : MemberStep
{
    public override string Kind => StepKinds.MemberActivate;

    public override Task<Effect> ActAsync(StepContext context) => Actions(context).ActivateAsync(context.Call, context.MemberRef);

    protected override Sight Look(StepContext context, GroupMember? member) => member?.State switch
    {
        MemberState.Active or MemberState.Standby => Sight.Yes(Words(member)),
        null => Sight.No("not in the group yet"),
        _ => Sight.No(Words(member)),
    };
}

/// <summary>Takes a member out of the distribution. Who was to come back may have got slots already, and still say that it is out.</summary>
internal sealed class SuspendMemberStep : MemberStep, IStepThatLasts, IStepThatGivesUp, IStepThatShowsEarly
{
    public override string Kind => StepKinds.MemberSuspend;

    private const string Left = "it has left the group";

    public override StepLimits Limits { get; } = new() { SettleTimeout = TimeSpan.FromMinutes(5), Late = ErrorCatalogue.DrainTimedOut, MovesTraffic = true };

    public override async Task<Sight> LookAsync(StepContext context)
    {
        var view = await context.Topology.ObserveAsync();
        var member = Find(view, context);
        return HasLeft(view, context.Step) ? Sight.Yes(Left) : Look(context, member);
    }

    public override async Task<Effect> ActAsync(StepContext context)
    {
        var view = await context.Topology.ObserveAsync();
        if (Find(view, context) is null) return NoMember();
        if (context.Step.Arguments.Get(Names.Leaving) is { Length: > 0 } leaving
            && CapacityGuard.FindBreach(view, context.Step.SecurityGroup, context.Step.Member, leaving.Split(',')) is { } breach)
        {
            return Effect.Refused(breach, ErrorCatalogue.CapacityGuard);
        }

        var drain = context.Step.Arguments.Get(Names.Drain) == nameof(DrainMode.Wait) ? DrainMode.Wait : DrainMode.Move;
        var effect = await Actions(context).SuspendAsync(context.Call, context.MemberRef, drain, context.Step.Arguments.Get(Names.Reason));
        // He may have been about to leave when he was looked for.
        return effect.Code == ErrorCatalogue.MemberNotFound && HasLeft(await context.Topology.ObserveAsync(), context.Step) ? Effect.Already(Left) : effect;
    }

    /// <summary>One that is to leave must not carry when it does.</summary>
    public async Task<bool> IsTakenBackAsync(StepContext context)
    {
        if (context.Step.Arguments.Get(Names.LeavesFor).Length == 0) return false;
        var view = await context.Topology.ObserveAsync();
        return !HasLeft(view, context.Step) && Find(view, context) is { State: MemberState.Active or MemberState.Standby };
    }

    /// <summary>It drains from the first moment on; where its traffic could not be moved it goes on carrying, and must say so.</summary>
    public async Task<string> GiveUpAsync(StepContext context, bool hasBegun)
    {
        var reason = context.Step.Arguments.Get(Names.Reason);
        var member = Find(await context.Topology.ObserveAsync(), context);
        if (hasBegun && member is { State: MemberState.Booting or MemberState.Lost or MemberState.Unknown }) return $"it may go on draining: {Words(member)}";
        if (member is not { State: MemberState.Draining } || member.Reason != reason) return "";
        var effect = await Actions(context).ResumeAsync(context.Call, context.MemberRef);
        return effect.Kind is EffectKind.Refused or EffectKind.Unknown ? $"it goes on draining: {effect.Reason}" : "";
    }

    protected override Sight Look(StepContext context, GroupMember? member) => member switch
    {
        null => Sight.Never(IsNoMember, ErrorCatalogue.MemberNotFound),
        { State: MemberState.Suspended } => Sight.Yes(Words(member)),
        { State: MemberState.Draining } => Sight.UnderWay(Words(member)),
        // Whether it was taken out before it went down shows when it is back.
        { State: MemberState.Booting or MemberState.Lost or MemberState.Unknown } => Sight.Unseen(Words(member)),
        _ => Sight.No(Words(member)),
    };

    /// <summary>A run that goes on finds him gone whom it had taken out to let him leave: there is nothing left to hand over.</summary>
    private static bool HasLeft(TopologyView view, PlanStep step) => step.Arguments.Get(Names.LeavesFor) switch
    {
        "" => false,
        MembershipPlan.Nowhere => TopologyEdits.IsSeen(new TopologyEdit(TopologyEditKind.UnassignGateway, step.SecurityGroup, step.Gateway), view),
        var destination => TopologyEdits.IsSeen(new TopologyEdit(TopologyEditKind.AssignGateway, destination, step.Gateway), view),
    };
}

/// <summary>Lets a member carry traffic again.</summary>
internal sealed class ResumeMemberStep : MemberStep
{
    public override string Kind => StepKinds.MemberResume;

    public override async Task<Effect> ActAsync(StepContext context)
    {
        if (Find(await context.Topology.ObserveAsync(), context) is not { } member) return NoMember();
        var effect = await Actions(context).ResumeAsync(context.Call, context.MemberRef);
        // As far behind its group as when it was taken out.
        return effect.Code == ErrorCatalogue.MemberStateInvalid && context.Step.Arguments.Get(Names.Carried) == CarriedPolicy.Of(member) ? await Actions(context).ActivateAsync(context.Call, context.MemberRef) : effect;
    }

    protected override Sight Look(StepContext context, GroupMember? member) => member switch
    {
        null => Sight.Never(IsNoMember, ErrorCatalogue.MemberNotFound),
        { State: MemberState.Active or MemberState.Standby } => Sight.Yes(Words(member)),
        { State: MemberState.Ready } => Sight.UnderWay(Words(member)),
        _ => Sight.No(Words(member)),
    };
}

/// <summary>Restarts a member's machine and waits until it is back in the state that it was in.</summary>
internal sealed class RestartMemberStep : MemberStep
{
    public override string Kind => StepKinds.MemberRestart;

    // A restart leaves the same state that it began with, so looking first would always say "already so".
    public override bool LooksFirst => false;

    public override async Task<Effect> ActAsync(StepContext context)
    {
        // Since it was drained, or was planned for as one that carries nothing, it may have come back: by a hand, or by itself.
        var member = Find(await context.Topology.ObserveAsync(), context);
        if (member is null) return NoMember();
        if (member.State is MemberState.Active or MemberState.Standby or MemberState.Ready) return Effect.Refused("it carries traffic again or is about to, though it was taken out or down when this was planned: it was not restarted", ErrorCatalogue.MemberStateInvalid);
        return await Actions(context).RestartAsync(context.Call, context.MemberRef);
    }

    protected override Sight Look(StepContext context, GroupMember? member)
    {
        if (member is null) return Sight.Never(IsNoMember, ErrorCatalogue.MemberNotFound);
        var since = context.Step.Arguments.Get(Names.Since);
        var restarted = member.Since is { } at && at.ToString("o", System.Globalization.CultureInfo.InvariantCulture) != since;
        var back = context.Step.Arguments[Names.States].Split(',').Contains(member.State.ToString());
        if (restarted && back) return Sight.Yes(Words(member));
        return member.State == MemberState.Booting ? Sight.UnderWay(Words(member)) : Sight.No(Words(member));
    }
}
