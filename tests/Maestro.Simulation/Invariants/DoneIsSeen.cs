using Maestro.Engine.Clustering.Membership;
using Maestro.Engine.Fabrics.Simulation.World;
using Maestro.Engine.Model.Groups;
using Maestro.Engine.Model.Operations;
using Maestro.Engine.Operations.Journal;
using Maestro.Engine.Operations.Plans;
using Maestro.Simulation.Histories;

namespace Maestro.Simulation.Invariants;

/// <summary>A step that the journal calls done is done in the world, unless something else has happened there in the same moment.</summary>
internal sealed class DoneIsSeen(History history) : Invariant(history)
{
    private static readonly TimeSpan Pulse = TimeSpan.FromSeconds(1);
    private readonly Dictionary<string, LabCall> _ports = new(StringComparer.Ordinal);

    public override string Name => "I4 done is seen";

    public override void OnCall(LabCall call)
    {
        if (call is { Changed: true, Name: "port.set" }) _ports[call.Subject] = call;
    }

    public override void OnEntry(OperationFacts operation, JournalEntry entry)
    {
        if (entry.Kind is not (JournalEntryKind.StepEnded or JournalEntryKind.UndoEnded)) return;
        if (entry.Outcome is not (nameof(StepOutcome.Done) or nameof(StepOutcome.Already) or nameof(StepOutcome.Undone))) return;
        var step = operation.Step(entry.StepId);
        if (entry.Kind == JournalEntryKind.UndoEnded) step = step?.Inverse;
        if (step is null || IsSo(operation, step)) return;
        // Who left the group has nothing left to take back, and needs nothing confirmed.
        if ((entry.Kind == JournalEntryKind.UndoEnded || step.Kind.Split('.') is ["policy" or "configuration", "extend" or "confirm" or "revert"]) && step.Gateway.Length > 0 && World.FindGateway(step.Gateway)?.Group != step.SecurityGroup) return;
        // Whoever stood still between the answer and the journal writes what was so then; with two stores another had the group meanwhile.
        if (History.Machines.Count > 1 && operation.Process.StoodStillIn(History.Now - Pulse, History.Now)) return;
        // Who stood still between his look and this word has seen what was so then.
        if (operation.Process.StoodStillIn(History.LastIncident, History.Now)) return;
        // Nobody claims a port: with two stores the later hand wins, and either has seen its own.
        if (step.Kind == "port.set" && _ports.TryGetValue(step.Arguments["port"], out var last) && last.OperationId != operation.Id && last.At > History.Now - Pulse) return;
        Require(History.SomethingElseHappened, $"{operation.Id} {operation.Record.Kind} says {entry.Outcome} of {step.Kind} {step.Subject} ({step.Id}), and in the world it is not so");
    }

    private bool IsSo(OperationFacts operation, PlanStep step)
    {
        var gateway = step.Gateway.Length == 0 ? null : World.FindGateway(step.Gateway);
        var isMember = gateway is not null && gateway.Group == step.SecurityGroup;
        var arguments = step.Arguments;
        switch (step.Kind)
        {
            case "member.suspend":
                return isMember ? gateway!.State == MemberState.Suspended : HasLeft(gateway, arguments.Get("leavesFor"));
            case "member.resume" or "member.activate":
                return isMember && gateway!.State == MemberState.Active;
            case "member.await" when arguments.Get("states").Length == 0:
                return !isMember && gateway!.LeavingGroup != step.SecurityGroup;
            case "member.await":
                return isMember && arguments["states"].Split(',').Contains(gateway!.State.ToString());
            case "policy.stage" or "configuration.stage":
                return isMember && HoldingOf(step, gateway!).Staged.Contains(Generation(arguments));
            case "policy.commit" or "policy.check" or "policy.extend" or "configuration.extend":
                return isMember && HoldingOf(step, gateway!).Running == Generation(arguments);
            case "configuration.commit" or "configuration.check":
                return isMember && gateway!.Configuration.Running == Generation(arguments) && LabItems.Prove(World, gateway, Generation(arguments));
            case "policy.confirm" or "configuration.confirm":
                return isMember && HoldingOf(step, gateway!).Confirmed == Generation(arguments);
            case "policy.revert" or "configuration.revert":
                return isMember && HoldingOf(step, gateway!).Running == HoldingOf(step, gateway!).Confirmed;
            case "probe":
                return arguments["probe"] == "exec:true";
            case "topology.stage":
                var pending = LabViews.View(LabTopology.WithPending(World), History.Now);
                return PlanSerializer.EditsFromJson(arguments["edits"]).All(e => TopologyEdits.IsSeen(e, pending));
            case "topology.apply" or "topology.restore":
                var deployed = LabViews.View(World, History.Now);
                var edits = PlanSerializer.EditsFromJson(arguments["edits"]);
                return edits.All(e => TopologyEdits.IsSeen(e, deployed) || (step.Kind == "topology.restore" && TopologyEdits.IsOfFormer(e, edits, deployed)));
            case "topology.discard":
                var left = LabPending.Differences(World).Where(p => !NothingStaysStaged.IsUnseen(p, History.Now)).ToList();
                return arguments["operation"] switch
                {
                    "*" => left.Count == 0,
                    "this" => left.All(p => p.Operation != operation.Id),
                    var ids => left.All(p => !ids.Split(',').Contains(p.Operation)),
                };
            case "port.set":
                var port = World.Ports.First(p => p.Id == arguments["port"]);
                return arguments.GetOptionalInt32("mtu") is not { } mtu || port.Mtu == mtu;
            default:
                return true;
        }
    }

    /// <summary>Whoever is taken out to leave hands nothing over once he has left, for where he was to go.</summary>
    private static bool HasLeft(LabGateway? gateway, string leavesFor) => leavesFor == "*" || (leavesFor.Length > 0 && gateway?.Group == leavesFor);

    private static LabHolding HoldingOf(PlanStep step, LabGateway gateway) => step.Kind.StartsWith("configuration.", StringComparison.Ordinal) ? gateway.Configuration : gateway.Policy;

    private static LabGeneration Generation(StepArguments arguments) => new(arguments.GetInt32("generation"), arguments["fingerprint"]);
}
