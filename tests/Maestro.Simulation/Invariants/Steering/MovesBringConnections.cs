using Maestro.Engine.Model.Operations;
using Maestro.Engine.Operations.Journal;
using Maestro.Simulation.Histories;
using Maestro.Simulation.Steering;

namespace Maestro.Simulation.Invariants.Steering;

/// <summary>
/// A planned move of slots loses nothing: what its controller was told of a connection's old owner is known to the new one before packets go there, and what began since
/// is when the step is done.
/// </summary>
internal sealed class MovesBringConnections(History history) : Invariant(history)
{
    /// <summary>Who started anew so short a time ago may have lost again what it was given.</summary>
    public static readonly long JustNow = TimeSpan.FromMinutes(1).Ticks;

    private static readonly long Late = TimeSpan.FromSeconds(5).Ticks;

    private readonly Dictionary<string, List<(Conversation Conversation, SteeredHost From)>> _late = new(StringComparer.Ordinal);
    private readonly Dictionary<int, long> _lostAt = [];
    private readonly Dictionary<string, long> _newest = new(StringComparer.Ordinal);

    public override string Name => "I7 planned moves bring connections along";

    private SteeredWorld Steered => History.Steered!;

    /// <summary>By group, as of the last pulse: a pair is written within one.</summary>
    public override void OnPulse()
    {
        foreach (var group in World.Groups) _newest[group.Name] = Steered.Newest(group.Name)?.Version ?? 0;
    }

    public override void OnKernelLost(SteeredHost host) => _lostAt[host.Index] = Steered.Now;

    public override void OnTableWritten(TableWrite write)
    {
        // Who was behind sent packets by a table that nobody else went by, and nobody could bring what came of that.
        if (write.Before is not { } before || _newest.GetValueOrDefault(write.Group) > before.Version || Failovers.LostIn(History, write.Call) is { Count: > 0 }) return;
        foreach (var conversation in Steered.LivingIn(write.Group))
        {
            if (Steered.WayOf(conversation) != write.Orchestrator) continue;
            var from = Steered.HostOf(write.Group, before.Slots.ActiveOf(conversation.SlotIn(before)));
            var to = Steered.HostOf(write.Group, write.After.Slots.ActiveOf(conversation.SlotIn(write.After)));
            if (from is null || to is null || from == to || !from.Gateway.Answers || !conversation.IsKnownTo(from.Index) || conversation.IsKnownTo(to.Index)) continue;
            // Who fell silent, or lost what it was given, is a fault and no matter of the move.
            if (!to.Gateway.Answers || HasJustBeenLost(to) || HasJustBeenLost(from) || from.AnswersSince > Steered.Now - JustNow || Steered.MissedAt(from, write.Process) > Steered.Now - JustNow) continue;
            // What began shortly before may be on its way: looks go on while the table changes. Of what began while whoever moves it stood still the next look tells.
            if (Steered.ListedAt(from, write.Process) is { } listed && (conversation.Since > listed - Late || write.Process.StoodStillIn(History.Now - TimeSpan.FromTicks(Steered.Now - conversation.Since), History.Now)))
            {
                if (!_late.TryGetValue(write.Call.IdempotencyKey, out var late)) _late[write.Call.IdempotencyKey] = late = [];
                late.Add((conversation, from));
                continue;
            }

            Require(false, $"{write.Call.OperationId} sends the packets of connection {conversation.Number}, {TimeSpan.FromTicks(Steered.Now - conversation.Since).TotalSeconds:0.0} s old, from {from.Gateway.Member} to {to.Gateway.Member}, which does not know it");
        }
    }

    public override void OnEntry(OperationFacts operation, JournalEntry entry)
    {
        if (entry.Kind is not (JournalEntryKind.StepEnded or JournalEntryKind.UndoEnded) || !_late.Remove(operation.Id + "/" + entry.StepId, out var late) || entry.Outcome != nameof(StepOutcome.Done)) return;
        foreach (var (conversation, from) in late)
        {
            if (!Steered.Conversations.Contains(conversation) || conversation.UnservedSince is null || !from.Gateway.Answers || !conversation.IsKnownTo(from.Index)) continue;
            if (Steered.TargetOf(conversation) is not { Forwards: true } to || conversation.IsKnownTo(to.Index) || HasJustBeenLost(to) || entry.Evidence.Contains("was not asked to the end", StringComparison.Ordinal)) continue;
            Require(false, $"{operation.Id} {operation.Record.Kind} says Done of {entry.StepId}, and {to.Gateway.Member} does not know connection {conversation.Number}, which began at {from.Gateway.Member} as its slot moved");
        }
    }

    private bool HasJustBeenLost(SteeredHost host) => _lostAt.TryGetValue(host.Index, out var at) && Steered.Now - at < JustNow;
}
