using Maestro.Engine.Clustering.Distribution;
using Maestro.Simulation.Histories;
using Maestro.Simulation.Steering;

namespace Maestro.Simulation.Invariants.Steering;

/// <summary>
/// A connection that had its copy where it belongs goes on when its member loses its power: its slot is given to one who knows it, as long as whoever kept the copy lives.
/// </summary>
internal sealed class ProtectedGoOn(History history) : Invariant(history)
{
    private static readonly TimeSpan Doubt = TimeSpan.FromMinutes(1);

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
            if (conversation.UnservedSince is null && Steered.Newest(conversation.Group) is { } table) SeeKeepers(conversation, table);
        }
    }

    private void SeeKeepers(Conversation conversation, DistributionTable table)
    {
        var slot = conversation.SlotIn(table);
        foreach (var backup in new[] { table.Slots.BackupOf(slot), table.Slots.RemoteBackupOf(slot) })
        {
            if (Steered.HostOf(conversation.Group, backup) is { Gateway.Answers: true } host && conversation.IsKnownTo(host.Index)) conversation.Keepers |= Conversation.Bit(host.Index);
        }
    }

    public override void OnKernelLost(SteeredHost host)
    {
        foreach (var conversation in Steered.Conversations)
        {
            conversation.Owed &= ~Conversation.Bit(host.Index);
            if (conversation.Keepers != 0 && host.Gateway.Group == conversation.Group && Steered.TargetOf(conversation) == host) conversation.Owed = conversation.Keepers & conversation.Known & ~Conversation.Bit(host.Index) & ~SentByOthers(conversation, host);
        }
    }

    // What a former owner sent, and who died has not sent again, that one may take back.
    private ulong SentByOthers(Conversation conversation, SteeredHost owner)
    {
        var others = 0UL;
        foreach (var host in Steered.Hosts) if ((conversation.Copies & Conversation.Bit(host.Index)) != 0 && !conversation.IsKeptFor(host.Index, owner.Index)) others |= Conversation.Bit(host.Index);
        return others;
    }

    public override void OnTableWritten(TableWrite write)
    {
        if (write.Before is not { } before) return;
        foreach (var conversation in Steered.Conversations)
        {
            if (conversation.Group != write.Group || Steered.WayOf(conversation) != write.Orchestrator) continue;
            if (conversation.Owed == 0)
            {
                // Who is to keep its copy from now on has it when it was sent.
                if (conversation.Keepers != 0)
                {
                    conversation.Keepers = 0;
                    SeeKeepers(conversation, write.After);
                }

                continue;
            }

            // By other rules its packets may go to anybody, and who knows it is dead; where an orchestrator was behind, its table named other keepers; who stood still does not know yet who died meanwhile.
            if (before.Rules != write.After.Rules || before.Slots.SlotCount != write.After.Slots.SlotCount || write.After.Version > before.Version + 1 || write.Process.StoodStillIn(History.Now - Doubt, History.Now))
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

            // Who is to take over by the table does, whether it has its copies yet or not: it may have been made the backup a moment ago, or have been down unnoticed. Who dies as it gets them is the next loss.
            var owed = conversation.Owed;
            if (!to.Gateway.Answers || (to == Steered.HostOf(write.Group, before.Slots.BackupOf(conversation.SlotIn(before))) && (owed & Conversation.Bit(to.Index)) == 0))
            {
                conversation.Owed = 0;
                continue;
            }

            // Nobody waits for a keeper who does not answer whoever moves the slot.
            var keepers = Steered.Hosts.Where(h => (owed & Conversation.Bit(h.Index)) != 0 && h.Gateway.Answers && conversation.IsKnownTo(h.Index) && Steered.MissedAt(h, write.Process) <= Steered.Now - MovesBringConnections.JustNow).Select(h => h.Gateway.Member).ToList();
            conversation.Owed = 0;
            Require(keepers.Count == 0 || conversation.IsKnownTo(to.Index), $"{write.Call.OperationId} gives the slot of connection {conversation.Number} to {to.Gateway.Member}, which does not know it, and {string.Join(", ", keepers)} keeps its copy");
        }
    }
}
