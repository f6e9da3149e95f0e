using System.Globalization;
using Maestro.Engine.Fabrics;
using Maestro.Engine.Model.Errors;
using Maestro.Engine.Model.Groups;
using Maestro.Engine.Operations.Plans;
using Maestro.Engine.Operations.Running;

namespace Maestro.Engine.Operations.Steps;

/// <summary>
/// Sees that every active member of the group holds the generation, also one that came after the sync was planned: it may have
/// fetched the older policy a moment before the others confirmed the new one. Such a one is brought along; one that a mode left behind is
/// named already.
/// </summary>
internal sealed class AgreeGenerationStep(Carriage carriage) : GenerationStep(carriage)
{
    /// <summary>Members come and go: what was seen before a run was taken up again says nothing.</summary>
    public static readonly TimeSpan CountsFor = TimeSpan.FromSeconds(30);

    public override string Kind => Carriage.Steps.Agree;

    public override bool LooksFirst => true;

    public override async Task<Sight> LookAsync(StepContext context)
    {
        var behind = await FindBehindAsync(context);
        return behind.Count == 0
            ? Sight.Yes("every active member holds it")
            : Sight.No(string.Join("; ", behind.Select(m => $"active {m.Member} runs #{Carriage.HeldBy(m).Number?.ToString(CultureInfo.InvariantCulture) ?? "none"}")));
    }

    public override async Task<Effect> ActAsync(StepContext context)
    {
        var behind = await FindBehindAsync(context);
        if (behind.Count > 0 && !context.IsClaimed) return Effect.Refused($"{behind[0].Member} joined a group that had no members as this was planned", ErrorCatalogue.PlanStale);
        if (await FindOvertakenAsync(context, behind) is { } overtaken) return overtaken;
        // Of one that was overtaken nobody may have it any more, and nobody needs it.
        var generation = await GenerationAsync(context, withContent: true);
        foreach (var member in behind)
        {
            var reference = MemberRef.Of(member);
            Func<FabricCall, Task<Effect>>[] calls =
            [
                call => Carrier(context).StageAsync(call, reference, generation),
                call => Carrier(context).CommitAsync(call, reference, generation, ConnectionTreatment.Keep, ForwardGenerationStep.Extension),
                call => Carrier(context).ConfirmAsync(call, reference, generation),
            ];
            for (var i = 0; i < calls.Length; i++)
            {
                var effect = await calls[i](context.Call with { StepId = $"{context.Call.StepId}/{member.Member}/{i.ToString(CultureInfo.InvariantCulture)}" });
                if (effect.Kind is EffectKind.Refused or EffectKind.Unknown) return effect;
            }
        }

        return Effect.Done();
    }

    /// <summary>A run that goes on long after may find another store's newer one. What that run confirmed nowhere goes back, to ours.</summary>
    private async Task<Effect?> FindOvertakenAsync(StepContext context, IEnumerable<GroupMember> behind)
    {
        foreach (var member in behind.Where(m => Carriage.HeldBy(m).Number > Number(context)))
        {
            var seen = await Carrier(context).ObserveAsync(MemberRef.Of(member), context.Call.Cancellation);
            if (!seen.Answered) return Effect.Refused($"{member.Member} does not say what it has confirmed", ErrorCatalogue.MemberUnreachable, transient: true);
            if (seen.ConfirmedGeneration > Number(context)) return Effect.Refused($"{member.Member} runs another's later #{seen.ConfirmedGeneration?.ToString(CultureInfo.InvariantCulture)}", ErrorCatalogue.PlanStale);
        }

        return null;
    }

    protected override Sight Look(StepContext context, GenerationObservation seen) => throw new NotSupportedException("This step is about all members.");

    private async Task<IReadOnlyList<GroupMember>> FindBehindAsync(StepContext context)
    {
        var behind = context.LeftBehind();
        var view = await context.Topology.ObserveAsync();
        return
        [
            .. view.Members.Where(m => m.SecurityGroup == context.Step.SecurityGroup && m.State is MemberState.Active or MemberState.Standby && !behind.Contains(m.Gateway)
                && Carriage.HeldBy(m) != (Number(context), Fingerprint(context))),
        ];
    }
}
