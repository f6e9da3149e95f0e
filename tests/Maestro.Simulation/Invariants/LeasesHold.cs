using Maestro.Engine.Model.Operations;
using Maestro.Engine.Operations.Journal;
using Maestro.Simulation.Controllers;
using Maestro.Simulation.Histories;

namespace Maestro.Simulation.Invariants;

/// <summary>A run that is under way in a process that lives and never stood still is not taken from it; one that was told it lost its claim begins nothing more.</summary>
internal sealed class LeasesHold(History history) : Invariant(history)
{
    // Longer than any lease lives, so that whoever stood still within it may have lost one.
    private static readonly TimeSpan Past = TimeSpan.FromMinutes(2);

    // What may be under way already when the news comes.
    private static readonly TimeSpan News = TimeSpan.FromSeconds(1);

    private readonly Dictionary<(ControllerProcess Process, string Operation), DateTimeOffset> _lost = [];

    public override string Name => "I5 a lease holds";

    public override void OnClaimLost(ControllerProcess process, string operationId) => _lost[(process, operationId)] = History.Now;

    public override void OnEntry(OperationFacts operation, JournalEntry entry)
    {
        if (entry.Kind != JournalEntryKind.StepStarting || !_lost.TryGetValue((operation.Process, operation.Id), out var at)) return;
        Require(History.Now - at <= News, $"{operation.Process.Name} began {entry.StepId} of {operation.Id} {(History.Now - at).TotalSeconds:0} s after it was told that its claim is lost");
    }

    public override void OnTakenOver(OperationFacts operation, ControllerProcess by)
    {
        _lost.Remove((by, operation.Id));
        var owner = operation.Process;
        if (owner == by || operation.IsReleased || operation.State != OperationState.Running || owner.IsDead) return;
        Require(owner.StoodStillIn(History.Now - Past, History.Now), $"{by.Name} took {operation.Id} {operation.Record.Kind} over from {owner.Name}, which lives and had not let go of it");
    }
}
