using System.Globalization;
using System.Net;
using Maestro.Engine.Clustering.Distribution;
using Maestro.Engine.Fabrics.Linux.Traffic;
using Maestro.Engine.Hosting;
using Maestro.Engine.Model.Distribution;

namespace Maestro.Simulation.Steering;

/// <summary>One connection through a steered group: which kernels know it, and what that came from.</summary>
internal sealed class Conversation
{
    private readonly byte[] _keptFor;
    private FlowRules? _rules;
    private int _slotCount;
    private int _slot;

    /// <param name="number">Counted from 1; also says by which orchestrator it goes.</param>
    /// <param name="group">Whose.</param>
    /// <param name="hosts">How many hosts there are.</param>
    /// <param name="random">Draws its addresses.</param>
    public Conversation(int number, string group, int hosts, SeededRandom random)
    {
        (Number, Group, _keptFor) = (number, group, new byte[hosts]);
        Side = random.Next(2) == 0 ? FlowSide.Inside : FlowSide.Outside;
        var (inside, outside) = (new IPAddress([10, 1, (byte)random.Next(256), (byte)(1 + random.Next(250))]), new IPAddress([198, 51, (byte)random.Next(256), (byte)(1 + random.Next(250))]));
        var (client, server) = Side == FlowSide.Inside ? (inside, outside) : (outside, inside);
        var port = (ushort)(1024 + random.Next(60000));
        Entry = new KnownConnection
        {
            Key = string.Create(CultureInfo.InvariantCulture, $"tcp {client} {server} {port} 443 {number}"),
            Flow = new Flow(client, server, Flow.Tcp, port, 443),
            Answers = server,
            State = "ESTABLISHED",
            TimeLeft = TimeSpan.FromDays(1),
            Line = number.ToString(CultureInfo.InvariantCulture),
        };
    }

    public int Number { get; }

    public string Group { get; }

    /// <summary>Where its first packet came in.</summary>
    public FlowSide Side { get; }

    /// <summary>As kernels list it.</summary>
    public KnownConnection Entry { get; private set; }

    /// <summary>When it began and will end, in ticks.</summary>
    public required long Since { get; init; }

    public required long EndsAt { get; init; }

    /// <summary>A bit for each host whose kernel tracks it.</summary>
    public ulong Known { get; set; }

    /// <summary>Those of them that have it as a copy, and have seen none of its packets.</summary>
    public ulong Copies { get; set; }

    /// <summary>Since when its packets reach nobody who knows it, in ticks; null while they do.</summary>
    public long? UnservedSince { get; set; }

    /// <summary>Who carried it, and whoever kept its copy, as of the last look; 0 for nobody.</summary>
    public ulong Keepers { get; set; }

    /// <summary>Who keeps it since who carried it died, until its slot is given to another; 0 where nobody need.</summary>
    public ulong Owed { get; set; }

    /// <summary>Both ends are done with it. Kernels keep what they knew for two minutes.</summary>
    public bool IsOver { get; private set; }

    public static readonly long Lingers = TimeSpan.FromMinutes(2).Ticks;

    public void End()
    {
        (IsOver, UnservedSince, Keepers, Owed) = (true, null, 0, 0);
        Entry = Entry with { State = "TIME_WAIT", TimeLeft = TimeSpan.FromSeconds(30) };
    }

    public bool IsKnownTo(int host) => (Known & Bit(host)) != 0;

    public void Learn(int host, int? from = null)
    {
        // A copy is whose who sent it last: what its slot's former owner does not send any more stays.
        var isCopy = from is not null && (!IsKnownTo(host) || (Copies & Bit(host)) != 0);
        Known |= Bit(host);
        if (!isCopy) return;
        Copies |= Bit(host);
        _keptFor[host] = (byte)(from!.Value + 1);
    }

    public void Forget(int host)
    {
        Known &= ~Bit(host);
        Copies &= ~Bit(host);
        _keptFor[host] = 0;
    }

    /// <summary>Its packets have come by there.</summary>
    public void Pass(int host)
    {
        Copies &= ~Bit(host);
        _keptFor[host] = 0;
    }

    /// <summary>Whether a host has it only because that one told it.</summary>
    public bool IsKeptFor(int host, int sender) => (Copies & Bit(host)) != 0 && _keptFor[host] == sender + 1;

    public int SlotIn(DistributionTable table)
    {
        if ((ReferenceEquals(_rules, table.Rules) || _rules == table.Rules) && _slotCount == table.Slots.SlotCount) return _slot;
        (_rules, _slotCount) = (table.Rules, table.Slots.SlotCount);
        _slot = table.Rules.SlotOf(Entry.Flow, Side, table.Slots.SlotCount);
        return _slot;
    }

    public static ulong Bit(int host) => 1UL << host;
}
