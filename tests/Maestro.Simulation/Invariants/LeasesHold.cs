using Maestro.Engine.Fabrics;
using Maestro.Engine.Fabrics.Simulation.World;
using Maestro.Engine.Model.Operations;
using Maestro.Engine.Operations.Journal;
using Maestro.Simulation.Controllers;
using Maestro.Simulation.Histories;

namespace Maestro.Simulation.Invariants;

/// <summary>
/// A run that is under way in a process that lives and never stood still is not taken from it, nor gone on with twice in it; one that was told
/// it lost its claim begins nothing more. No apply touches a group that another has claimed.
/// </summary>
internal sealed class LeasesHold(History history) : Invariant(history)
{
    // Longer than any lease lives, so that whoever stood still within it may have lost one.
    private static readonly TimeSpan Past = TimeSpan.FromMinutes(2);

    // What may be under way already when the news comes.
    private static readonly TimeSpan News = TimeSpan.FromSeconds(1);

    private readonly Dictionary<(ControllerProcess Process, string Operation), DateTimeOffset> _lost = [];

    private readonly Dictionary<string, DateTimeOffset> _silentAt = new(StringComparer.Ordinal);

    // When whoever runs an operation began, and asked for claims.
    private readonly Dictionary<string, DateTimeOffset> _asked = new(StringComparer.Ordinal);

    private List<LabPendingEdit> _pending = [];

    public override string Name => "I5 a lease holds";

    public override bool WatchesWorld => true;

    public override void OnClaimLost(ControllerProcess process, string operationId) => _lost[(process, operationId)] = History.Now;

    public override void OnEntry(OperationFacts operation, JournalEntry entry)
    {
        if (entry.Kind != JournalEntryKind.StepStarting || !_lost.TryGetValue((operation.Process, operation.Id), out var at)) return;
        Require(History.Now - at <= News, $"{operation.Process.Name} began {entry.StepId} of {operation.Id} {(History.Now - at).TotalSeconds:0} s after it was told that its claim is lost");
    }

    public override void OnCall(LabCall call)
    {
        if (call is not { Changed: true, Name: "topology.apply" } || History.Witness.FindSent(call.OperationId, call.StepId) is not { } sent) return;
        // No fabric fences an apply: whoever lost his claim on the way is not counted, nor what was staged since his look.
        if (sent.Process.IsDead || sent.Process.StoodStillIn(sent.At - Past, call.At)) return;
        // Nor whoever could not renew it, for his disk was full.
        if (sent.Process.Machine.FullUntil >= sent.At) return;
        foreach (var edit in _pending.Where(p => p.Edit.SecurityGroup.Length > 0 && p.StagedAt < sent.At - News && !IsStagedOver(p)))
        {
            // Whom the apply itself brought into the group granted no claim of it; who boots or is lost says nothing of those that it granted.
            var other = World.Gateways.FirstOrDefault(g => HasAnsweredSince(g, call.OperationId) && !_pending.Any(p => p.Edit.Kind == TopologyEditKind.AssignGateway && p.Edit.Gateway == g.Id) && g.Group == edit.Edit.SecurityGroup && g.Holder is { } holder && holder.Until > call.At && holder.OperationId != call.OperationId && IsAtWork(holder.OperationId));
            Require(other is null, $"{call.OperationId} applied {edit.Edit.Kind} of '{edit.Edit.SecurityGroup}', which {other?.Holder?.OperationId} had claimed");
        }
    }

    /// <summary>A gateway that was staged into two groups, by two hands at one moment, went to the later one.</summary>
    private bool IsStagedOver(LabPendingEdit edit) => edit.Edit.Kind == TopologyEditKind.AssignGateway && World.FindGateway(edit.Edit.Gateway)?.Group != edit.Edit.SecurityGroup;

    private bool HasAnsweredSince(LabGateway gateway, string operationId) =>
        gateway.Answers && (!_silentAt.TryGetValue(gateway.Id, out var at) || !_asked.TryGetValue(operationId, out var asked) || at < asked - News);

    // A gateway that booted as its holder let go keeps the claim until it runs out.
    private bool IsAtWork(string operationId) => History.Witness.Find(operationId) is { State: OperationState.Running, IsReleased: false };

    public override void AfterEvent()
    {
        foreach (var gateway in World.Gateways)
        {
            if (!gateway.Answers) _silentAt[gateway.Id] = History.Now;
        }

        if (_pending.Count != World.Pending.Count || (_pending.Count > 0 && !ReferenceEquals(_pending[^1], World.Pending[^1]))) _pending = [.. World.Pending];
    }

    public override void OnBegan(OperationFacts operation) => _asked[operation.Id] = History.Now;

    public override void OnTakenOver(OperationFacts operation, ControllerProcess by)
    {
        _asked[operation.Id] = History.Now;
        _lost.Remove((by, operation.Id));
        var owner = operation.Process;
        if (operation.IsReleased || operation.State != OperationState.Running || owner.IsDead) return;
        Require(owner != by, $"{by.Name} goes on with {operation.Id} {operation.Record.Kind} a second time, and had not let go of it");
        Require(owner.StoodStillIn(History.Now - Past, History.Now), $"{by.Name} took {operation.Id} {operation.Record.Kind} over from {owner.Name}, which lives and had not let go of it");
    }
}
