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
internal sealed class AgreePolicyStep(Carriage carriage) : PolicyStep(carriage)
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
        var generation = await GenerationAsync(context, withContent: true);
        foreach (var member in await FindBehindAsync(context))
        {
            if (!context.IsClaimed) return Effect.Refused($"{member.Member} joined a group that had no members as this was planned", ErrorCatalogue.PlanStale);
            // A run that goes on long after may find another store's newer one.
            if (Carriage.HeldBy(member).Number is { } number && number > Number(context)) return Effect.Refused($"{member.Member} runs another's later #{number.ToString(CultureInfo.InvariantCulture)}", ErrorCatalogue.PlanStale);
            var reference = MemberRef.Of(member);
            Func<FabricCall, Task<Effect>>[] calls =
            [
                call => Carrier(context).StageAsync(call, reference, generation),
                call => Carrier(context).CommitAsync(call, reference, generation, ConnectionTreatment.Keep, ForwardPolicyStep.Extension),
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

    protected override Sight Look(StepContext context, PolicyObservation seen) => throw new NotSupportedException("This step is about all members.");

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
