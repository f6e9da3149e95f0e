using Maestro.Engine.Fabrics;
using Maestro.Engine.Operations.Running;
using Names = Maestro.Engine.Operations.Steps.StepArgumentNames;

namespace Maestro.Engine.Operations.Steps;

/// <summary>Brings a group's table to its members but those who are lost. The fabric looks at the table itself, and writes it on top of what it saw there.</summary>
internal sealed class FailoverStep : IStepHandler
{
    public string Kind => StepKinds.TrafficFailover;

    public int Version => 1;

    public StepLimits Limits { get; } = new() { MovesTraffic = true, Attempts = 5 };

    public bool LooksFirst => false;

    public Task<Effect> ActAsync(StepContext context) => Traffic(context).FollowAsync(context.Call, context.Step.SecurityGroup, Of(context, Names.Lost), Of(context, Names.NotYet));

    public async Task<Sight> LookAsync(StepContext context)
    {
        var seen = await Traffic(context).ObserveAsync(context.Step.SecurityGroup, context.Call.Cancellation);
        var lost = Of(context, Names.Lost);
        return seen.Table.Slots.Members.FirstOrDefault(m => lost.Contains(m.Id.ToString())) is { Id: var left } ? Sight.No($"{left} still has slots") : Sight.Yes("none of the lost has slots");
    }

    private static string[] Of(StepContext context, string name) => context.Step.Arguments.Get(name).Split([','], StringSplitOptions.RemoveEmptyEntries);

    private static ITraffic Traffic(StepContext context) => context.Fabric.Traffic ?? throw context.Fabric.MissingFacet(FabricFacet.Traffic);
}
