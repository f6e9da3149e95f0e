using Maestro.Engine.Fabrics;
using Maestro.Engine.Model.Errors;
using Maestro.Engine.Operations.Plans;
using Maestro.Engine.Operations.Running;
using Maestro.Engine.Store;
using Maestro.Engine.Synchronisation;
using Maestro.Engine.Synchronisation.Policy;
using Names = Maestro.Engine.Operations.Steps.StepArgumentNames;

namespace Maestro.Engine.Operations.Steps;

/// <summary>Steps on the store's list of versions.</summary>
internal abstract class VersionStep(Carriage carriage) : IStepHandler
{
    protected Carriage Carriage => carriage;

    public abstract string Kind { get; }

    public int Version => 1;

    public StepLimits Limits { get; } = new();

    public bool LooksFirst => true;

    public async Task<Sight> LookAsync(StepContext context)
    {
        var all = await context.Store.FindGenerationsAsync(Carriage.Kind, context.Step.SecurityGroup);
        return Look(context, all.FirstOrDefault(g => g.Number == Number(context)));
    }

    public abstract Task<Effect> ActAsync(StepContext context);

    protected abstract Sight Look(StepContext context, GenerationRecord? generation);

    protected static int Number(StepContext context) => context.Step.Arguments.GetInt32(Names.Generation);

    protected async Task<Effect> SetStateAsync(StepContext context, GenerationState state)
    {
        await context.Store.SetGenerationStateAsync(context.Token, Carriage.Kind, context.Step.SecurityGroup, Number(context), state);
        return Effect.Done(verified: true);
    }
}

/// <summary>Keeps the new content and its number before any member sees it.</summary>
internal sealed class RecordVersionStep(Carriage carriage) : VersionStep(carriage)
{
    public override string Kind => Carriage.Steps.VersionRecord;

    public override async Task<Effect> ActAsync(StepContext context)
    {
        var arguments = context.Step.Arguments;
        var fingerprint = arguments[Names.Fingerprint];
        if (!context.Contents.TryGetValue(fingerprint, out var content))
        {
            content = await context.Store.ReadContentAsync(fingerprint)
                ?? throw new MaestroException(Carriage.NotFound, $"The content of the {Carriage.Noun} died with the process that brought it; give it again.", context.Step.SecurityGroup);
        }

        var generation = new GenerationRecord
        {
            Kind = Carriage.Kind,
            SecurityGroup = context.Step.SecurityGroup,
            Number = Number(context),
            Fingerprint = fingerprint,
            State = GenerationState.Staged,
            CreatedAt = context.Time.GetUtcNow(),
            Author = context.Actor,
            Message = context.Message,
            Source = arguments.Get(Names.Source),
            Commit = arguments.Get(Names.Commit),
            Dirty = arguments.Get(Names.Dirty) == "true",
            Parent = arguments.GetOptionalInt32(Names.Parent),
            OperationId = context.OperationId,
        };
        await context.Store.RecordGenerationAsync(context.Token, generation, content);
        return Effect.Done(verified: true);
    }

    protected override Sight Look(StepContext context, GenerationRecord? generation) =>
        generation is { State: GenerationState.Staged or GenerationState.Confirmed } && generation.Fingerprint == context.Step.Arguments[Names.Fingerprint]
            ? Sight.Yes()
            : Sight.No("not recorded");
}

/// <summary>Marks a version as the group's own.</summary>
internal sealed class ConfirmVersionStep(Carriage carriage, VersionRetention retention) : VersionStep(carriage)
{
    public override string Kind => Carriage.Steps.VersionConfirm;

    public override async Task<Effect> ActAsync(StepContext context)
    {
        var confirmed = await SetStateAsync(context, GenerationState.Confirmed);
        await ForgetAsync(context);
        return confirmed;
    }

    /// <summary>What this leaves undone, the next sync does: it is no part of what the step promises.</summary>
    private async Task ForgetAsync(StepContext context)
    {
        var now = context.Time.GetUtcNow();
        var generations = await context.Store.FindGenerationsAsync(Carriage.Kind, context.Step.SecurityGroup);
        if (!retention.Candidates(generations, now).Any()) return;
        var expired = retention.Expired(generations, Number(context), await HeldAsync(context), now);
        if (expired.Count > 0) await context.Store.ForgetGenerationsAsync(context.Token, Carriage.Kind, context.Step.SecurityGroup, expired);
    }

    private async Task<IReadOnlyCollection<(int Number, string Fingerprint)>?> HeldAsync(StepContext context)
    {
        var carrier = Carriage.Of(context.Fabric);
        var view = await context.Topology.ObserveAsync();
        var members = view.Members.Where(m => m.SecurityGroup == context.Step.SecurityGroup).Select(MemberRef.Of);
        var seen = await Task.WhenAll(members.Select(m => carrier.ObserveAsync(m, context.Call.Cancellation)));
        return seen.All(s => s.Answered) ? [.. seen.SelectMany(PolicyVersionList.Held)] : null;
    }

    protected override Sight Look(StepContext context, GenerationRecord? generation) =>
        generation?.State == GenerationState.Confirmed ? Sight.Yes() : Sight.No("not confirmed");
}

/// <summary>Marks a version as one that did not stay.</summary>
internal sealed class RevertVersionStep(Carriage carriage) : VersionStep(carriage)
{
    public override string Kind => Carriage.Steps.VersionRevert;

    public override Task<Effect> ActAsync(StepContext context) => SetStateAsync(context, GenerationState.Reverted);

    protected override Sight Look(StepContext context, GenerationRecord? generation) =>
        generation is null or { State: GenerationState.Reverted } ? Sight.Yes() : Sight.No("still staged");
}
