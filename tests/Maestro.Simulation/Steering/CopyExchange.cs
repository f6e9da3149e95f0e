using Maestro.Engine.Clustering.Distribution;
using Maestro.Engine.Fabrics.Linux.Inventory;
using Maestro.Engine.Fabrics.Linux.Replication;
using Maestro.Engine.Model.Groups;

namespace Maestro.Simulation.Steering;

/// <summary>The copies that members send one another, as <c>statesync.pl</c> does: each to the backup of its slot, by the table that the sender was told.</summary>
internal sealed class CopyExchange(SteeredWorld world)
{
    private static readonly long Delay = TimeSpan.FromSeconds(StateSyncSettings.UsualDelay).Ticks;

    /// <summary>Between two times at which a member is told all that it must hold.</summary>
    private static readonly long Whole = TimeSpan.FromSeconds(30).Ticks;

    public void Go(long now)
    {
        foreach (var sender in world.Hosts)
        {
            if (!sender.Sends || !sender.Forwards || sender.Told is not { } table || sender.Member is not { } self) continue;
            var isWhole = now - sender.WholeAt >= Whole;
            if (isWhole) sender.WholeAt = now;
            foreach (var conversation in world.Conversations)
            {
                if (!conversation.IsOver && conversation.Group == sender.Gateway.Group) Send(sender, self, table, conversation, now, isWhole);
            }
        }
    }

    private void Send(SteeredHost sender, MemberId self, DistributionTable table, Conversation conversation, long now, bool isWhole)
    {
        var slot = conversation.SlotIn(table);
        var isOwn = conversation.IsKnownTo(sender.Index) && table.Slots.ActiveOf(slot)?.Id == self;
        var (near, far) = isOwn ? (table.Slots.BackupOf(slot), table.Slots.RemoteBackupOf(slot)) : (null, null);
        if (isOwn && now - conversation.Since >= Delay)
        {
            Give(sender, near, conversation);
            Give(sender, far, conversation);
        }

        if (!isWhole) return;
        // What was not among all that the other must hold goes there, if it came from here.
        foreach (var other in world.Hosts)
        {
            if (!conversation.IsKeptFor(other.Index, sender.Index) || !Takes(other, sender) || other.IsTaking(now)) continue;
            if (other.Member is { } id && (near?.Id == id || far?.Id == id)) continue;
            if (!Owns(other, conversation)) conversation.Forget(other.Index);
        }
    }

    private void Give(SteeredHost sender, SlotMember? backup, Conversation conversation)
    {
        if (world.HostOf(conversation.Group, backup) is not { } keeper || !sender.Peers.Contains(backup!.Id.ToString()) || !Takes(keeper, sender)) return;
        if (!Owns(keeper, conversation)) conversation.Learn(keeper.Index, sender.Index);
    }

    private static bool Takes(SteeredHost keeper, SteeredHost sender) => keeper.Gateway.Answers && keeper.Told is not null && keeper.Peers.Contains(sender.Gateway.Member);

    /// <summary>Who owns a slot by his own table ignores what others say of it.</summary>
    private static bool Owns(SteeredHost host, Conversation conversation) =>
        host.Told is { } table && host.Member is { } id && table.Slots.ActiveOf(conversation.SlotIn(table))?.Id == id;
}
