using System.Globalization;
using Maestro.Engine.Model.Groups;

namespace Maestro.Engine.Clustering.Distribution;

/// <summary>
/// Which member carries which slot, who backs it up and, with two sites, who keeps the second copy on the other one. A value: what changes it makes
/// another one with a higher version.
/// </summary>
public sealed class SlotTable : IEquatable<SlotTable>
{
    public const int DefaultSlotCount = 512;
    public const int HighestSlotCount = 1 << 24;

    internal const short Nobody = -1;

    private readonly SlotMember[] _members;

    internal SlotTable(long version, SlotMember[] members, short[] active, short[] backup, short[] remote)
    {
        if (!IsSlotCount(active.Length)) throw new ArgumentException("A table has a power of two of slots, not " + active.Length.ToString(CultureInfo.InvariantCulture) + ".", nameof(active));
        if (backup.Length != active.Length || remote.Length != active.Length) throw new ArgumentException("The table's columns differ in length.", nameof(backup));
        Version = version;
        _members = members;
        Active = active;
        Backup = backup;
        Remote = remote;
    }

    /// <summary>Grows with every change; a writer compares it.</summary>
    public long Version { get; }

    public int SlotCount => Active.Length;

    /// <summary>By id.</summary>
    public IReadOnlyList<SlotMember> Members => _members;

    // Columns of indexes into the members. Never written after construction.
    internal short[] Active { get; }

    internal short[] Backup { get; }

    internal short[] Remote { get; }

    /// <summary>A table that nobody carries.</summary>
    public static SlotTable Empty(int slotCount) => new(0, [], Column(slotCount), Column(slotCount), Column(slotCount));

    /// <summary>A power of two from 2 on.</summary>
    public static bool IsSlotCount(int count) => count is >= 2 and <= HighestSlotCount && (count & (count - 1)) == 0;

    /// <summary>Who carries the slot; null when nobody does.</summary>
    public SlotMember? ActiveOf(int slot) => At(Active[slot]);

    /// <summary>Who goes on when that one is lost.</summary>
    public SlotMember? BackupOf(int slot) => At(Backup[slot]);

    /// <summary>Who keeps the copy on the other site.</summary>
    public SlotMember? RemoteBackupOf(int slot) => At(Remote[slot]);

    /// <summary>The index in <see cref="Members"/> of who carries the slot, -1 for nobody: the hot path of a lookup.</summary>
    public int ActiveIndexOf(int slot) => Active[slot];

    /// <summary>The member's index in <see cref="Members"/>; -1 for one that is not in the table.</summary>
    internal int IndexOf(MemberId member) => Array.FindIndex(_members, m => m.Id == member);

    public IReadOnlyList<int> SlotsOf(MemberId member)
    {
        var index = IndexOf(member);
        var slots = new List<int>();
        if (index < 0) return slots;
        for (var slot = 0; slot < Active.Length; slot++) if (Active[slot] == index) slots.Add(slot);
        return slots;
    }

    /// <summary>How many slots each member carries, in the order of <see cref="Members"/>.</summary>
    public IReadOnlyList<int> CountActive() => Count(Active);

    /// <summary>How many slots each member backs up on its own site.</summary>
    public IReadOnlyList<int> CountBackups() => Count(Backup);

    /// <summary>How many slots each member keeps a copy of for the other site.</summary>
    public IReadOnlyList<int> CountRemoteBackups() => Count(Remote);

    public SlotTable WithVersion(long version) => version == Version ? this : new SlotTable(version, _members, Active, Backup, Remote);

    internal SlotTable WithMembers(SlotMember[] members, long version) => new(version, members, Column(SlotCount), Column(SlotCount), Column(SlotCount));

    /// <summary>Whether all is the same but perhaps the version.</summary>
    public bool IsSameAs(SlotTable other) =>
        _members.SequenceEqual(other._members)
        && Active.AsSpan().SequenceEqual(other.Active)
        && Backup.AsSpan().SequenceEqual(other.Backup)
        && Remote.AsSpan().SequenceEqual(other.Remote);

    public bool Equals(SlotTable? other) => other is not null && Version == other.Version && IsSameAs(other);

    public override bool Equals(object? obj) => Equals(obj as SlotTable);

    public override int GetHashCode() => unchecked((int)Version * 397) ^ Active.Length;

    public override string ToString() => SlotTableText.Write(this);

    internal static short[] Column(int slotCount)
    {
        var column = new short[slotCount];
        column.AsSpan().Fill(Nobody);
        return column;
    }

    private SlotMember? At(int index) => index < 0 ? null : _members[index];

    private int[] Count(short[] column)
    {
        var counts = new int[_members.Length];
        foreach (var index in column) if (index >= 0) counts[index]++;
        return counts;
    }
}
