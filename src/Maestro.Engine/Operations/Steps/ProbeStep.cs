using Maestro.Engine.Fabrics;
using Maestro.Engine.Fabrics.Probes;
using Maestro.Engine.Model.Errors;
using Maestro.Engine.Operations.Running;
using Names = Maestro.Engine.Operations.Steps.StepArgumentNames;

namespace Maestro.Engine.Operations.Steps;

/// <summary>Asks the user's question until the answer is good or the time for it is spent. Changes nothing.</summary>
internal sealed class ProbeStep : IStepHandler
{
    public string Kind => StepKinds.Probe;

    public int Version => 1;

    // What a policy lets through may need a moment to come: asked again until the plan's time for it is over.
    public StepLimits Limits { get; } = new() { CallTimeout = TimeSpan.FromSeconds(12), SettleTimeout = TimeSpan.FromSeconds(20), Attempts = int.MaxValue, OnlyAsks = true };

    public bool LooksFirst => false;

    public async Task<Effect> ActAsync(StepContext context)
    {
        var probes = context.Fabric.Probes ?? throw context.Fabric.MissingFacet(FabricFacet.Probes);
        var effect = await probes.AskAsync(context.Call, Probe.Parse(context.Step.Arguments[Names.Probe]), context.Step.Member.Length > 0 ? context.MemberRef : null);
        return effect.Kind == EffectKind.Unknown ? Effect.Refused(effect.Reason, ErrorCatalogue.ProbeFailed, effect.Evidence, transient: true) : effect;
    }

    public Task<Sight> LookAsync(StepContext context) => Task.FromResult(Sight.Unseen("only asking tells"));
}
