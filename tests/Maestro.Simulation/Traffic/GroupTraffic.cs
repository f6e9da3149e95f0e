namespace Maestro.Simulation.Traffic;

/// <summary>The distribution of one group: who takes which part of its connections.</summary>
internal sealed class GroupTraffic(int index, string name)
{
    private int[] _serving = [];
    private long[] _upTo = [];
    private int _count;

    public int Index { get; } = index;

    public string Name { get; } = name;

    /// <summary>All members, whatever their state; 0 when the group is gone.</summary>
    public int Members { get; private set; }

    /// <summary>Whether its next arrival is on its way.</summary>
    public bool HasArrivals { get; set; }

    /// <summary>When one went out that our hand had not prepared, or nobody was there who takes copies, in ticks.</summary>
    public long UnsafeAt { get; set; } = long.MinValue / 2;

    /// <summary>When copies are placed anew next, or were last.</summary>
    public long PlacesAt { get; set; } = -1;

    public int Serving => _count;

    public void Clear() => Members = _count = 0;

    /// <param name="gateway">The gateway's place in the world.</param>
    /// <param name="serves">Whether it takes connections.</param>
    /// <param name="weight">Its part.</param>
    public void Add(int gateway, bool serves, int weight)
    {
        Members++;
        if (!serves || weight <= 0) return;
        if (_count == _serving.Length)
        {
            Array.Resize(ref _serving, Math.Max(8, _count * 2));
            Array.Resize(ref _upTo, _serving.Length);
        }

        _serving[_count] = gateway;
        _upTo[_count] = weight + (_count == 0 ? 0 : _upTo[_count - 1]);
        _count++;
    }

    /// <summary>Who takes a connection; -1 when nobody can.</summary>
    public int Pick(uint tuple) => _count == 0 ? -1 : _serving[PlaceOf(tuple)];

    /// <summary>Who keeps the copy: another one, of the same site where there is one; -1 when there is none.</summary>
    public int PickBackup(uint tuple, int active, byte[] sites)
    {
        if (_count == 0) return -1;
        // Another part of the same hash, so that a lost member's connections scatter over all others.
        var at = PlaceOf((uint)((tuple * 0x9E3779B97F4A7C15UL) >> 32));
        var elsewhere = -1;
        for (var i = 0; i < _count; i++, at = at + 1 == _count ? 0 : at + 1)
        {
            var gateway = _serving[at];
            if (gateway == active) continue;
            if (sites[gateway] == sites[active]) return gateway;
            if (elsewhere < 0) elsewhere = gateway;
        }

        return elsewhere;
    }

    private int PlaceOf(uint tuple)
    {
        var slot = (long)((tuple * (ulong)_upTo[_count - 1]) >> 32);
        var (from, to) = (0, _count - 1);
        while (from < to)
        {
            var middle = (from + to) / 2;
            if (slot < _upTo[middle]) to = middle;
            else from = middle + 1;
        }

        return from;
    }
}
