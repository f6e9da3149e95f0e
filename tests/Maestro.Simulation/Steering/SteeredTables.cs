using Maestro.Engine.Clustering.Distribution;
using Maestro.Engine.Fabrics;
using Maestro.Engine.Fabrics.Linux.Inventory;
using Maestro.Engine.Fabrics.Linux.Ssh;
using Maestro.Engine.Fabrics.Linux.Traffic;
using Maestro.Engine.Model.Errors;

namespace Maestro.Simulation.Steering;

/// <summary>The simulated orchestrators, as one controller reaches them.</summary>
internal sealed class SteeredTables(HostCalls hosts) : ISteering
{
    public InventoryFile Inventory => hosts.World.Inventory;

    public async Task<SteeringOverview> ListAsync(CancellationToken cancellation)
    {
        var rules = new Dictionary<int, FlowRules>();
        var answers = new Dictionary<string, bool>(StringComparer.Ordinal);
        foreach (var orchestrator in hosts.World.Orchestrators)
        {
            answers[orchestrator.Id] = orchestrator.IsUp;
            foreach (var group in hosts.History.World.State.Groups) if (orchestrator.Tables.TryGetValue(group.Name, out var table)) rules.TryAdd(group.Id, table.Rules);
        }

        return await Task.FromResult(new SteeringOverview(rules, answers));
    }

    public async Task<IReadOnlyList<SteeringSight>> SeeAsync(SteeredGroup group, CancellationToken cancellation, TimeSpan? patience = null) =>
        await Task.WhenAll(Of(group).Select(o => hosts.AskAsync(o.Id, () => o.IsUp, () => Sight(o, group, answers: true), () => Sight(o, group, answers: false), patience)));

    public string FaultOf(SteeredGroup group, SteeringSight seen) => seen.Listing is null ? "does not answer: " + seen.Answer.Output : "";

    public async Task<Effect> WriteAsync(FabricCall call, SteeredGroup group, DistributionTable table, SteeringSight seen, bool isAhead, bool isHurried)
    {
        var orchestrator = hosts.World.Orchestrators.First(o => o.Id == seen.Id);
        var effect = await hosts.TellAsync(call, "steer", orchestrator.Id, () => orchestrator.IsUp, c => hosts.World.Write(orchestrator, group.Name, table, seen.Listing!.Version, c, hosts.Process));
        if (effect.Kind != EffectKind.Done) return effect.Reason.Length == 0 ? effect : effect with { Reason = $"{seen.Id}: {effect.Reason}" };
        // The script that takes the table lists it, too: who says that it has it and has not is found out.
        return orchestrator.Tables.GetValueOrDefault(group.Name) is { } there && there == table
            ? effect
            : Effect.Refused($"{seen.Id} says that it took the table, but lists another table than it was given", ErrorCatalogue.DistributionNotProven);
    }

    public Task<Effect> YieldAsync(FabricCall call, InventoryOrchestrator orchestrator) => throw new NotSupportedException("No orchestrator of such a history shares addresses.");

    public Task<Effect> RemoveAsync(FabricCall call, SteeredGroup group) => throw new NotSupportedException("No group of such a history is removed.");

    private IEnumerable<SteeredOrchestrator> Of(SteeredGroup group)
    {
        var steering = group.OrchestratorsOf(Inventory).Select(o => o.Host.Id).ToList();
        return hosts.World.Orchestrators.Where(o => steering.Contains(o.Id));
    }

    private static SteeringSight Sight(SteeredOrchestrator orchestrator, SteeredGroup group, bool answers)
    {
        var table = orchestrator.Tables.GetValueOrDefault(group.Name);
        return answers
            ? new SteeringSight(orchestrator.Inventory, new ScriptAnswer(ScriptOutcome.Answered, 0, ""), new SteeringListing { Version = SteeredWorld.VersionOf(table), Table = table }, [])
            : new SteeringSight(orchestrator.Inventory, new ScriptAnswer(ScriptOutcome.NotSent, -1, "no answer"), null, []);
    }
}
