using Maestro.Engine.Fabrics;
using Maestro.Engine.Model.Errors;
using Maestro.Engine.Operations.Running;
using Names = Maestro.Engine.Operations.Steps.StepArgumentNames;

namespace Maestro.Engine.Operations.Steps;

/// <summary>An orchestrator gives the addresses that neighbours send to to another one, and another one has them.</summary>
internal sealed class YieldStep : IStepHandler
{
    public string Kind => StepKinds.TrafficYield;

    public int Version => 1;

    public StepLimits Limits { get; } = new() { SettleTimeout = TimeSpan.FromSeconds(15), Late = ErrorCatalogue.OrchestratorNotReady };

    public bool LooksFirst => true;

    public Task<Effect> ActAsync(StepContext context) => Traffic(context).YieldAsync(context.Call, context.Step.SecurityGroup, context.Step.Arguments[Names.Orchestrator]);

    public async Task<Sight> LookAsync(StepContext context)
    {
        var seen = await Traffic(context).ObserveAsync(context.Step.SecurityGroup, context.Call.Cancellation);
        var having = seen.Orchestrators.Where(o => o.HasAddresses == true).Select(o => o.Orchestrator).ToList();
        var giving = context.Step.Arguments[Names.Orchestrator];
        if (having.Contains(giving)) return Sight.No($"{giving} has the addresses");
        return having.Count > 0 ? Sight.Yes($"{string.Join(", ", having)} has the addresses") : Sight.No("nobody was seen to have the addresses");
    }

    private static ITraffic Traffic(StepContext context) => context.Fabric.Traffic ?? throw context.Fabric.MissingFacet(FabricFacet.Traffic);
}
