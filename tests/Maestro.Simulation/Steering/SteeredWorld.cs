using System.Globalization;
using Maestro.Engine.Clustering.Distribution;
using Maestro.Engine.Fabrics;
using Maestro.Engine.Fabrics.Linux.Inventory;
using Maestro.Engine.Fabrics.Linux.Traffic;
using Maestro.Engine.Fabrics.Simulation.Time;
using Maestro.Engine.Fabrics.Simulation.World;
using Maestro.Engine.Hosting;
using Maestro.Engine.Model.Errors;
using Maestro.Engine.Model.Groups;
using Maestro.Simulation.Controllers;
using Maestro.Simulation.Histories;

namespace Maestro.Simulation.Steering;

/// <summary>
/// A world of groups that controllers steer, as on Linux: orchestrators go by the table that was written to them last and by nothing else, kernels know the
/// connections that came by or were given to them, and members copy what is older than three seconds to the backup of its slot, by the table that they were told.
/// </summary>
internal sealed class SteeredWorld : ITimedEvents
{
    /// <summary>How often connections are looked at.</summary>
    private static readonly long Pulse = TimeSpan.FromMilliseconds(250).Ticks;

    /// <summary>A connection whose packets reach nobody who knows it for so long has been given up by its ends.</summary>
    private static readonly long Patience = TimeSpan.FromMinutes(2).Ticks;

    private static readonly long AloneAfter = TimeSpan.FromMinutes(1).Ticks;

    // Arrivals a second of each group; of them two in five are such that last.
    private const double Arrivals = 0.6, ShortSeconds = 8, LongSeconds = 240;

    private readonly History _history;
    private readonly SeededRandom _random;
    private readonly CopyExchange _exchange;
    private readonly Dictionary<string, long> _nextArrival = new(StringComparer.Ordinal);
    private long _nextPulse;
    private int _pulses;
    private int _lastNumber;
    private readonly Dictionary<string, TableChange> _lastChange = new(StringComparer.Ordinal);
    private readonly Dictionary<(int Host, ControllerProcess Process), long> _listed = [];
    private readonly Dictionary<(int Host, ControllerProcess Process), long> _missed = [];
    private DateTimeOffset _disturbedUntil;

    public SteeredWorld(History history)
    {
        _history = history;
        _random = new SeededRandom((ulong)(uint)history.Scenario.Seed).Stream("conversations");
        var world = history.World.State;
        Inventory = SteeredInventory.Of(world);
        Hosts = [.. world.Gateways.Select((g, index) => new SteeredHost(index, g, Inventory.Gateways[index]))];
        Orchestrators = [.. Inventory.Orchestrators.Select(o => new SteeredOrchestrator(o))];
        _exchange = new CopyExchange(this);
        foreach (var group in world.Groups) Begin(group);
        _nextPulse = Pulse;
    }

    public InventoryFile Inventory { get; }

    /// <summary>In the order of the world's gateways.</summary>
    public IReadOnlyList<SteeredHost> Hosts { get; }

    public IReadOnlyList<SteeredOrchestrator> Orchestrators { get; }

    /// <summary>Those that live, and those that kernels still know, in the order of their beginning.</summary>
    public List<Conversation> Conversations { get; } = [];

    /// <summary>Those of a group that live.</summary>
    public IEnumerable<Conversation> LivingIn(string group) => Conversations.Where(c => !c.IsOver && c.Group == group);

    public ConversationCounts Counts { get; } = new();

    public long Now => _history.Scheduler.Clock.Elapsed;

    /// <summary>How long nothing has gone wrong, and nobody has changed anything.</summary>
    public TimeSpan Quiet => _history.Now - _disturbedUntil;

    public long NextDue => Math.Min(_nextPulse, _nextArrival.Count == 0 ? long.MaxValue : _nextArrival.Values.Min());

    /// <summary>Something goes wrong, or is changed, and is not over before a while from now.</summary>
    public void Disturb(TimeSpan time = default)
    {
        if (_history.Now + time > _disturbedUntil) _disturbedUntil = _history.Now + time;
    }

    public void Fire()
    {
        var now = NextDue;
        if (_nextPulse == now)
        {
            _nextPulse += Pulse;
            Look(now);
            return;
        }

        var group = _nextArrival.First(a => a.Value == now).Key;
        Arrive(group, now);
        _nextArrival[group] = now + Wait();
    }

    public SteeredHost Host(string gateway) => Hosts.First(h => h.Id == gateway);

    /// <summary>Who has that id in the group; null for nobody.</summary>
    public SteeredHost? HostOf(string group, MemberId member)
    {
        var id = member.ToString();
        foreach (var host in Hosts) if (host.Gateway.Group == group && host.Gateway.Member == id) return host;
        return null;
    }

    public SteeredHost? HostOf(string group, SlotMember? member) => member is null ? null : HostOf(group, member.Id);

    /// <summary>The newest table that any orchestrator has, up or not.</summary>
    public DistributionTable? Newest(string group)
    {
        DistributionTable? newest = null;
        foreach (var orchestrator in Orchestrators)
        {
            if (orchestrator.Tables.TryGetValue(group, out var table) && (newest is null || table.Version > newest.Version)) newest = table;
        }

        return newest;
    }

    /// <summary>The orchestrator that a connection's packets come by; null when none is up.</summary>
    public SteeredOrchestrator? WayOf(Conversation conversation)
    {
        var up = 0;
        foreach (var orchestrator in Orchestrators) up += orchestrator.IsUp ? 1 : 0;
        if (up == 0) return null;
        var which = conversation.Number % up;
        foreach (var orchestrator in Orchestrators) if (orchestrator.IsUp && which-- == 0) return orchestrator;
        return null;
    }

    /// <summary>An orchestrator takes a table, if what is there has the version that was seen there.</summary>
    public Effect Write(SteeredOrchestrator orchestrator, string group, DistributionTable table, string expected, FabricCall call, ControllerProcess process)
    {
        var before = orchestrator.Tables.GetValueOrDefault(group);
        if (!orchestrator.IsUp) return Effect.Refused($"{orchestrator.Id} does not answer", ErrorCatalogue.MemberUnreachable, transient: true);
        var version = VersionOf(before);
        if (version != expected) return Effect.Refused($"its table has version {(version.Length > 0 ? version : "none")} by now", ErrorCatalogue.DistributionMoved, transient: true);
        orchestrator.Tables[group] = table;
        foreach (var other in Orchestrators)
        {
            if (other.Tables.GetValueOrDefault(group) != table) other.Behind.Add(group);
            else other.Behind.Remove(group);
        }

        _history.Trace.Add($"{orchestrator.Id} steers '{group}' by version {Text(table.Version)} instead of {(before is null ? "none" : Text(before.Version))}, for {call.OperationId} of {process.Name}");
        Disturb();
        // Who is under way with the next one may be passed on his way by whoever still brings this one.
        if (LastChange(group) is not { } last || table.Version >= last.Version) _lastChange[group] = new TableChange(call.IdempotencyKey, table.Version, _history.Now);
        var write = new TableWrite(orchestrator, group, before, table, call, process);
        _history.Tell(i => i.OnTableWritten(write));
        return Effect.Done("taken and read back", verified: true);
    }

    /// <summary>The write of a group's newest table that came last; null for none.</summary>
    public TableChange? LastChange(string group) => _lastChange.GetValueOrDefault(group);

    /// <summary>A controller is told all connections of a host.</summary>
    public void Listed(SteeredHost host, ControllerProcess process) => _listed[(host.Index, process)] = Now;

    /// <summary>When a controller last was, in ticks; null for never.</summary>
    public long? ListedAt(SteeredHost host, ControllerProcess process) => _listed.TryGetValue((host.Index, process), out var at) ? at : null;

    /// <summary>A controller did not reach a host as it looked at the group: to it the host is silent, and hands nothing over.</summary>
    public void Missed(SteeredHost host, ControllerProcess process) => _missed[(host.Index, process)] = Now;

    /// <summary>When a controller last did not, in ticks.</summary>
    public long MissedAt(SteeredHost host, ControllerProcess process) => _missed.GetValueOrDefault((host.Index, process), long.MinValue);

    public static string VersionOf(DistributionTable? table) => table is null ? "" : Text(table.Version);

    /// <summary>Gone with all that its kernel knew; what lies on its disk stays.</summary>
    public void PowerOff(SteeredHost host)
    {
        if (host.IsOff) return;
        _history.World.Incidents.Lose(host.Id);
        host.IsOff = true;
        foreach (var holding in new[] { host.Gateway.Policy, host.Gateway.Configuration })
        {
            _history.World.Life.Run(host.Gateway, holding, null);
            holding.Revert = null;
        }

        LoseKernel(host);
        _history.Trace.Add($"{host.Id} {host.Gateway.Group} {host.Gateway.Member} has lost its power");
        Disturb();
    }

    /// <summary>It boots: with its confirmed policy, in the state that its file says, and with no connection.</summary>
    public void PowerOn(SteeredHost host)
    {
        if (!host.IsOff) return;
        host.IsOff = false;
        foreach (var holding in new[] { host.Gateway.Policy, host.Gateway.Configuration }) _history.World.Life.Run(host.Gateway, holding, holding.Confirmed);
        _history.World.Incidents.Return(host.Id);
        _history.Trace.Add($"{host.Id} {host.Gateway.Group} {host.Gateway.Member} is back, as {host.Gateway.State}");
        Disturb();
    }

    /// <summary>Its kernel starts anew.</summary>
    public void LoseKernel(SteeredHost host)
    {
        host.Sends = false;
        _history.Tell(i => i.OnKernelLost(host));
        foreach (var conversation in Conversations) conversation.Forget(host.Index);
    }

    /// <summary>All orchestrators are up, all hosts have power.</summary>
    public void Calm()
    {
        foreach (var orchestrator in Orchestrators) orchestrator.IsUp = true;
        foreach (var host in Hosts) PowerOn(host);
        Disturb();
    }

    private void Begin(LabGroup group)
    {
        var members = _history.World.State.MembersOf(group.Name).Where(g => g.Carries).Select(g => new SlotMember(MemberId.Parse(g.Member), Math.Min(LabTraffic.WeightOf(g), SlotMember.HighestWeight)));
        var table = new DistributionTable(FlowRules.Default, RendezvousTable.Build(SlotTable.DefaultSlotCount, members, version: 1));
        foreach (var orchestrator in Orchestrators) orchestrator.Tables[group.Name] = table;
        var hosts = Hosts.Where(h => h.Gateway.Group == group.Name).ToList();
        foreach (var host in hosts) (host.Told, host.Sends, host.Peers) = (table, true, [.. hosts.Where(h => h != host).Select(h => h.Gateway.Member)]);
        _nextArrival[group.Name] = Wait();
    }

    private void Arrive(string group, long now)
    {
        var isLong = _random.Next(5) < 2;
        var length = (long)(-Math.Log(1 - _random.NextDouble()) * (isLong ? LongSeconds : ShortSeconds) * TimeSpan.TicksPerSecond);
        var conversation = new Conversation(++_lastNumber, group, Hosts.Count, _random) { Since = now, EndsAt = now + length };
        if (TargetOf(conversation) is not { Forwards: true } host)
        {
            Counts.Refused++;
            return;
        }

        Counts.Began++;
        conversation.Learn(host.Index);
        Conversations.Add(conversation);
    }

    /// <summary>Whom its packets are sent to.</summary>
    public SteeredHost? TargetOf(Conversation conversation) =>
        WayOf(conversation)?.Tables.GetValueOrDefault(conversation.Group) is { } table ? HostOf(conversation.Group, table.Slots.ActiveOf(conversation.SlotIn(table))) : null;

    private void Look(long now)
    {
        foreach (var host in Hosts)
        {
            if (!host.Gateway.Answers) host.AnswersSince = null;
            else host.AnswersSince ??= now;
            // As statesync-run.sh has it.
            if (host is { Sends: false, Told: not null, AnswersSince: { } since } && now - since >= AloneAfter) host.Sends = true;
        }

        for (var i = Conversations.Count - 1; i >= 0; i--)
        {
            var conversation = Conversations[i];
            if (conversation.EndsAt <= now)
            {
                if (!conversation.IsOver) Counts.Ended++;
                conversation.End();
                if (now - conversation.EndsAt >= Conversation.Lingers) Conversations.RemoveAt(i);
                continue;
            }

            if (TargetOf(conversation) is { Forwards: true } host && conversation.IsKnownTo(host.Index))
            {
                conversation.Pass(host.Index);
                if (conversation.UnservedSince is { } since) Counts.Gap(TimeSpan.FromTicks(now - since));
                conversation.UnservedSince = null;
                continue;
            }

            conversation.UnservedSince ??= now;
            if (now - conversation.UnservedSince < Patience) continue;
            Counts.Lost++;
            Conversations.RemoveAt(i);
        }

        // Four pulses a second; copies go each second.
        if (++_pulses % 4 == 0) _exchange.Go(now);
        _history.Tell(i => i.OnPulse());
    }

    private long Wait() => 1 + (long)(-Math.Log(1 - _random.NextDouble()) / Arrivals * TimeSpan.TicksPerSecond);

    private static string Text(long value) => value.ToString(CultureInfo.InvariantCulture);
}
