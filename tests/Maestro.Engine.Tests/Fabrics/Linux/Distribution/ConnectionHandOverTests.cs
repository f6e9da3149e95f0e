using System.Net;
using Maestro.Engine.Clustering.Distribution;
using Maestro.Engine.Fabrics;
using Maestro.Engine.Fabrics.Linux;
using Maestro.Engine.Fabrics.Linux.Inventory;
using Maestro.Engine.Fabrics.Linux.Ssh;
using Maestro.Engine.Fabrics.Linux.Traffic;
using Maestro.Engine.Model.Distribution;
using Maestro.Engine.Model.Errors;
using Maestro.Engine.Model.Groups;
using Maestro.Engine.Operations.Leases;
using Maestro.Fabrics.Contract.Store;

namespace Maestro.Engine.Tests.Fabrics.Linux.Distribution;

/// <summary>The hand-over of connections between members whose kernels are sets of lines.</summary>
public sealed class ConnectionHandOverTests
{
    private static readonly MemberId One = new(1, 1);
    private static readonly MemberId Two = new(1, 2);
    private static readonly MemberId Three = new(1, 3);
    private static readonly DistributionTable Before = new(FlowRules.Default, RendezvousTable.Build(512, new[] { One, Two, Three }.Select(m => new SlotMember(m, 1)), version: 1));
    private static readonly DistributionTable After = Before with { Slots = SlotPlanner.Rebalance(Before.Slots, Before.Slots.Members.Where(m => m.Id != Two)).Table };

    private readonly Kernels _kernels = new();
    private readonly ManualTime _time = new();

    [Fact]
    public async Task Each_connection_of_who_leaves_is_with_who_carries_it_then_and_no_others_travel()
    {
        for (var n = 0; n < 300; n++) _kernels.Begin(Owner(Before, n), n);

        var moving = Moving();
        Assert.Null(await moving.CopyAsync());
        Assert.Null(await moving.SweepAsync());

        foreach (var n in Enumerable.Range(0, 300).Where(n => Owner(Before, n) == Two)) Assert.Contains(Line(n), _kernels.Of(Owner(After, n)));
        Assert.All(_kernels.Loaded, line => Assert.Contains(Enumerable.Range(0, 300), n => Line(n) == line && Owner(Before, n) == Two));
        Assert.Contains(" slots move: 1_2 to 1_1 ", moving.Words);
    }

    [Theory]
    [InlineData(1, 2)]
    [InlineData(30, 3)]
    public async Task Who_stood_still_in_its_last_look_before_the_change_looks_once_more(int seconds, int looks)
    {
        for (var n = 0; n < 40; n++) _kernels.Begin(Owner(Before, n), n);
        var asked = 0;
        _kernels.WhenListed = member =>
        {
            // One that gives is asked before and after the comparison, in which it takes no part.
            if (member == Two && ++asked == 2) _time.Pass(TimeSpan.FromSeconds(seconds));
        };

        Assert.Null(await Moving().CopyAsync());

        Assert.Equal(looks, asked);
    }

    [Fact]
    public async Task What_does_not_arrive_is_given_once_more_and_then_nothing_may_change()
    {
        for (var n = 0; n < 40; n++) _kernels.Begin(Owner(Before, n), n);
        var taker = Owner(After, Enumerable.Range(0, 40).First(n => Owner(Before, n) == Two));
        _kernels.Forgetful.Add(taker);

        var refused = await Moving().CopyAsync();

        Assert.Equal((EffectKind.Refused, ErrorCatalogue.ConnectionsNotMoved), (refused!.Kind, refused.Code));
        Assert.StartsWith($"{taker} lacks ", refused.Reason);
        Assert.EndsWith("the table was left as it is", refused.Reason);
        Assert.Equal(2, _kernels.Scripts.Count(s => s == ($"fw-{taker.Number}", "connections-load")));
    }

    [Fact]
    public async Task A_handshake_is_not_copied_before_the_change_and_is_after_it()
    {
        var n = Enumerable.Range(0, 100).First(n => Owner(Before, n) == Two);
        _kernels.Begin(Two, n, "SYN_RECV");

        var moving = Moving();
        Assert.Null(await moving.CopyAsync());
        Assert.Empty(_kernels.Loaded);
        Assert.Null(await moving.SweepAsync());
        Assert.Contains(Line(n, "SYN_RECV"), _kernels.Of(Owner(After, n)));
    }

    [Fact]
    public async Task Sweeps_end_when_two_in_a_row_find_none()
    {
        var born = new Queue<int>(Enumerable.Range(0, 200).Where(n => Owner(Before, n) == Two && IsCertain(n)).Take(3));
        _kernels.WhenListed = id =>
        {
            if (id == Two && born.Count > 0) _kernels.Begin(Two, born.Dequeue());
        };

        Assert.Null(await Moving().SweepAsync());

        Assert.Empty(born);
        Assert.Equal(3, _kernels.Loaded.Count);
        // Three that found one each, and two that found none.
        Assert.Equal(5, _kernels.Scripts.Count(s => s == ("fw-2", "connections-list")));
    }

    [Fact]
    public async Task Who_gives_and_falls_silent_after_the_change_is_asked_no_more_and_before_it_stops_it()
    {
        _kernels.Silent.Add(Two);
        var moving = Moving();
        Assert.Equal((EffectKind.Refused, ErrorCatalogue.MemberUnreachable, true), await moving.CopyAsync() is { } refused ? (refused.Kind, refused.Code, refused.Transient) : default);
        Assert.Null(await moving.SweepAsync());
        Assert.Contains("1_2 was not asked to the end", moving.Words);
    }

    [Fact]
    public async Task Who_was_seen_to_be_silent_hands_nothing_over_and_hinders_nobody()
    {
        _kernels.Silent.Add(Two);
        var moving = Moving(MemberState.Lost);
        Assert.Null(await moving.CopyAsync());
        Assert.Contains("1_2 does not answer", moving.Words);
        Assert.DoesNotContain(_kernels.Scripts, s => s.Host == "fw-2" || s.Script == "connections-load");
    }

    [Fact]
    public async Task What_a_silent_one_had_comes_from_those_who_keep_its_copies()
    {
        var moved = Enumerable.Range(0, 300).Where(n => Owner(Before, n) == Two && IsCertain(n)).ToList();
        foreach (var n in moved) _kernels.Begin(Before.Slots.BackupOf(Before.Rules.SlotOf(FlowOf(n), FlowSide.Outside, 512))!.Id, n);
        var born = moved.Max() + 1;
        while (Owner(Before, born) != Two || !IsCertain(born)) born++;

        var moving = Moving(MemberState.Lost);
        Assert.Null(await moving.CopyAsync());
        // A copy that came late is found by the looks after the change.
        _kernels.Begin(Before.Slots.BackupOf(Before.Rules.SlotOf(FlowOf(born), FlowSide.Outside, 512))!.Id, born);
        Assert.Null(await moving.SweepAsync());

        Assert.All(moved.Append(born), n => Assert.Contains(Line(n), _kernels.Of(Owner(After, n))));
        Assert.DoesNotContain(_kernels.Scripts, s => s.Host == "fw-2");
    }

    [Fact]
    public async Task Who_is_silent_and_would_take_over_is_named_before_anything_changes()
    {
        for (var n = 0; n < 300; n++) _kernels.Begin(Owner(Before, n), n);
        // By other rules he gives as well as takes.
        var anew = Before with { Rules = Before.Rules with { Seed = 7 }, Slots = Before.Slots.WithVersion(2) };

        var moving = Moving(MemberState.Lost, anew);
        Assert.Null(await moving.CopyAsync());
        Assert.Equal(Two, moving.Deaf);

        moving = Moving(MemberState.Active, anew);
        Assert.Null(await moving.CopyAsync());
        Assert.Null(moving.Deaf);
        // Who only gives is nobody's concern.
        moving = Moving(MemberState.Lost);
        Assert.Null(await moving.CopyAsync());
        Assert.Null(moving.Deaf);
    }

    private ConnectionHandOver Moving(MemberState two = MemberState.Active, DistributionTable? after = null) => new(
        new LinuxConnections(new LinuxHosts(new InventoryFile { Name = "t", Gateways = [], Orchestrators = [] }, _kernels, TimeProvider.System)),
        SteeredBed.Call(new LeaseToken { OperationId = "op-1", Epoch = 1, Resources = [] }),
        new FlowMoves(Before, after ?? After),
        [Member(One), Member(Two, two), Member(Three)],
        _time);

    private static SteeredMember Member(MemberId id, MemberState state = MemberState.Active) =>
        new(id, 1, state, new InventoryGateway { Host = new HostEndpoint { Id = "fw-" + id.Number, Address = "192.0.2." + id.Number, User = "root" }, Downlinks = [] });

    private static Flow FlowOf(int n) => new(IPAddress.Parse("10.1.0." + ((n % 250) + 1)), IPAddress.Parse("10.2.0.1"), Flow.Tcp, (ushort)(1000 + n), 80);

    private static MemberId Owner(DistributionTable table, int n, FlowSide side = FlowSide.Outside) => table.Slots.ActiveOf(table.Rules.SlotOf(FlowOf(n), side, table.Slots.SlotCount))!.Id;

    private static bool IsCertain(int n) => !new FlowMoves(Before, After).Of(Two, FlowOf(n)).MayStay && new FlowMoves(Before, After).Of(Two, FlowOf(n)).To.Count == 1;

    private static string Line(int n, string state = "ESTABLISHED")
    {
        var flow = FlowOf(n);
        return $"-A -t 400 -u SEEN_REPLY,ASSURED -s {flow.Source} -d {flow.Destination} -r {flow.Destination} -q {flow.Source} -p tcp --sport {flow.SourcePort} --dport 80 --reply-port-src 80 --reply-port-dst {flow.SourcePort} --state {state}";
    }

    private sealed class Kernels : IGatewayTransport
    {
        private readonly SortedDictionary<MemberId, HashSet<string>> _lines = new() { [One] = [], [Two] = [], [Three] = [] };

        public List<(string Host, string Script)> Scripts { get; } = [];

        public List<string> Loaded { get; } = [];

        public HashSet<MemberId> Silent { get; } = [];

        public HashSet<MemberId> Forgetful { get; } = [];

        public Action<MemberId> WhenListed { get; set; } = _ => { };

        public void Begin(MemberId at, int n, string state = "ESTABLISHED") => _lines[at].Add(Line(n, state));

        public IReadOnlyCollection<string> Of(MemberId member) => _lines[member];

        public Task<ScriptAnswer> RunAsync(HostEndpoint host, ShellScript script, TimeSpan timeout, CancellationToken cancellation)
        {
            Scripts.Add((host.Id, script.Name));
            var member = new MemberId(1, host.Id[^1] - '0');
            if (Silent.Contains(member)) return Task.FromResult(new ScriptAnswer(ScriptOutcome.NotSent, -1, "no route"));
            if (script.Name == "connections-load")
            {
                var lines = script.Frame("END").Split('\n').Where(l => l.StartsWith("-A ", StringComparison.Ordinal)).ToList();
                Loaded.AddRange(lines);
                if (!Forgetful.Contains(member)) _lines[member].UnionWith(lines);
                return Task.FromResult(new ScriptAnswer(ScriptOutcome.Answered, 0, "@outcome done\n"));
            }

            WhenListed(member);
            return Task.FromResult(new ScriptAnswer(ScriptOutcome.Answered, 0, $"@section entries\n{string.Join("\n", _lines[member])}\n@outcome done\n"));
        }

        public ValueTask DisposeAsync() => default;
    }
}
