using Maestro.Engine.Fabrics;
using Maestro.Engine.Model.Errors;
using Maestro.Engine.Operations.Running;
using Names = Maestro.Engine.Operations.Steps.StepArgumentNames;

namespace Maestro.Engine.Operations.Steps;

/// <summary>What the steps that carry a policy to one member share.</summary>
internal abstract class PolicyStep : IStepHandler
{
    public abstract string Kind { get; }

    public int Version => 1;

    public StepLimits Limits { get; } = new() { CallTimeout = TimeSpan.FromSeconds(60), SettleTimeout = TimeSpan.FromMinutes(2) };

    // Every call of a policy carrier checks on the member before it acts and reads back after: one round trip a step.
    public virtual bool LooksFirst => false;

    public abstract Task<Effect> ActAsync(StepContext context);

    public virtual async Task<Sight> LookAsync(StepContext context)
    {
        var seen = await Carrier(context).ObserveAsync(context.MemberRef, context.Call.Cancellation);
        return seen.Answered ? Look(context, seen) : Sight.Unseen("no answer: " + seen.Evidence);
    }

    protected abstract Sight Look(StepContext context, PolicyObservation seen);

    protected static IPolicyCarrier Carrier(StepContext context) => context.Fabric.Policies ?? throw context.Fabric.MissingFacet(FabricFacet.PolicyCarrier);

    protected static int Number(StepContext context) => context.Step.Arguments.GetInt32(Names.Generation);

    protected static string Fingerprint(StepContext context) => context.Step.Arguments[Names.Fingerprint];

    /// <summary>The content: from the request, else the store, else empty where the member has it already and only its number matters.</summary>
    protected static async Task<PolicyGeneration> GenerationAsync(StepContext context, bool withContent)
    {
        var fingerprint = Fingerprint(context);
        if (!withContent) return new PolicyGeneration(Number(context), fingerprint, "");
        if (!context.Contents.TryGetValue(fingerprint, out var content))
        {
            content = await context.Store.ReadContentAsync(fingerprint)
                ?? await RecoverAsync(context, fingerprint)
                ?? throw new MaestroException(ErrorCatalogue.PolicyNotFound, $"The content of policy version {Number(context)} ({fingerprint.Substring(0, 8)}) is neither in the store nor on a member.", context.Step.SecurityGroup);
        }

        return new PolicyGeneration(Number(context), fingerprint, content);
    }

    /// <summary>A store that lost the content reads it back from a member that has it.</summary>
    private static async Task<string?> RecoverAsync(StepContext context, string fingerprint)
    {
        var view = await context.Topology.ObserveAsync();
        foreach (var member in view.Members.Where(m => m.SecurityGroup == context.Step.SecurityGroup && m.PolicyFingerprint == fingerprint))
        {
            var reference = new Plans.MemberRef(member.SecurityGroup, member.Member, member.Gateway);
            if (await Carrier(context).ReadContentAsync(reference, Number(context), fingerprint, context.Call.Cancellation) is { } content) return content;
        }

        return null;
    }
}

/// <summary>Puts the content on the member's disk and has the member's own parser check it.</summary>
internal sealed class StagePolicyStep : PolicyStep
{
    public override string Kind => StepKinds.PolicyStage;

    public override async Task<Effect> ActAsync(StepContext context) =>
        await Carrier(context).StageAsync(context.Call, context.MemberRef, await GenerationAsync(context, withContent: true));

    protected override Sight Look(StepContext context, PolicyObservation seen) =>
        seen.Staged.Contains((Number(context), Fingerprint(context))) ? Sight.Yes(seen.Evidence) : Sight.No("not staged");
}

/// <summary>Makes the member's kernel hold the staged generation, proven by read-back.</summary>
internal sealed class CommitPolicyStep : PolicyStep
{
    public override string Kind => StepKinds.PolicyCommit;

    public override async Task<Effect> ActAsync(StepContext context)
    {
        var connections = context.Step.Arguments.Get(Names.Connections) == nameof(ConnectionTreatment.Rematch) ? ConnectionTreatment.Rematch : ConnectionTreatment.Keep;
        return await Carrier(context).CommitAsync(context.Call, context.MemberRef, await GenerationAsync(context, withContent: false), connections);
    }

    protected override Sight Look(StepContext context, PolicyObservation seen)
    {
        if (seen.RunningGeneration != Number(context)) return Sight.No($"the kernel runs generation {seen.RunningGeneration?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "none"}");
        return seen.ProvenFingerprint == Fingerprint(context)
            ? Sight.Yes(seen.Evidence)
            : Sight.Never("it says it runs the generation, but its kernel shows something else", ErrorCatalogue.PolicyNotProven, seen.Evidence);
    }
}

/// <summary>Makes the generation the one that a restart loads.</summary>
internal sealed class ConfirmPolicyStep : PolicyStep
{
    public override string Kind => StepKinds.PolicyConfirm;

    public override async Task<Effect> ActAsync(StepContext context)
    {
        var generation = await GenerationAsync(context, withContent: false);
        var effect = await Carrier(context).ConfirmAsync(context.Call, context.MemberRef, generation);
        if (effect is not { Kind: EffectKind.Refused, Transient: false }) return effect;
        if (effect.Code == ErrorCatalogue.MemberNotFound) return Effect.Already("it left the group meanwhile: " + effect.Reason);

        var seen = await Carrier(context).ObserveAsync(context.MemberRef, context.Call.Cancellation);
        if (seen.Answered && seen.ConfirmedGeneration >= generation.Number && seen.ConfirmedFingerprint != generation.Fingerprint)
        {
            return Effect.Refused($"another's later run has confirmed #{seen.ConfirmedGeneration} there meanwhile", ErrorCatalogue.PlanStale, seen.Evidence);
        }

        // One that restarted between commit and confirm came up with what it had confirmed before. Past the decision it follows the others.
        if (!seen.Answered || seen.RunningGeneration == generation.Number || !seen.Staged.Contains((generation.Number, generation.Fingerprint))) return effect;
        var committed = await Carrier(context).CommitAsync(context.Call with { StepId = context.Call.StepId + "/commit" }, context.MemberRef, generation, ConnectionTreatment.Keep);
        return committed.Kind is EffectKind.Done or EffectKind.Already ? await Carrier(context).ConfirmAsync(context.Call, context.MemberRef, generation) : committed;
    }

    protected override Sight Look(StepContext context, PolicyObservation seen) =>
        seen.ConfirmedGeneration == Number(context) && seen.ConfirmedFingerprint == Fingerprint(context) ? Sight.Yes(seen.Evidence) : Sight.No("not confirmed");
}

/// <summary>Puts the member back on its confirmed generation.</summary>
internal sealed class RevertPolicyStep : PolicyStep
{
    public override string Kind => StepKinds.PolicyRevert;

    public override async Task<Effect> ActAsync(StepContext context) =>
        await Carrier(context).RevertAsync(context.Call, context.MemberRef, await GenerationAsync(context, withContent: false));

    // Healing puts the confirmed generation itself on trial, so "not that generation any more" would never come true there.
    protected override Sight Look(StepContext context, PolicyObservation seen) =>
        seen.RunningGeneration == seen.ConfirmedGeneration && seen.ProvenFingerprint == seen.ConfirmedFingerprint
            ? Sight.Yes(seen.Evidence)
            : Sight.No($"the kernel runs generation {seen.RunningGeneration?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "none"}, not the confirmed one");
}
