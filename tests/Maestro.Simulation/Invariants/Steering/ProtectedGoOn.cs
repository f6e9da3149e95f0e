using Maestro.Simulation.Histories;
using Maestro.Simulation.Steering;

namespace Maestro.Simulation.Invariants.Steering;

/// <summary>
/// A connection that had its copy where it belongs goes on when its member loses its power: its slot is given to one who knows it, as long as whoever kept the copy lives.
/// </summary>
internal sealed class ProtectedGoOn(History history) : Invariant(history)
{
    private int _pulses;

    public override string Name => "I7 protected connections go on";

    private SteeredWorld Steered => History.Steered!;

    /// <summary>Who keeps which connection now.</summary>
    public override void OnPulse()
    {
        if (++_pulses % 4 != 0) return;
        foreach (var conversation in Steered.Conversations.Where(c => !c.IsOver))
        {
            conversation.Keepers = 0;
            if (conversation.UnservedSince is not null || Steered.Newest(conversation.Group) is not { } table) continue;
            var slot = conversation.SlotIn(table);
            foreach (var backup in new[] { table.Slots.BackupOf(slot), table.Slots.RemoteBackupOf(slot) })
            {
                if (Steered.HostOf(conversation.Group, backup) is { Gateway.Answers: true } host && conversation.IsKnownTo(host.Index)) conversation.Keepers |= Conversation.Bit(host.Index);
            }
        }
    }

    public override void OnKernelLost(SteeredHost host)
    {
        foreach (var conversation in Steered.Conversations)
        {
            conversation.Owed &= ~Conversation.Bit(host.Index);
            if (conversation.Keepers != 0 && host.Gateway.Group == conversation.Group && Steered.TargetOf(conversation) == host) conversation.Owed = conversation.Keepers & ~Conversation.Bit(host.Index);
        }
    }

    public override void OnTableWritten(TableWrite write)
    {
        if (write.Before is not { } before) return;
        foreach (var conversation in Steered.Conversations)
        {
            if (conversation.Owed == 0 || conversation.Group != write.Group || Steered.WayOf(conversation) != write.Orchestrator) continue;
            // By other rules its packets may go to anybody, and who knows it is dead.
            if (before.Rules != write.After.Rules || before.Slots.SlotCount != write.After.Slots.SlotCount)
            {
                conversation.Owed = 0;
                continue;
            }

            // Who is back before anybody gave it up carries its slots on without what it knew, and nobody asks its backups.
            if (Steered.HostOf(write.Group, before.Slots.ActiveOf(conversation.SlotIn(before))) is { Gateway.Answers: true })
            {
                conversation.Owed = 0;
                continue;
            }

            var to = Steered.HostOf(write.Group, write.After.Slots.ActiveOf(conversation.SlotIn(write.After)));
            if (to is null || to == Steered.HostOf(write.Group, before.Slots.ActiveOf(conversation.SlotIn(before))))
            {
                // A change that was made before anybody judged its owner lost may name another backup, whom a dead owner tells nothing.
                if (before.Slots.BackupOf(conversation.SlotIn(before))?.Id != write.After.Slots.BackupOf(conversation.SlotIn(write.After))?.Id) conversation.Owed = 0;
                continue;
            }

            var keepers = Steered.Hosts.Where(h => (conversation.Owed & Conversation.Bit(h.Index)) != 0 && h.Gateway.Answers && conversation.IsKnownTo(h.Index)).Select(h => h.Gateway.Member).ToList();
            conversation.Owed = 0;
            Require(keepers.Count == 0 || conversation.IsKnownTo(to.Index), $"{write.Call.OperationId} gives the slot of connection {conversation.Number} to {to.Gateway.Member}, which does not know it, and {string.Join(", ", keepers)} keeps its copy");
        }
    }
}
