using Maestro.Engine.Model.Groups;
using Maestro.Engine.Model.Operations;
using Maestro.Simulation.Histories;

namespace Maestro.Simulation.Invariants;

/// <summary>
/// An operation that says it succeeded has what it wanted: one policy on all active members, joiners active, leavers gone, edits deployed.
/// One that says it was taken back leaves nobody that answers on the new side.
/// </summary>
internal sealed class SuccessIsSeen(History history) : Invariant(history)
{
    public override string Name => "I4 success is seen";

    public override void OnState(OperationFacts operation)
    {
        if (operation.Record.Kind == "SyncPolicy" && operation.Plan.Attributes.Get("prepareOnly") != "true") JudgePolicy(operation);
    }

    private void JudgePolicy(OperationFacts operation)
    {
        var fingerprint = operation.Plan.Attributes.Get("fingerprint");
        var number = operation.Plan.Attributes.GetInt32("generation");
        var members = World.MembersOf(operation.Record.SecurityGroup).Where(g => g.Carries).ToList();
        switch (operation.State)
        {
            case OperationState.Succeeded:
                foreach (var member in members)
                {
                    Require(member.Running?.Fingerprint == fingerprint, $"{operation.Id} SyncPolicy says Succeeded, and active {member.Member} of '{member.Group}' runs #{member.Running?.Number} instead of #{number}");
                }

                break;

            case OperationState.RolledBack or OperationState.Failed or OperationState.Stopped or OperationState.Paused:
                if (operation.Plan.Stages.All(s => s.Name != "record")) return;
                foreach (var member in members)
                {
                    Require(member.Running is not { } running || running.Fingerprint != fingerprint || running.Number != number, $"{operation.Id} SyncPolicy is {operation.State}, and active {member.Member} of '{member.Group}' runs its #{number}");
                }

                break;
        }
    }
}
