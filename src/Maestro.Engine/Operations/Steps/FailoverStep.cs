using System.Globalization;
using Maestro.Engine.Fabrics;
using Maestro.Engine.Operations.Running;
using Maestro.Engine.Store;
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
        if (seen.Table.Slots.Members.FirstOrDefault(m => lost.Contains(m.Id.ToString())) is { Id: var left }) return Sight.No($"{left} still has slots");
        // Whose answer was lost at the first orchestrator has not told the second, nor the members: done is what every one goes by, and what was seen to its end.
        if (seen.OutOfStep.Count > 0) return Sight.No(string.Join("; ", seen.OutOfStep));
        var newest = (await TableHistory.ReadAsync(context.Store, context.Step.SecurityGroup)).FirstOrDefault();
        return newest == seen.Table ? Sight.Yes("none of the lost has slots") : Sight.No($"table version {seen.Table.Version.ToString(CultureInfo.InvariantCulture)} was not seen to its end yet");
    }

    private static string[] Of(StepContext context, string name) => context.Step.Arguments.Get(name).Split([','], StringSplitOptions.RemoveEmptyEntries);

    private static ITraffic Traffic(StepContext context) => context.Fabric.Traffic ?? throw context.Fabric.MissingFacet(FabricFacet.Traffic);
}
