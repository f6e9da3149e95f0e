using Maestro.Engine.Fabrics.Simulation.World;
using Maestro.Engine.Model.Groups;
using Maestro.Simulation.Histories;

namespace Maestro.Simulation.Invariants.Steering;

/// <summary>No member is called suspended while an orchestrator that goes by the group's table still sends it packets.</summary>
internal sealed class DrainedBeforeOut(History history) : Invariant(history)
{
    public override string Name => "I7 who is out carries nothing";

    public override void OnCall(LabCall call)
    {
        if (call is not { Changed: true, Name: "suspended" } || World.FindGateway(call.Subject) is not { Group.Length: > 0 } gateway) return;
        foreach (var orchestrator in History.Steered!.Orchestrators.Where(o => o.IsUp && !o.Behind.Contains(gateway.Group)))
        {
            var slots = orchestrator.Tables[gateway.Group].Slots.SlotsOf(MemberId.Parse(gateway.Member)).Count;
            Require(slots == 0, $"{call.OperationId} calls {gateway.Member} of '{gateway.Group}' suspended, and {orchestrator.Id} sends it the packets of {slots} slots");
        }
    }
}
