using System.Globalization;
using Maestro.Engine.Clustering.Distribution;
using Maestro.Engine.Fabrics;
using Maestro.Engine.Operations.Running;
using Maestro.Engine.Store;

namespace Maestro.Engine.Operations.Steps;

/// <summary>
/// Gives the distribution other rules, and keeps the table in the store's history. The table is what the orchestrators have at that moment: when it moved
/// between looking and writing, the runner looks again.
/// </summary>
internal sealed class TrafficRulesStep : IStepHandler
{
    public string Kind => StepKinds.TrafficRules;

    public int Version => 1;

    public StepLimits Limits { get; } = new() { MovesTraffic = true };

    public bool LooksFirst => true;

    public async Task<Sight> LookAsync(StepContext context)
    {
        var seen = await SeenAsync(context);
        var table = seen.Table;
        if (seen.OutOfStep.Count > 0) return Sight.No(string.Join("; ", seen.OutOfStep));
        if (!ReferenceEquals(Wanted(context, table), table)) return Sight.No($"distributes by {table.Rules.Words} over {Text(table.Slots.SlotCount)} slots");
        var newest = (await TableHistory.ReadAsync(context.Store, context.Step.SecurityGroup)).FirstOrDefault();
        return newest == table ? Sight.Yes($"table version {Text(table.Version)}") : Sight.No($"table version {Text(table.Version)} is not in the history yet");
    }

    public async Task<Effect> ActAsync(StepContext context)
    {
        var table = (await SeenAsync(context)).Table;
        var wanted = Wanted(context, table);
        // Also where it is there already: what its change began may have to be finished.
        var effect = await Traffic(context).ApplyAsync(context.Call, context.Step.SecurityGroup, wanted, table.Version);
        // What is not known to be there is not kept: who looks for it finds that out, and acts again.
        if (effect.Kind is EffectKind.Done or EffectKind.Already) await TableHistory.AddAsync(context.Store, context.Token, context.Step.SecurityGroup, wanted);
        return effect;
    }

    private static DistributionTable Wanted(StepContext context, DistributionTable table)
    {
        var (rules, slots) = SetDistributionChange.RulesOf(context.Step.Arguments, table.Rules);
        return table.With(rules, slots);
    }

    private static ITraffic Traffic(StepContext context) => context.Fabric.Traffic ?? throw context.Fabric.MissingFacet(FabricFacet.Traffic);

    private static Task<GroupTraffic> SeenAsync(StepContext context) => Traffic(context).ObserveAsync(context.Step.SecurityGroup, context.Call.Cancellation);

    private static string Text(long value) => value.ToString(CultureInfo.InvariantCulture);
}
