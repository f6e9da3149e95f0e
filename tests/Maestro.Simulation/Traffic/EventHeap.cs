namespace Maestro.Simulation.Traffic;

/// <summary>What comes next of many thousand events: a binary heap of values in one array. At the same moment what was added first comes first.</summary>
internal sealed class EventHeap
{
    private (long Due, long Order, int What)[] _items = new (long, long, int)[1024];
    private long _lastOrder;

    public int Count { get; private set; }

    /// <summary><see cref="long.MaxValue"/> when there is none.</summary>
    public long NextDue => Count == 0 ? long.MaxValue : _items[0].Due;

    public void Add(long due, int what)
    {
        if (Count == _items.Length) Array.Resize(ref _items, Count * 2);
        var item = (due, ++_lastOrder, what);
        var at = Count++;
        while (at > 0)
        {
            var parent = (at - 1) / 2;
            if (!IsBefore(item, _items[parent])) break;
            _items[at] = _items[parent];
            at = parent;
        }

        _items[at] = item;
    }

    public int Take()
    {
        var taken = _items[0].What;
        var last = _items[--Count];
        var at = 0;
        while (true)
        {
            var child = (2 * at) + 1;
            if (child >= Count) break;
            if (child + 1 < Count && IsBefore(_items[child + 1], _items[child])) child++;
            if (!IsBefore(_items[child], last)) break;
            _items[at] = _items[child];
            at = child;
        }

        _items[at] = last;
        return taken;
    }

    private static bool IsBefore(in (long Due, long Order, int What) a, in (long Due, long Order, int What) b) => a.Due != b.Due ? a.Due < b.Due : a.Order < b.Order;
}
