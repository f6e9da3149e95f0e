using Maestro.Engine.Fabrics.Simulation.World;
using Maestro.Simulation.Histories;

namespace Maestro.Simulation.Invariants;

/// <summary>What somebody else has pending is neither applied nor discarded by us unless we were told to.</summary>
/// <remarks>No fabric applies only if nothing has changed since the look: what is staged between our look and our request goes along, and is not counted.</remarks>
internal sealed class ForeignEditsStay(History history) : Invariant(history)
{
    private static readonly TimeSpan LookToRequest = TimeSpan.FromSeconds(1);

    /// <summary>What an operator says who means everybody's edits.</summary>
    public const string Told = "everybody's too";

    private List<LabPendingEdit> _pending = [];

    public override string Name => "I9 foreign edits stay";

    public override void OnCall(LabCall call)
    {
        if (!call.Changed || call.Name is not ("topology.apply" or "topology.discard") || History.Witness.Find(call.OperationId) is not { } operation) return;
        if (operation.Record.Message == Told) return;
        var sent = History.Witness.FindSent(call.OperationId, call.StepId)!;
        foreach (var edit in _pending.Where(p => !World.Pending.Contains(p)))
        {
            // One machine's store knows the operations of all its controllers.
            if (History.Witness.Find(edit.OperationId)?.Machine == operation.Machine) continue;
            if (edit.StagedAt >= sent.At - LookToRequest || sent.Process.StoodStillIn(edit.StagedAt, sent.At)) continue;
            Require(false, $"{operation.Id} {operation.Record.Kind} {(call.Name == "topology.apply" ? "applied" : "discarded")} {edit.Edit.Kind} {edit.Edit.Gateway}{edit.Edit.SecurityGroup} of {edit.StagedBy}, pending since {edit.StagedAt:T}");
        }
    }

    public override void AfterEvent()
    {
        if (_pending.Count != World.Pending.Count || (_pending.Count > 0 && !ReferenceEquals(_pending[^1], World.Pending[^1]))) _pending = [.. World.Pending];
    }
}
