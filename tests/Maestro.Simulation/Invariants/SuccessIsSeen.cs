using Maestro.Engine.Fabrics.Simulation.World;
using Maestro.Engine.Model.Groups;
using Maestro.Engine.Model.Operations;
using Maestro.Engine.Operations.Journal;
using Maestro.Simulation.Histories;

namespace Maestro.Simulation.Invariants;

/// <summary>
/// An operation that says it succeeded has what it wanted: one policy on all active members, joiners active, leavers gone, edits deployed.
/// One that says it was taken back leaves nobody that answers on the new side. One that a mode let go on without some says so, and names each of them.
/// </summary>
internal sealed class SuccessIsSeen(History history) : Invariant(history)
{
    public override string Name => "I4 success is seen";

    public override void OnState(OperationFacts operation)
    {
        if (operation.State == OperationState.Succeeded) RequireAllDone(operation);
        if (operation.Plan.Attributes.Get("prepareOnly") == "true") return;
        if (operation.Record.Kind == "SyncPolicy") Judge(operation, g => g.Policy);
        if (operation.Record.Kind == "SyncConfiguration") Judge(operation, g => g.Configuration);
    }

    /// <summary>A member that was left behind before the decision, and was brought forward after it, has the steps after it behind it.</summary>
    private void RequireAllDone(OperationFacts operation)
    {
        var decides = operation.Plan.Stages.Any(s => s.AfterDecision);
        foreach (var step in operation.Plan.Stages.Where(s => s.AfterDecision || !decides || operation.Mode.Length == 0).SelectMany(s => s.Steps))
        {
            Require(IsDone(operation, step.Id), $"{operation.Id} {operation.Record.Kind} says Succeeded, and its {step.Id} is not done");
        }
    }

    private static bool IsDone(OperationFacts operation, string stepId) => OutcomeOf(operation, stepId) is nameof(StepOutcome.Done) or nameof(StepOutcome.Already);

    private static bool HasFailed(OperationFacts operation, string stepId) => OutcomeOf(operation, stepId) is not (null or nameof(StepOutcome.Done) or nameof(StepOutcome.Already));

    private static string? OutcomeOf(OperationFacts operation, string stepId) => operation.Entries.FindLast(e => e.StepId == stepId && e.Kind is JournalEntryKind.StepEnded or JournalEntryKind.UndoEnded)?.Outcome;

    /// <summary>What was decided stays where it is until the later run that overtook it, and that is not through, comes by.</summary>
    private bool IsLeftToALaterOne(OperationFacts operation, LabGateway member, int number) => History.Witness.Operations.Any(o =>
        o.Record.Kind == operation.Record.Kind && o.Record.SecurityGroup == operation.Record.SecurityGroup && o.Plan.Attributes.GetInt32("generation") > number
        && o.State is not (OperationState.Succeeded or OperationState.RolledBack or OperationState.Failed or OperationState.Stopped)
        && (o.Unsettled.Contains(member.Member) || (o.Entries.Any(e => e.Kind == JournalEntryKind.Decided) && !IsDone(o, $"confirm/{member.Member}"))));

    /// <summary>Whoever stood still between his last look and this word says what was so then; with two stores another has brought a later one meanwhile.</summary>
    private bool WasOvertaken(OperationFacts operation, LabHolding holding, int number) => History.Machines.Count > 1 && holding.Running?.Number > number
        && operation.Process.StoodStillIn(operation.Entries.FindLast(e => e.StepId.StartsWith("confirm/", StringComparison.Ordinal))?.At ?? History.Now, History.Now);

    private void Judge(OperationFacts operation, Func<LabGateway, LabHolding> holding)
    {
        var kind = operation.Record.Kind;
        var fingerprint = operation.Plan.Attributes.Get("fingerprint");
        var number = operation.Plan.Attributes.GetInt32("generation");
        var members = World.MembersOf(operation.Record.SecurityGroup).Where(g => g.Carries).ToList();
        switch (operation.State)
        {
            case OperationState.Succeeded:
                foreach (var member in members.Where(m => !WasOvertaken(operation, holding(m), number)))
                {
                    Require(holding(member).Running?.Fingerprint == fingerprint, $"{operation.Id} {kind} says Succeeded, and active {member.Member} of '{member.Group}' runs #{holding(member).Running?.Number} instead of #{number}");
                    var drifted = History.DriftedAt.TryGetValue(member.Id, out var at) && at >= operation.RunBegan;
                    Require(kind != "SyncConfiguration" || drifted || LabItems.Prove(World, member, holding(member).Running!), $"{operation.Id} {kind} says Succeeded, and active {member.Member} of '{member.Group}' has other items than #{number} says");
                }

                break;

            case OperationState.Unsettled or OperationState.Stopped when operation.Mode.Length > 0 && operation.Entries.Any(e => e.Kind == JournalEntryKind.Decided):
                foreach (var step in operation.Plan.Stages.Where(s => s.Name == "confirm").SelectMany(s => s.Steps).Where(s => HasFailed(operation, s.Id) || !IsDone(operation, $"extend/{s.Member}")))
                {
                    // What was taken back after all left nobody behind.
                    if (OutcomeOf(operation, $"commit/{step.Member}") == nameof(StepOutcome.Undone)) continue;
                    // Another's later policy, or another group, is no side of this sync.
                    if (World.FindGateway(step.Gateway) is not { } gateway || gateway.Group != step.SecurityGroup || holding(gateway).Confirmed?.Number >= number) continue;
                    Require(operation.State == OperationState.Unsettled ? operation.Unsettled.Contains(step.Member) : operation.Reason.Contains(step.Member, StringComparison.Ordinal), $"{operation.Id} {kind} {operation.Mode} is {operation.State}, and does not name {step.Member}, which it left behind");
                }

                break;

            case OperationState.Stopped when operation.Entries.Any(e => e.Kind == JournalEntryKind.Decided):
                foreach (var member in members.Where(m => holding(m).Running is { } running && running.Fingerprint == fingerprint && running.Number == number))
                {
                    Require(IsLeftToALaterOne(operation, member, number), $"{operation.Id} {kind} is {operation.State}, and active {member.Member} of '{member.Group}' runs its #{number}, which no later run has still to take there");
                }

                break;

            case OperationState.RolledBack or OperationState.Failed or OperationState.Stopped or OperationState.Paused:
                if (operation.Plan.Stages.All(s => s.Name != "record")) return;
                foreach (var member in members)
                {
                    Require(holding(member).Running is not { } running || running.Fingerprint != fingerprint || running.Number != number, $"{operation.Id} {kind} is {operation.State}, and active {member.Member} of '{member.Group}' runs its #{number}");
                }

                break;
        }
    }
}
