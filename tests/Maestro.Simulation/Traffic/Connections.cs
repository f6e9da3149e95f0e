using Maestro.Engine.Fabrics.Simulation.Time;
using Maestro.Engine.Fabrics.Simulation.World;
using Maestro.Engine.Hosting;
using Maestro.Engine.Model.Groups;

namespace Maestro.Simulation.Traffic;

/// <summary>
/// The world's traffic, connection by connection. One lives on the member that its hash gives it to, by weight. Once it is three seconds old
/// it gets one copy on a member of the same site, and is taken over there when its member goes out; without a copy it is lost (domain sheet,
/// sections 2.3 and 3). A member that is drained gets nothing new and copies at once what it has; what a member held whose copies went is
/// copied anew.
/// </summary>
/// <remarks>
/// Nothing here is seen by the engine, and all chance comes from a stream of its own. How long a copy and the placing anew take, and that a
/// member which comes back takes only new connections, is ours: no source says (domain sheet, sections 2.3 and 3).
/// </remarks>
internal sealed class Connections : ITimedEvents
{
    /// <summary>The delayed notification of the domain sheet, section 3.</summary>
    public static readonly TimeSpan SyncDelay = TimeSpan.FromSeconds(3);

    /// <summary>How long after a change of membership copies are placed anew.</summary>
    public static readonly TimeSpan Replacing = TimeSpan.FromSeconds(1);

    private const int Copying = 5 * (int)TimeSpan.TicksPerMillisecond;
    private const int FirstIterator = -(1 << 20);

    private readonly LabState _world;
    private readonly VirtualTimeProvider _clock;
    private readonly Action<string> _tell;
    private readonly Action<TrafficLoss> _lost;
    private readonly Demand _demand;
    private readonly EventHeap _events = new();
    private readonly List<GroupTraffic> _groups = [];
    private readonly Dictionary<string, GroupTraffic> _byName = new(StringComparer.Ordinal);
    private readonly Place[] _places;
    private readonly byte[] _sites;
    private Connection[] _all = new Connection[512];
    private int[] _free = new int[512];
    private int _freeCount;
    private int _used;
    private ulong _mix;

    /// <param name="world">Whose gateways carry it.</param>
    /// <param name="clock">Virtual time.</param>
    /// <param name="random">A stream of its own.</param>
    /// <param name="tell">Is told in words when connections move or are lost.</param>
    /// <param name="lost">Is told of losses.</param>
    public Connections(LabState world, VirtualTimeProvider clock, SeededRandom random, Action<string> tell, Action<TrafficLoss> lost)
    {
        (_world, _clock, _tell, _lost) = (world, clock, tell, lost);
        _demand = new Demand(random);
        _places = new Place[world.Gateways.Count];
        _sites = [.. world.Gateways.Select(g => (byte)g.Site)];
        Observe("", applied: null);
    }

    private enum Standing : byte
    {
        Out,

        /// <summary>Keeps what it has and takes nothing new.</summary>
        Drains,
        Serves,
    }

    private enum Phase : byte
    {
        Free,
        Young,
        Copied,

        /// <summary>Old enough, and nobody is there to keep a copy.</summary>
        Alone,

        /// <summary>It has, or had, a copy that was acknowledged.</summary>
        Synced,
        Lost,
    }

    public TrafficCounts Counts { get; } = new();

    public long NextDue => _events.NextDue;

    /// <summary>How many events there were.</summary>
    public long Events { get; private set; }

    /// <summary>How many live now.</summary>
    public int Living => _all.Take(_used).Count(c => c.Phase is not (Phase.Free or Phase.Lost));

    /// <summary>How many live on a gateway, by its place in the world.</summary>
    public int LivingOn(int gateway) => _all.Take(_used).Count(c => c.Active == gateway && c.Phase is not (Phase.Free or Phase.Lost));

    /// <summary>Stands for all that ever happened here.</summary>
    public ulong Fingerprint => _mix;

    public void Fire()
    {
        var now = _events.NextDue;
        var what = _events.Take();
        Events++;
        Mix((ulong)now ^ ((ulong)(uint)what << 40));
        if (what >= 0) Go(what, now);
        else if (what > FirstIterator) Arrive(_groups[-1 - what], now);
        else PlaceCopies(_groups[FirstIterator - what], now);
    }

    /// <summary>Follows what became of the members since the last look.</summary>
    /// <param name="actedOn">The gateway that a call of ours just changed; empty for none.</param>
    /// <param name="applied">How long ago the call was sent that just applied the topology; null when none did.</param>
    public void Observe(string actedOn, TimeSpan? applied)
    {
        var now = _clock.Elapsed;
        foreach (var group in _groups)
        {
            if (group.Serving == 0) group.UnsafeAt = now;
            group.Clear();
        }

        var gateways = _world.Gateways;
        var someLeft = false;
        for (var i = 0; i < gateways.Count; i++)
        {
            var gateway = gateways[i];
            ref var place = ref _places[i];
            (place.Was, place.WasIn) = (place.Is, place.In);
            place.Is = gateway.Carries ? Standing.Serves : gateway is { State: MemberState.Draining, UnreachableSince: null } ? Standing.Drains : Standing.Out;
            var group = gateway.Group.Length > 0 ? GroupOf(gateway.Group) : null;
            place.In = group is null ? (short)-1 : (short)group.Index;
            group?.Add(i, place.Is == Standing.Serves, LabTraffic.WeightOf(gateway));
            if (place.WasIn == place.In && place.Was == place.Is) continue;
            if (place.Was == Standing.Out && place.Is != Standing.Out) place.InSince = now;
            if (place.Is == Standing.Drains && place.Was != Standing.Drains) place.DrainsSince = now;
            if (place.Was != Standing.Out && (place.Is == Standing.Out || place.WasIn != place.In))
            {
                someLeft = true;
                if (ByOf(gateway, place, actedOn, now - applied?.Ticks) is not OutBy.OurHand) _groups[place.WasIn].UnsafeAt = now;
            }
            else if (group is not null)
            {
                PlaceCopiesLater(group, now);
            }
        }

        if (someLeft)
        {
            for (var i = 0; i < gateways.Count; i++)
            {
                ref var place = ref _places[i];
                if (place.Was != Standing.Out && (place.Is == Standing.Out || place.WasIn != place.In)) Leave(i, gateways[i], ByOf(gateways[i], place, actedOn, now - applied?.Ticks), now);
            }
        }

        foreach (var group in _groups)
        {
            if (group.Members == 0 || group.HasArrivals) continue;
            group.HasArrivals = true;
            _events.Add(_demand.NextArrival(now, group.Members), -1 - group.Index);
        }
    }

    /// <summary>Whoever came in after the call was sent that takes it out is no work of those who planned it: nobody can call it back.</summary>
    private static OutBy ByOf(LabGateway gateway, in Place place, string actedOn, long? sent)
    {
        if (gateway.UnreachableSince is not null) return OutBy.Fault;
        if (gateway.Id == actedOn) return OutBy.OurHand;
        return gateway.State switch
        {
            MemberState.Suspended => gateway.SuspendedBy == "otto" ? OutBy.OtherHand : OutBy.OurHand,
            MemberState.Leaving or MemberState.Joining or MemberState.Detached => sent is { } at && place.InSince <= at ? OutBy.OurHand : OutBy.OtherHand,
            MemberState.Ready => OutBy.OtherHand,
            _ => OutBy.Fault,
        };
    }

    private GroupTraffic GroupOf(string name)
    {
        if (_byName.TryGetValue(name, out var group)) return group;
        group = new GroupTraffic(_groups.Count, name);
        _groups.Add(group);
        _byName.Add(name, group);
        return group;
    }

    private void Arrive(GroupTraffic group, long now)
    {
        if (group.Members == 0)
        {
            group.HasArrivals = false;
            return;
        }

        _events.Add(_demand.NextArrival(now, group.Members), -1 - group.Index);
        var (length, tuple) = (_demand.NextLength(), _demand.NextTuple());
        var active = group.Pick(tuple);
        if (active < 0)
        {
            Counts.Refused++;
            return;
        }

        Counts.Arrived++;
        var slot = Take();
        _all[slot] = new Connection { Phase = Phase.Young, Group = (short)group.Index, Active = (short)active, Backup = -1, Tuple = tuple, EndsAt = now + length };
        _events.Add(Math.Min(now + SyncDelay.Ticks, now + length), slot);
        Mix(tuple ^ ((ulong)(uint)active << 32));
    }

    /// <summary>A connection's next moment: its copy is sent, its copy is acknowledged, or it ends.</summary>
    private void Go(int slot, long now)
    {
        ref var connection = ref _all[slot];
        if (connection.EndsAt <= now)
        {
            if (connection.Phase != Phase.Lost) Counts.Ended++;
            connection.Phase = Phase.Free;
            Give(slot);
            return;
        }

        var next = connection.EndsAt;
        switch (connection.Phase)
        {
            case Phase.Young:
                connection.Backup = (short)_groups[connection.Group].PickBackup(connection.Tuple, connection.Active, _sites);
                connection.Phase = connection.Backup < 0 ? Phase.Alone : Phase.Copied;
                if (connection.Phase == Phase.Copied) next = Math.Min(next, now + Copying);
                break;

            case Phase.Copied:
                // Who was to keep it may have gone meanwhile.
                connection.Phase = connection.Backup < 0 ? Phase.Alone : Phase.Synced;
                if (connection.Phase == Phase.Synced) Counts.Synced++;
                break;
        }

        _events.Add(next, slot);
    }

    private void Leave(int gateway, LabGateway seen, OutBy by, long now)
    {
        ref var place = ref _places[gateway];
        var group = _groups[place.WasIn];
        int carried = 0, synced = 0, young = 0;
        for (var slot = 0; slot < _used; slot++)
        {
            ref var connection = ref _all[slot];
            if (connection.Phase is Phase.Free or Phase.Lost || connection.Group != group.Index) continue;
            if (connection.Backup == gateway) connection.Backup = -1;
            if (connection.Active != gateway) continue;
            var backup = connection.Backup;
            if (backup >= 0 && connection.Phase == Phase.Synced && _places[backup].Is != Standing.Out && _places[backup].In == group.Index)
            {
                (connection.Active, connection.Backup) = (backup, -1);
                carried++;
                continue;
            }

            if (connection.Phase == Phase.Synced) synced++;
            else young++;
            connection.Phase = Phase.Lost;
        }

        Mix(((ulong)carried << 40) | ((ulong)synced << 20) | (ulong)(uint)young);
        Counts.Carried[(int)by] += carried;
        Counts.LostSynced[(int)by] += synced;
        Counts.LostYoung[(int)by] += young;
        PlaceCopiesLater(group, now);
        if (carried + synced + young == 0) return;
        _tell($"traffic of '{group.Name}': {seen.Id} goes out by {by}, {carried} connections carried over, {synced + young} lost, {young} of them young");
        if (synced + young == 0) return;
        var wasDrained = place.Was == Standing.Drains && now - place.DrainsSince > Replacing.Ticks;
        _lost(new TrafficLoss(group.Name, seen.Id, by, synced, young, wasDrained, group.Serving > 0, TimeSpan.FromTicks(now - group.UnsafeAt)));
    }

    private void PlaceCopiesLater(GroupTraffic group, long now)
    {
        if (group.PlacesAt == now + Replacing.Ticks) return;
        group.PlacesAt = now + Replacing.Ticks;
        _events.Add(group.PlacesAt, FirstIterator - group.Index);
    }

    /// <summary>Gives a copy to all that shall have one and have none where it is safe.</summary>
    private void PlaceCopies(GroupTraffic group, long now)
    {
        if (group.Serving == 0) return;
        for (var slot = 0; slot < _used; slot++)
        {
            ref var connection = ref _all[slot];
            if (connection.Phase is Phase.Free or Phase.Lost || connection.Group != group.Index) continue;
            var isHandedOver = _places[connection.Active].Is == Standing.Drains;
            if (!isHandedOver && connection.Phase is not (Phase.Synced or Phase.Alone)) continue;
            if (connection.Backup >= 0 && _places[connection.Backup].Is == Standing.Serves && connection.Phase == Phase.Synced) continue;
            var backup = group.PickBackup(connection.Tuple, connection.Active, _sites);
            if (backup < 0) continue;
            connection.Backup = (short)backup;
            if (connection.Phase == Phase.Synced) continue;
            connection.Phase = Phase.Synced;
            Counts.Synced++;
        }
    }

    private int Take()
    {
        if (_freeCount > 0) return _free[--_freeCount];
        if (_used == _all.Length)
        {
            Array.Resize(ref _all, _used * 2);
            Array.Resize(ref _free, _used * 2);
        }

        return _used++;
    }

    private void Give(int slot) => _free[_freeCount++] = slot;

    private void Mix(ulong value) => _mix = (_mix ^ value) * 0x9E3779B97F4A7C15UL;

    private struct Connection
    {
        public long EndsAt;
        public uint Tuple;
        public short Group;
        public short Active;
        public short Backup;
        public Phase Phase;
    }

    private struct Place
    {
        public long DrainsSince;

        public long InSince;
        public short In;
        public short WasIn;
        public Standing Is;
        public Standing Was;
    }
}
