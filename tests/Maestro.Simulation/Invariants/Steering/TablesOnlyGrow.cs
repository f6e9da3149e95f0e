using Maestro.Engine.Fabrics.Simulation.World;
using Maestro.Engine.Model.Operations;
using Maestro.Engine.Operations.Journal;
using Maestro.Simulation.Histories;
using Maestro.Simulation.Steering;

namespace Maestro.Simulation.Invariants.Steering;

/// <summary>
/// An orchestrator never goes back to an earlier version, no slot's copy is kept by who carries it, and whoever says that a step has moved the table has moved it on every
/// orchestrator that he reached.
/// </summary>
internal sealed class TablesOnlyGrow(History history) : Invariant(history)
{
    private static readonly TimeSpan Meanwhile = TimeSpan.FromSeconds(10);

    private readonly Dictionary<string, DateTimeOffset> _downUntil = new(StringComparer.Ordinal);

    public override string Name => "Tables only grow";

    public override void OnPulse()
    {
        foreach (var orchestrator in History.Steered!.Orchestrators) if (!orchestrator.IsUp) _downUntil[orchestrator.Id] = History.Now;
    }

    public override void OnTableWritten(TableWrite write)
    {
        var (before, slots) = (write.Before, write.After.Slots);
        Require(before is null || write.After.Version > before.Version || write.After == before, $"{write.Orchestrator.Id} goes by version {write.After.Version} of '{write.Group}' after {before?.Version}");
        for (var slot = 0; slot < slots.SlotCount; slot++)
        {
            if (slots.ActiveOf(slot) is not { } active) continue;
            Require(slots.BackupOf(slot)?.Id != active.Id && slots.RemoteBackupOf(slot)?.Id != active.Id, $"{active} carries slot {slot} of '{write.Group}' and keeps its copy");
        }
    }

    public override void OnEntry(OperationFacts operation, JournalEntry entry)
    {
        if (entry.Kind != JournalEntryKind.StepEnded || entry.Outcome != nameof(StepOutcome.Done) || operation.Step(entry.StepId) is not { } step || step.SecurityGroup.Length == 0) return;
        var group = step.SecurityGroup;
        if (History.Steered!.LastChange(group) is not { } last || last.Key != operation.Id + "/" + entry.StepId || History.Now - last.At > Meanwhile) return;
        // What a failover left out it says, and the next change brings in step.
        if (entry.Reason.Contains("was left out", StringComparison.Ordinal) || entry.Evidence.Contains("was left out", StringComparison.Ordinal) || operation.Process.StoodStillIn(last.At, History.Now)) return;
        var newest = History.Steered.Newest(group);
        foreach (var orchestrator in History.Steered.Orchestrators)
        {
            if (_downUntil.TryGetValue(orchestrator.Id, out var at) && at > last.At - Meanwhile) continue;
            Require(orchestrator.Tables.GetValueOrDefault(group) == newest, $"{operation.Id} {operation.Record.Kind} says Done of {step.Id}, and {orchestrator.Id} goes by version {orchestrator.Tables.GetValueOrDefault(group)?.Version} of '{group}' instead of {newest?.Version}");
        }
    }
}
