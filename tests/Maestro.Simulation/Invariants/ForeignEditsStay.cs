using Maestro.Engine.Fabrics;
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

    public override bool WatchesWorld => true;

    public override void OnCall(LabCall call)
    {
        if (call is { Changed: true, Name: "topology.stage" }) RequireNothingWrittenOver(call);
        if (!call.Changed || call.Name is not ("topology.apply" or "topology.discard") || History.Witness.Find(call.OperationId) is not { } operation) return;
        if (operation.Record.Message == Told) return;
        var sent = History.Witness.FindSent(call.OperationId, call.StepId)!;
        foreach (var edit in _pending.Where(p => !World.Pending.Contains(p)))
        {
            // One machine's store knows the operations of all its controllers.
            if (History.Witness.Find(edit.OperationId)?.Machine == operation.Machine) continue;
            if (IsWrittenOver(edit)) continue;
            if (edit.StagedAt >= sent.At - LookToRequest || sent.Process.StoodStillIn(edit.StagedAt, sent.At)) continue;
            Require(false, $"{operation.Id} {operation.Record.Kind} {(call.Name == "topology.apply" ? "applied" : "discarded")} {edit.Edit.Kind} {edit.Edit.Gateway}{edit.Edit.SecurityGroup} of {edit.StagedBy}, pending since {edit.StagedAt:T}");
        }
    }

    private void RequireNothingWrittenOver(LabCall call)
    {
        var operation = History.Witness.Find(call.OperationId)!;
        var sent = History.Witness.FindSent(call.OperationId, call.StepId)!;
        foreach (var own in World.Pending.Where(p => p.OperationId == call.OperationId))
        {
            // What was written over before, in the moment between a look and a request, is pending no more.
            var foreign = _pending.FirstOrDefault(p => History.Witness.Find(p.OperationId)?.Machine != operation.Machine && IsSameThing(p.Edit, own.Edit) && !IsWrittenOver(p));
            if (foreign is null || foreign.StagedAt >= sent.At - LookToRequest || sent.Process.StoodStillIn(foreign.StagedAt, sent.At)) continue;
            // Taking back what was applied is no wish of its own.
            if (operation.Step(call.StepId) is null) continue;
            Require(foreign.Edit.Value == own.Edit.Value && foreign.Edit.Kind == own.Edit.Kind, $"{operation.Id} {operation.Record.Kind} staged {own.Edit.Kind} {own.Edit.Gateway}{own.Edit.SecurityGroup} over what {foreign.StagedBy} has pending since {foreign.StagedAt:T}");
        }
    }

    private bool IsWrittenOver(LabPendingEdit edit) => _pending.SkipWhile(p => p != edit).Skip(1).Any(p => IsSameThing(p.Edit, edit.Edit));

    private static bool IsSameThing(TopologyEdit a, TopologyEdit b) => (Subject(a), Property(a)) == (Subject(b), Property(b));

    private static string Subject(TopologyEdit edit) => edit.Gateway.Length > 0 ? edit.Gateway : edit.SecurityGroup;

    private static string Property(TopologyEdit edit) => edit.Kind switch
    {
        TopologyEditKind.CreateGroup or TopologyEditKind.DeleteGroup => "group",
        TopologyEditKind.AssignGateway or TopologyEditKind.UnassignGateway => "place",
        TopologyEditKind.SetMember => "member " + edit.Property,
        _ => edit.Property,
    };

    public override void AfterEvent()
    {
        if (_pending.Count != World.Pending.Count || (_pending.Count > 0 && !ReferenceEquals(_pending[^1], World.Pending[^1]))) _pending = [.. World.Pending];
    }
}
