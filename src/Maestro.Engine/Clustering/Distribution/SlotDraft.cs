namespace Maestro.Engine.Clustering.Distribution;

/// <summary>A table in the making: the old one's columns in terms of the new members, and the moves made so far.</summary>
internal sealed class SlotDraft
{
    private readonly SlotMember[] _members;
    private readonly int[] _weights;
    private readonly short[] _before;
    private int _orphans;

    public SlotDraft(SlotTable table, SlotMember[] members, int[] weights)
    {
        _members = members;
        _weights = weights;
        Owned = new int[members.Length];
        foreach (var weight in weights) if (weight > 0) TakerCount++;
        var takers = Map(table, m => m.TakesSlots);
        var holders = Map(table, m => m.Weight > 0);
        OwnedBefore = new int[table.Members.Count + 1];
        _before = Translate(table.Active, holders, OwnedBefore);
        Active = takers.SequenceEqual(holders) ? (short[])_before.Clone() : Translate(table.Active, takers);
        Backup = Translate(table.Backup, holders);
        Remote = Translate(table.Remote, holders);
        _orphans = table.SlotCount;
        for (var i = 1; i < takers.Length; i++)
        {
            if (takers[i] < 0) continue;
            Owned[takers[i]] = OwnedBefore[i];
            _orphans -= OwnedBefore[i];
        }
    }

    public short[] Active { get; }

    public short[] Backup { get; private set; }

    public short[] Remote { get; private set; }

    /// <summary>How many slots each carries, kept up with the moves.</summary>
    public int[] Owned { get; }

    /// <summary>How many slots nobody, and then each member of the old table carried.</summary>
    public int[] OwnedBefore { get; }

    /// <summary>How many members may carry slots.</summary>
    public int TakerCount { get; }

    public int Moved { get; private set; }

    /// <summary>Orphans go to their backup, else to the copy on the other site; the rest stays.</summary>
    /// <param name="takers">By member; one of 0 gets none where the other copy's keeper gets some.</param>
    public void PromoteBackups(int[] takers)
    {
        for (var slot = 0; _orphans > 0 && slot < Active.Length; slot++)
        {
            if (Active[slot] >= 0) continue;
            if (Takes(Backup[slot], takers)) Give(slot, Backup[slot]);
            else if (Takes(Remote[slot], takers)) Give(slot, Remote[slot]);
            else if (Takes(Backup[slot], _weights)) Give(slot, Backup[slot]);
            else if (Takes(Remote[slot], _weights)) Give(slot, Remote[slot]);
        }
    }

    /// <summary>Brings everybody to what is due; slots go to who has a copy of them wherever that one is due some.</summary>
    /// <param name="due">By member.</param>
    /// <param name="orphansOnly">True where only slots that nobody carries may move.</param>
    public void Balance(int[] due, bool orphansOnly)
    {
        var (missing, surplus) = (new int[due.Length], new int[due.Length]);
        var moves = 0;
        for (var i = 0; i < due.Length; i++)
        {
            missing[i] = Math.Max(due[i] - Owned[i], 0);
            surplus[i] = orphansOnly ? 0 : Math.Max(Owned[i] - due[i], 0);
            moves += surplus[i];
        }

        moves += _orphans;
        for (var slot = 0; moves > 0 && slot < Active.Length; slot++)
        {
            if (!MayMove(slot, surplus)) continue;
            var to = IsMissing(Backup[slot], missing) ? Backup[slot] : IsMissing(Remote[slot], missing) ? Remote[slot] : SlotTable.Nobody;
            if (to >= 0) Move(slot, to);
        }

        // The rest knows no backup that is due: round the receivers, at first each with no more slots of one backup than an even spread has.
        var beside = new int[due.Length * due.Length];
        var at = 0;
        for (var even = true; moves > 0; even = false)
        {
            for (var slot = 0; moves > 0 && slot < Active.Length; slot++)
            {
                if (!MayMove(slot, surplus)) continue;
                while (missing[at] == 0) at = (at + 1) % due.Length;
                var backup = Backup[slot];
                if (even && backup >= 0 && beside[(at * due.Length) + backup] * (TakerCount - 1L) >= due[at]) continue;
                if (backup >= 0) beside[(at * due.Length) + backup]++;
                Move(slot, (short)at);
                at = (at + 1) % due.Length;
            }

            if (!even) break;
        }

        void Move(int slot, short to)
        {
            if (Active[slot] >= 0) surplus[Active[slot]]--;
            missing[to]--;
            moves--;
            Give(slot, to);
        }
    }

    /// <summary>Backups for all slots, after the moves.</summary>
    /// <returns>How many copies must be made.</returns>
    public int PlaceBackups()
    {
        var count = _members.Length;
        if (TakerCount == 0)
        {
            (Backup, Remote) = (SlotTable.Column(Active.Length), SlotTable.Column(Active.Length));
            return 0;
        }

        var (near, far, hasFar) = Candidates(count);
        var (backup, remote) = (Backup, Remote);
        var weights = Array.ConvertAll(_members, m => m.Weight);
        (Backup, var filled) = BackupPlacement.Place(Active, [backup, _before, remote], near, weights, Owned, levels: true);
        if (!hasFar)
        {
            Remote = SlotTable.Column(Active.Length);
            return filled;
        }

        (Remote, var distant) = BackupPlacement.Place(Active, [remote, backup, _before], far, weights, Owned, levels: false);
        return filled + distant;
    }

    // A backup is on the owner's site if somebody else carries there, and then a second one on the other site if that has members enough; else anybody else is the only one.
    private (bool[] Near, bool[] Far, bool HasFar) Candidates(int count)
    {
        var (near, far) = (new bool[BackupPlacement.SizeOf(count)], new bool[BackupPlacement.SizeOf(count)]);
        var hasFar = false;
        for (var owner = 0; owner < count; owner++)
        {
            if (_weights[owner] == 0) continue;
            var site = _members[owner].Id.Site;
            var (carrying, keeping) = (0, 0);
            for (var i = 0; i < count; i++)
            {
                if (_members[i].Id.Site != site) keeping += _members[i].Weight > 0 ? 1 : 0;
                else carrying += _weights[i] > 0 ? 1 : 0;
            }

            var accompanied = carrying > 1;
            var isKept = accompanied && RatioGuard.Allows(carrying, keeping);
            for (var i = 0; i < count; i++)
            {
                if (i == owner || _members[i].Weight == 0) continue;
                var isNear = accompanied ? _weights[i] > 0 && _members[i].Id.Site == site : _members[i].Id.Site != site;
                near[BackupPlacement.At(count, owner, i)] = isNear;
                hasFar |= far[BackupPlacement.At(count, owner, i)] = isKept && _members[i].Id.Site != site;
            }
        }

        return (near, far, hasFar);
    }

    private bool MayMove(int slot, int[] surplus) => Active[slot] < 0 || surplus[Active[slot]] > 0;

    private static bool Takes(short member, int[] takers) => member >= 0 && takers[member] > 0;

    private static bool IsMissing(short member, int[] missing) => member >= 0 && missing[member] > 0;

    private void Give(int slot, short to)
    {
        if (Active[slot] >= 0) Owned[Active[slot]]--;
        else _orphans--;
        Active[slot] = to;
        Owned[to]++;
        Moved++;
    }

    // From places in the old list of members to those in the new one, with nobody first.
    private short[] Map(SlotTable table, Func<SlotMember, bool> isWanted)
    {
        var places = new short[table.Members.Count + 1];
        places[0] = SlotTable.Nobody;
        for (var i = 1; i < places.Length; i++)
        {
            var id = table.Members[i - 1].Id;
            var at = Array.FindIndex(_members, m => m.Id == id);
            places[i] = at >= 0 && isWanted(_members[at]) ? (short)at : SlotTable.Nobody;
        }

        return places;
    }

    private static short[] Translate(short[] column, short[] places)
    {
        var translated = new short[column.Length];
        for (var slot = 0; slot < column.Length; slot++) translated[slot] = places[column[slot] + 1];
        return translated;
    }

    private static short[] Translate(short[] column, short[] places, int[] counts)
    {
        var translated = new short[column.Length];
        for (var slot = 0; slot < column.Length; slot++)
        {
            var place = column[slot] + 1;
            counts[place]++;
            translated[slot] = places[place];
        }

        return translated;
    }
}
