using System.Globalization;
using Maestro.Engine.Fabrics;
using Maestro.Engine.Model.Errors;
using Maestro.Engine.Operations.Plans;
using Maestro.Engine.Operations.Running;
using Maestro.Engine.Synchronisation.Policy;
using Names = Maestro.Engine.Operations.Steps.StepArgumentNames;

namespace Maestro.Engine.Operations.Steps;

/// <summary>What the steps that carry a generation to one member share.</summary>
internal abstract class GenerationStep(Carriage carriage) : IStepHandler
{
    protected Carriage Carriage => carriage;

    public abstract string Kind { get; }

    public int Version => 1;

    public static StepLimits Patience { get; } = new() { CallTimeout = TimeSpan.FromSeconds(60), SettleTimeout = TimeSpan.FromMinutes(2) };

    public virtual StepLimits Limits => Patience;

    // Every call of a policy carrier checks on the member before it acts and reads back after: one round trip a step.
    public virtual bool LooksFirst => false;

    public abstract Task<Effect> ActAsync(StepContext context);

    public virtual async Task<Sight> LookAsync(StepContext context)
    {
        var seen = await Carrier(context).ObserveAsync(context.MemberRef, context.Call.Cancellation);
        return seen.Answered ? Look(context, seen) : Sight.Unseen("no answer: " + seen.Evidence);
    }

    protected abstract Sight Look(StepContext context, GenerationObservation seen);

    protected IGenerationCarrier Carrier(StepContext context) => carriage.Of(context.Fabric);

    protected static int Number(StepContext context) => context.Step.Arguments.GetInt32(Names.Generation);

    protected static string Fingerprint(StepContext context) => context.Step.Arguments[Names.Fingerprint];

    /// <summary>The content: from the request, else the store, else empty where the member has it already and only its number matters.</summary>
    protected async Task<NumberedContent> GenerationAsync(StepContext context, bool withContent)
    {
        var fingerprint = Fingerprint(context);
        if (!withContent) return new NumberedContent(Number(context), fingerprint, "");
        if (!context.Contents.TryGetValue(fingerprint, out var content))
        {
            content = await context.Store.ReadContentAsync(fingerprint)
                ?? await RecoverAsync(context, fingerprint)
                ?? throw new MaestroException(carriage.NotFound, $"The content of {carriage.Noun} version {Number(context)} ({fingerprint.Substring(0, 8)}) is neither in the store nor on a member.", context.Step.SecurityGroup);
        }

        return new NumberedContent(Number(context), fingerprint, content);
    }

    /// <summary>How long the member keeps what nobody confirms: as the plan says.</summary>
    protected static TimeSpan RevertAfter(StepContext context) =>
        TimeSpan.FromSeconds(context.Step.Arguments.GetOptionalInt32(Names.RevertAfter) ?? (int)SyncPolicyChange.DefaultRevertAfter.TotalSeconds);

    /// <summary>A store that lost the content reads it back from a member that has it.</summary>
    private async Task<string?> RecoverAsync(StepContext context, string fingerprint)
    {
        var view = await context.Topology.ObserveAsync();
        foreach (var member in view.Members.Where(m => m.SecurityGroup == context.Step.SecurityGroup && carriage.HeldBy(m).Fingerprint == fingerprint))
        {
            var reference = Plans.MemberRef.Of(member);
            if (await Carrier(context).ReadContentAsync(reference, Number(context), fingerprint, context.Call.Cancellation) is { } content) return content;
        }

        return null;
    }
}

/// <summary>Puts the content on the member's disk and has the member check it.</summary>
internal sealed class StageGenerationStep(Carriage carriage) : GenerationStep(carriage)
{
    public override string Kind => Carriage.Steps.Stage;

    public override async Task<Effect> ActAsync(StepContext context) =>
        await Carrier(context).StageAsync(context.Call, context.MemberRef, await GenerationAsync(context, withContent: true));

    protected override Sight Look(StepContext context, GenerationObservation seen) =>
        seen.Staged.Contains((Number(context), Fingerprint(context))) ? Sight.Yes(seen.Evidence) : Sight.No("not staged");
}

/// <summary>Makes the member hold the staged generation, proven by read-back.</summary>
internal sealed class CommitGenerationStep(Carriage carriage) : GenerationStep(carriage)
{
    public override string Kind => Carriage.Steps.Commit;

    public override async Task<Effect> ActAsync(StepContext context)
    {
        var connections = context.Step.Arguments.Get(Names.Connections) == nameof(ConnectionTreatment.Rematch) ? ConnectionTreatment.Rematch : ConnectionTreatment.Keep;
        return await Carrier(context).CommitAsync(context.Call, context.MemberRef, await GenerationAsync(context, withContent: false), connections, RevertAfter(context));
    }

    protected override Sight Look(StepContext context, GenerationObservation seen)
    {
        if (seen.RunningGeneration != Number(context)) return Sight.No($"its {Carriage.Ground} runs generation {seen.RunningGeneration?.ToString(CultureInfo.InvariantCulture) ?? "none"}");
        return seen.ProvenFingerprint == Fingerprint(context)
            ? Sight.Yes(seen.Evidence)
            : Sight.Never($"it says it runs the generation, but its {Carriage.Ground} shows something else", Carriage.NotProven, seen.Evidence);
    }
}

/// <summary>The last look before the decision: the member holds what was committed, and its timer leaves time to tell it so.</summary>
internal sealed class CheckGenerationStep(Carriage carriage) : GenerationStep(carriage)
{
    // For the decision, and for one call and its repetition to every member.
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(10);

    /// <summary>What its timer must leave at least: so long it counts that the member was seen to hold it.</summary>
    public static TimeSpan Least(TimeSpan revertAfter)
    {
        var half = TimeSpan.FromTicks(revertAfter.Ticks / 2);
        return half < Longest ? half : Longest;
    }

    // Only asking: one that is away for a moment is asked again, as long as the plan says.
    public override StepLimits Limits { get; } = Patience with { CallTimeout = TimeSpan.FromSeconds(15), Attempts = int.MaxValue, OnlyAsks = true };

    public override string Kind => Carriage.Steps.Check;

    public override async Task<Effect> ActAsync(StepContext context)
    {
        var generation = await GenerationAsync(context, withContent: false);
        var effect = await Carrier(context).CheckAsync(context.Call, context.MemberRef, generation, Least(RevertAfter(context)));
        // A look that was not answered leaves nothing in doubt but what it asked.
        return effect.OrAskAgain();
    }

    protected override Sight Look(StepContext context, GenerationObservation seen) =>
        seen.RunningGeneration == Number(context) && seen.ProvenFingerprint == Fingerprint(context) ? Sight.Yes(seen.Evidence) : Sight.No("it does not hold what was committed");
}

/// <summary>What both steps past the decision share: a member that went back to what it had confirmed, by its timer or by a restart, follows the others.</summary>
internal abstract class ForwardGenerationStep(Carriage carriage) : GenerationStep(carriage)
{
    /// <summary>What a decided generation is given: long enough for a controller's successor to come.</summary>
    public static readonly TimeSpan Extension = TimeSpan.FromMinutes(10);

    // It is decided, and the others keep what they have far longer than this: who is away for a moment is waited for, and brought forward if it went back alone meanwhile.
    public override StepLimits Limits { get; } = Patience with { Attempts = int.MaxValue };

    protected async Task<Effect> ForwardAsync(StepContext context, Func<IGenerationCarrier, NumberedContent, Task<Effect>> act, bool againAfterCommit)
    {
        var carrier = Carrier(context);
        var generation = await GenerationAsync(context, withContent: false);
        var effect = await act(carrier, generation);
        if (effect is not { Kind: EffectKind.Refused, Transient: false }) return effect;
        if (effect.Code == ErrorCatalogue.MemberNotFound) return Effect.Already("it left the group meanwhile: " + effect.Reason);

        var seen = await carrier.ObserveAsync(context.MemberRef, context.Call.Cancellation);
        if (seen.Answered && seen.ConfirmedGeneration >= generation.Number && seen.ConfirmedFingerprint != generation.Fingerprint)
        {
            return Effect.Refused($"another's later run has confirmed #{seen.ConfirmedGeneration} there meanwhile", ErrorCatalogue.PlanStale, seen.Evidence);
        }

        var isStaged = seen.Staged.Contains((generation.Number, generation.Fingerprint));
        if (!seen.Answered || (isStaged && seen.RunningGeneration == generation.Number)) return effect;
        if (!isStaged)
        {
            // Another store's run of the same number took it away, or the disk lost it.
            var staged = await carrier.StageAsync(context.Call with { StepId = context.Call.StepId + "/stage" }, context.MemberRef, await GenerationAsync(context, withContent: true));
            if (staged.Kind is EffectKind.Refused or EffectKind.Unknown) return staged;
        }

        var committed = await carrier.CommitAsync(context.Call with { StepId = context.Call.StepId + "/commit" }, context.MemberRef, generation, ConnectionTreatment.Keep, Extension);
        return againAfterCommit && committed.Kind is EffectKind.Done or EffectKind.Already ? await act(carrier, generation) : committed;
    }
}

/// <summary>Past the decision: no member takes the generation back before all are told that it stays.</summary>
internal sealed class ExtendGenerationStep(Carriage carriage) : ForwardGenerationStep(carriage)
{
    public override string Kind => Carriage.Steps.Extend;

    public override Task<Effect> ActAsync(StepContext context) =>
        ForwardAsync(context, (carrier, generation) => carrier.ExtendAsync(context.Call, context.MemberRef, generation, Extension), againAfterCommit: false);

    protected override Sight Look(StepContext context, GenerationObservation seen) => seen switch
    {
        _ when seen.ConfirmedGeneration == Number(context) && seen.ConfirmedFingerprint == Fingerprint(context) => Sight.Yes(seen.Evidence),
        { RevertsIn: { } left } when seen.RunningGeneration == Number(context) && left > Extension - TimeSpan.FromMinutes(2) => Sight.Yes(seen.Evidence),
        _ => Sight.No("its timer was not put off"),
    };
}

/// <summary>Makes the generation the one that a restart loads.</summary>
internal sealed class ConfirmGenerationStep(Carriage carriage) : ForwardGenerationStep(carriage)
{
    public override string Kind => Carriage.Steps.Confirm;

    public override Task<Effect> ActAsync(StepContext context) =>
        ForwardAsync(context, (carrier, generation) => carrier.ConfirmAsync(context.Call, context.MemberRef, generation), againAfterCommit: true);

    protected override Sight Look(StepContext context, GenerationObservation seen) =>
        seen.ConfirmedGeneration == Number(context) && seen.ConfirmedFingerprint == Fingerprint(context) ? Sight.Yes(seen.Evidence) : Sight.No("not confirmed");
}

/// <summary>Puts the member back on its confirmed generation. Nobody has told it to keep another, so its own timer and its boot step do the same.</summary>
internal sealed class RevertGenerationStep(Carriage carriage) : GenerationStep(carriage), IStepThatComesByItself
{
    // A member that does not answer goes back by itself, and that is waited for.
    public override StepLimits Limits { get; } = Patience with { SettleTimeout = TimeSpan.FromMinutes(3), Attempts = int.MaxValue };

    public override string Kind => Carriage.Steps.Revert;

    public TimeSpan SilentPatience { get; } = TimeSpan.FromSeconds(15);

    // Only what was committed has a timer, and works.
    public TimeSpan? LastsAtMost(PlanStep inverse) => inverse.Arguments.GetOptionalInt32(Names.RevertAfter) is { } seconds ? TimeSpan.FromSeconds(seconds + 5) : null;

    public string ByItself(PlanStep inverse) => inverse.Arguments.GetOptionalInt32(Names.RevertAfter) is { } seconds
        ? $"it goes back by itself, {seconds.ToString(CultureInfo.InvariantCulture)} s after its commit at the latest; if it restarts it comes up with what it had, and forwards nothing until the next sync lets it"
        : "it runs nothing of it, and what lies ready there is not used";

    public override async Task<Effect> ActAsync(StepContext context) =>
        await Carrier(context).RevertAsync(context.Call, context.MemberRef, await GenerationAsync(context, withContent: false));

    // Healing puts the confirmed generation itself on trial, so "not that generation any more" would never come true there.
    protected override Sight Look(StepContext context, GenerationObservation seen) =>
        seen.RunningGeneration == seen.ConfirmedGeneration && seen.ProvenFingerprint == seen.ConfirmedFingerprint
            ? Sight.Yes(seen.Evidence)
            : Sight.No($"its {Carriage.Ground} runs generation {seen.RunningGeneration?.ToString(CultureInfo.InvariantCulture) ?? "none"}, not the confirmed one");
}
