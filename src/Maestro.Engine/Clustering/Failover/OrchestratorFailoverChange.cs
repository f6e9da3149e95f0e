using Maestro.Engine.Fabrics;
using Maestro.Engine.Model.Errors;
using Maestro.Engine.Operations.Leases;
using Maestro.Engine.Operations.Plans;
using Maestro.Engine.Operations.Steps;
using Names = Maestro.Engine.Operations.Steps.StepArgumentNames;

namespace Maestro.Engine.Clustering.Failover;

/// <summary>An orchestrator gives the addresses that neighbours send to to another one of them, which must be in step.</summary>
public sealed record OrchestratorFailoverChange : ChangeRequest
{
    public override string Kind => "OrchestratorFailover";

    public override string SecurityGroup => Group;

    public override bool NeedsDistributions => true;

    public required string Group { get; init; }

    /// <summary>Its id.</summary>
    public required string Orchestrator { get; init; }

    public override Plan Plan(ObservedWorld world)
    {
        var group = world.Group(Group);
        world.Require(FabricFacet.Traffic);
        if (world.Deployed.Orchestrators.All(o => o.Id != Orchestrator)) throw new MaestroException(ErrorCatalogue.OrchestratorNotFound, $"There is no orchestrator '{Orchestrator}'.", Orchestrator);
        var seen = world.Distributions.First(d => d.SecurityGroup == group.Name).Orchestrators;
        var own = seen.FirstOrDefault(o => o.Orchestrator == Orchestrator);
        if (own is not { HasAddresses: { } has }) throw Cannot(world, own);

        // Other groups go the same way: the addresses are the host's.
        var along = world.Distributions.Where(d => d.SecurityGroup != group.Name && d.Orchestrators.Any(o => o.Orchestrator == Orchestrator)).Select(d => d.SecurityGroup).OrderBy(n => n, StringComparer.Ordinal).ToList();
        var decision = has
            ? new Decision($"orchestrator {Orchestrator}", $"gives its addresses to {FindReady(world, seen, along)}")
            : new Decision($"orchestrator {Orchestrator}", "has none of the addresses", Acts: false);
        return new Plan
        {
            Kind = Kind,
            SecurityGroup = group.Name,
            Resources = [Resource.Traffic(group.Name)],
            Stages = has ? [new PlanStage { Name = "addresses", Steps = [Step(group.Name)] }] : [],
            Decisions = [decision],
            Warnings = has && along.Count > 0 ? [$"The traffic of {string.Join(", ", along)} goes along: it enters over the same orchestrator."] : [],
            FailurePolicy = FailurePolicy.Stop,
        };
    }

    /// <summary>Ids of those that can take over: in step for this group, and for those whose traffic goes along.</summary>
    /// <exception cref="MaestroException"><c>OrchestratorNotReady</c>.</exception>
    private string FindReady(ObservedWorld world, IReadOnlyList<OrchestratorTraffic> seen, IReadOnlyList<string> along)
    {
        var others = seen.Where(o => o.Orchestrator != Orchestrator && (o.HasAddresses is not null || !o.Answers)).ToList();
        var faults = others.Select(o => (o.Orchestrator, Fault: FaultOf(world, o, along))).ToList();
        var ready = faults.Where(f => f.Fault.Length == 0).Select(f => f.Orchestrator).ToList();
        if (ready.Count > 0) return string.Join(" or ", ready);
        var why = faults.Count == 0 ? "no other orchestrator shares its addresses" : string.Join("; ", faults.Select(f => $"{f.Orchestrator} {f.Fault}"));
        throw new MaestroException(ErrorCatalogue.OrchestratorNotReady, $"{Orchestrator} keeps its addresses: {why}. Nothing was sent.", Orchestrator);
    }

    private static string FaultOf(ObservedWorld world, OrchestratorTraffic other, IReadOnlyList<string> along)
    {
        if (!other.Answers) return other.Fault.Length > 0 ? other.Fault : "does not answer";
        if (other.Fault.Length > 0) return other.Fault;
        if (other.Lack.Length > 0) return "lacks something: " + other.Lack;
        foreach (var traffic in world.Distributions.Where(d => along.Contains(d.SecurityGroup)))
        {
            if (traffic.Orchestrators.FirstOrDefault(o => o.Orchestrator == other.Orchestrator) is not { Answers: true } there) return $"does not steer '{traffic.SecurityGroup}'";
            if (there.Fault.Length > 0) return $"is out of step for '{traffic.SecurityGroup}': {there.Fault}";
        }

        return "";
    }

    private MaestroException Cannot(ObservedWorld world, OrchestratorTraffic? own) =>
        own is { Answers: false }
            ? new MaestroException(ErrorCatalogue.OrchestratorNotReady, $"{Orchestrator} does not answer, so nobody can tell it to give up its addresses; where another one is ready, that one has them by now. Nothing was sent.", Orchestrator, "Get-Orchestrator and Test-SecurityGroup -Check Distribution say how they are.")
            : new MaestroException(ErrorCatalogue.FabricCannot, $"{Orchestrator} on '{world.Traits.Endpoint}' shares no addresses with another orchestrator, so it has none to give. Nothing was sent.", Orchestrator, "The inventory key 'virtualAddress' of an orchestrator's ports names them; the two of a pair have the same.");

    private PlanStep Step(string group) => new()
    {
        Id = $"traffic/yield/{Orchestrator}",
        Kind = StepKinds.TrafficYield,
        Subject = $"orchestrator {Orchestrator}",
        SecurityGroup = group,
        Arguments = StepArguments.Of((Names.Orchestrator, Orchestrator)),
        Reason = "neighbours send to the other one from now on",
    };
}
