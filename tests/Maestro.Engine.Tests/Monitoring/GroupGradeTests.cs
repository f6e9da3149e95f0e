using CsCheck;
using Maestro.Engine.Clustering.Distribution;
using Maestro.Engine.Clustering.Membership;
using Maestro.Engine.Fabrics;
using Maestro.Engine.Model.Configuration;
using Maestro.Engine.Model.Distribution;
using Maestro.Engine.Model.Errors;
using Maestro.Engine.Model.Groups;
using Maestro.Engine.Model.Monitoring;
using Maestro.Engine.Model.Operations;
using Maestro.Engine.Model.Policy;
using Maestro.Engine.Monitoring;

namespace Maestro.Engine.Tests.Monitoring;

public sealed class GroupGradeTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_whole_group_is_OK_and_says_what_N_plus_1_comes_to()
    {
        var health = GroupGrade.Judge(Whole(4, load: 38));
        Assert.Equal((HealthGrade.OK, 4, 4, true, 1, "1_1"), (health.Grade, health.ActiveCount, health.MemberCount, health.SpareSatisfied, health.SpareMargin, health.SmoMaster));
        Assert.Equal((38, 50.7, 100, true, true), (health.LoadPercent, health.CapacityPercentAfterLoss, health.ProtectedPercent, health.PolicyAgrees, health.ConfigurationAgrees));
        Assert.Equal("4 active - 0 leaving - 1 spare = 3 to carry the load at 50.7 % each, ceiling 90 %", health.Reason);
        Assert.Equal([(1, SiteState.Active)], health.Site.Select(s => (s.Id, s.State)));
        Assert.Null(health.Since);
    }

    [Fact]
    public void What_is_not_known_is_null_and_N_plus_1_goes_by_heads_then()
    {
        var health = GroupGrade.Judge(Whole(4) with { Replication = null, NoReplication = "nobody keeps copies" });
        Assert.Equal((true, 2), (health.SpareSatisfied, health.SpareMargin));
        Assert.Equal((null, null, null, null), (health.LoadPercent, health.CapacityPercentAfterLoss, health.ProtectedPercent, health.Since));
        Assert.Null(GroupGrade.Judge(Whole(4) with { Replication = [new() { Member = "1_1", Owned = 4, Unprotected = 0 }] }).ProtectedPercent);
        Assert.Null(GroupGrade.Judge(Without(Whole(3), g => g with { ConfigurationVersion = null })).ConfigurationAgrees);
    }

    [Fact]
    public void A_member_that_is_lost_warns_while_N_plus_1_holds_and_is_critical_when_it_does_not()
    {
        var first = Out(Whole(4), MemberState.Lost, 4);
        Assert.Equal((HealthGrade.Warn, true, "1_4 is Lost: no answer"), Short(first));
        var second = Out(Whole(4), MemberState.Lost, 3, 4);
        Assert.Equal((HealthGrade.Warn, true, 0), (GroupGrade.Judge(second).Grade, GroupGrade.Judge(second).SpareSatisfied, GroupGrade.Judge(second).SpareMargin));
        var third = Out(Whole(4), MemberState.Lost, 2, 3, 4);
        Assert.Equal((HealthGrade.Critical, false, "no N+1: 1 active - 0 leaving - 1 spare = 0 to carry the load; 1_2 is Lost: no answer; 1_3 is Lost: no answer; and 1 more"), Short(third));
        Assert.Equal(-1, GroupGrade.Judge(third).SpareMargin);
    }

    [Fact]
    public void It_is_critical_when_the_rest_would_go_above_the_ceiling()
    {
        var health = GroupGrade.Judge(Whole(4, load: 70));
        Assert.Equal((HealthGrade.Critical, false, -1, 93.3), (health.Grade, health.SpareSatisfied, health.SpareMargin, health.CapacityPercentAfterLoss));
        Assert.Null(health.Since);
    }

    [Fact]
    public void It_is_unknown_when_nobody_answers_or_no_orchestrator_says_how_traffic_goes()
    {
        var silent = GroupGrade.Judge(Out(Whole(2), MemberState.Lost, 1, 2));
        Assert.Equal((HealthGrade.Unknown, null, null, "none of 2 members answers: no answer"), (silent.Grade, silent.SpareSatisfied, silent.PolicyAgrees, silent.Reason));
        Assert.Equal([SiteState.Unknown], silent.Site.Select(s => s.State));
        var blind = Whole(3) with { Distribution = null, NoDistribution = "No orchestrator of 'dmz' answers: orch-1 times out", IsSteeringSilent = true };
        Assert.Equal((HealthGrade.Unknown, true, "No orchestrator of 'dmz' answers: orch-1 times out"), Short(blind));
        // What is known to be bad does not become better by that.
        Assert.Equal(HealthGrade.Critical, GroupGrade.Judge(Out(blind, MemberState.Down, 2, 3)).Grade);
    }

    [Fact]
    public void Other_rules_than_the_groups_are_critical_only_where_they_judge_traffic()
    {
        var drift = Whole(3) with { PolicyDrift = [new() { SecurityGroup = "dmz", Member = "1_2", Difference = [new() { SecurityGroup = "dmz", Member = "1_2", Change = PolicyChange.Extra, Location = "inet web forward", Line = 7, Actual = "accept" }] }] };
        Assert.Equal((HealthGrade.Critical, true, "1_2: 1 difference, first: Extra inet web forward: accept"), Short(drift));
        Assert.False(GroupGrade.Judge(drift).PolicyAgrees);
        var suspended = GroupGrade.Judge(Out(drift, MemberState.Suspended, 2));
        Assert.Equal((HealthGrade.Warn, true), (suspended.Grade, suspended.PolicyAgrees));
        var unasked = GroupGrade.Judge(Whole(3) with { PolicyDrift = [new() { SecurityGroup = "dmz", Member = "1_2", Failure = new MaestroException(ErrorCatalogue.MemberUnreachable, "1_2 is silent") }] });
        Assert.Equal(HealthGrade.Warn, unasked.Grade);
        var configuration = GroupGrade.Judge(Change(Whole(3), 2, m => m with { ConfigurationVersion = 1 }));
        Assert.Equal((HealthGrade.Warn, true, false), (configuration.Grade, configuration.PolicyAgrees, configuration.ConfigurationAgrees));
    }

    [Fact]
    public void Slots_of_who_carries_nothing_and_an_orchestrator_out_of_step_are_critical()
    {
        var steered = GroupGrade.Judge(Marked(Whole(3), MemberState.Down, 3));
        Assert.Equal((HealthGrade.Critical, true), (steered.Grade, steered.SpareSatisfied));
        Assert.Matches("^1_3 is Down and 17[01] of 512 slots are steered to it$", steered.Reason);
        var whole = Whole(3);
        Assert.Equal((HealthGrade.Critical, true, "orch-2 has no table"), Short(whole with { Distribution = whole.Distribution! with { OutOfStep = ["orch-2 has no table"] } }));
        // It could carry and does not.
        Assert.Equal(HealthGrade.Warn, GroupGrade.Judge(Whole(4, table: 3)).Grade);
    }

    [Fact]
    public void A_group_without_a_policy_or_without_members_is_not_well()
    {
        Assert.Equal((HealthGrade.Warn, true, "the group has no policy yet"), Short(Without(Whole(3), g => g with { PolicyVersion = null })));
        var empty = GroupGrade.Judge(Without(Whole(0), g => g with { State = SecurityGroupState.Empty }));
        Assert.Equal((HealthGrade.Warn, false, null), (empty.Grade, empty.SpareSatisfied, empty.PolicyAgrees));
        Assert.StartsWith("the group has no members", empty.Reason);
    }

    [Fact]
    public void Connections_without_copies_lower_what_is_protected_by_whoever_knows_of_more()
    {
        var seen = Whole(2) with { Replication = [new() { Member = "1_1", Owned = 60, Unprotected = 5 }, new() { Member = "1_2", Owned = 40, Unprotected = 0 }], MissingCopies = [new("1_2", 10, "tcp 192.0.2.1")] };
        var health = GroupGrade.Judge(seen);
        Assert.Equal((HealthGrade.Warn, 85), (health.Grade, health.ProtectedPercent));
    }

    [Fact]
    public void N_plus_1_is_gone_since_the_member_left_that_was_one_too_many()
    {
        var seen = Out(Whole(4), MemberState.Suspended, 2, 3, 4);
        seen = Change(Change(Change(seen, 2, m => m with { Since = Noon.AddHours(2) }), 3, m => m with { Since = Noon }), 4, m => m with { Since = Noon.AddHours(1) });
        Assert.Equal((HealthGrade.Critical, Noon.AddHours(2)), (GroupGrade.Judge(seen).Grade, GroupGrade.Judge(seen).Since));
        // Of a member that says nothing of itself and that nobody watched, nobody knows.
        Assert.Null(GroupGrade.Judge(Change(seen, 3, m => m with { Since = null, State = MemberState.Lost })).Since);
    }

    [Fact]
    public void A_watch_that_goes_on_knows_since_when_a_member_is_out_and_nothing_from_before_it_began()
    {
        var seen = Out(Whole(4), MemberState.Lost, 4) with
        {
            Watched =
            [
                Said(30, MaestroEventKind.MemberStateChanged, "1_4", "Lost: no answer, was Active"),
                Said(25, MaestroEventKind.MemberLost, "1_4", "silent"),
                Said(20, MaestroEventKind.MemberStateChanged, "1_4", "Active, was Lost"),
                Said(10, MaestroEventKind.MemberLost, "1_4", "silent"),
            ],
        };
        Assert.Equal(Noon.AddMinutes(25), GroupGrade.Judge(seen).Since);
        Assert.Null(GroupGrade.Judge(seen with { Watched = [Said(40, MaestroEventKind.WatchBegan, "", "3 of 4 members active"), .. seen.Watched] }).Since);
        Assert.Null(GroupGrade.Judge(seen with { Watched = [] }).Since);
    }

    [Fact]
    public void An_unsettled_operation_is_critical_since_it_ended_so()
    {
        var left = new MaestroOperation { Id = "k3f9-7qtd", Kind = "SyncPolicy", SecurityGroup = "dmz", State = OperationState.Unsettled, UnsettledMember = ["1_2"], StartedAt = Noon, EndedAt = Noon.AddMinutes(3), Owner = "anna@jump1" };
        var health = GroupGrade.Judge(Without(Whole(3), g => g with { Hold = "unsettled: 1_2" }) with { Unfinished = [left] });
        Assert.Equal((HealthGrade.Critical, Noon.AddMinutes(3), "unsettled: 1_2"), (health.Grade, health.Since, health.Hold));
        Assert.Equal((HealthGrade.Warn, null), (GroupGrade.Judge(Whole(3) with { Unfinished = [left with { State = OperationState.Paused, EndedAt = null }] }) is var paused ? (paused.Grade, paused.Since) : default));
    }

    /// <summary>Whatever is wrong, alone or together.</summary>
    [Fact]
    public void A_group_is_never_OK_when_a_check_fails_or_warns_and_always_has_a_reason()
    {
        var (fine, bad) = (0, 0);
        Evidence.Sample(seen =>
        {
            var health = GroupGrade.Judge(seen);
            var worst = GroupChecks.All.SelectMany(c => c.Judge(seen)).Select(f => f.Result).ToList();
            var isWell = !worst.Contains(CheckOutcome.Fail) && !worst.Contains(CheckOutcome.Warn) && seen.Group.PolicyVersion is not null;
            Assert.Equal(isWell, health.Grade == HealthGrade.OK);
            Assert.NotEmpty(health.Reason);
            Interlocked.Increment(ref isWell ? ref fine : ref bad);
        }, iter: 5000);
        Assert.True(fine > 20 && bad > 1000, $"{fine} and {bad}");
    }

    [Fact]
    public void The_margin_is_below_zero_exactly_when_N_plus_1_does_not_hold() =>
        Gen.Select(Gen.Int[0, 6], Gen.Int[0, 3], Gen.Int[1, 100], Gen.Double[0, 130].Array[6], Gen.Bool).Sample((count, spare, ceiling, loads, known) =>
        {
            var group = new SecurityGroup { Id = 1, Name = "dmz", State = SecurityGroupState.Ready, Spare = spare, CapacityCeiling = ceiling };
            var members = Enumerable.Range(1, count).Select(n => Member(n) with { LoadPercent = known || n > 1 ? loads[n - 1] : null }).ToList();
            var outlook = CapacityGuard.Foresee(group, members);
            Assert.Equal(CapacityGuard.Judge(group, members), (outlook.Holds, outlook.Words));
            Assert.Equal(outlook.Holds, outlook.Margin >= 0);
            if (!outlook.Holds || !known || outlook.Margin == 0) return;
            // So many more may go, their load shared by the rest, and not one more.
            Assert.True(loads.Take(count).Sum() / (count - spare - outlook.Margin) <= ceiling + 1e-9);
            Assert.True(count - spare - outlook.Margin == 1 || loads.Take(count).Sum() / (count - spare - outlook.Margin - 1) > ceiling - 1e-9);
        }, iter: 5000);

    private static readonly Gen<GroupEvidence> Evidence =
        from count in Gen.Int[0, 4]
        from states in Gen.Frequency((5, Gen.Const(MemberState.Active)), (2, Gen.Enum<MemberState>())).Array[4]
        from table in Gen.Frequency((4, Gen.Const(count)), (1, Gen.Int[0, 4]))
        from load in Gen.Select(Gen.Bool, Gen.Double[0, 100], (known, l) => known ? l : (double?)null)
        from spare in Gen.Int[0, 2]
        from flaws in Gen.Frequency((8, Gen.Const(false)), (1, Gen.Const(true))).Array[9]
        select Flawed(count, states, table, load, spare, flaws);

    private static GroupEvidence Flawed(int count, MemberState[] states, int table, double? load, int spare, bool[] flaws)
    {
        var seen = Without(Whole(count, load, table), g => g with { Spare = spare });
        for (var n = 1; n <= count; n++)
        {
            if (states[n - 1] != MemberState.Active) seen = flaws[5] ? Marked(seen, states[n - 1], n) : Out(seen, states[n - 1], n);
        }

        if (flaws[0]) seen = Without(seen, g => g with { PolicyVersion = null });
        if (flaws[1] && count > 0) seen = Change(seen, 1, m => m with { PolicyVersion = 3 });
        if (flaws[2] && count > 0) seen = Change(seen, 1, m => m with { ConfigurationVersion = 3 });
        if (flaws[3] && count > 0) seen = seen with { PolicyDrift = [new PolicyComparison { SecurityGroup = "dmz", Member = "1_1", Failure = load is null ? new MaestroException(ErrorCatalogue.MemberUnreachable, "1_1 is silent") : null }] };
        if (flaws[4] && count > 0) seen = seen with { ConfigurationDrift = [new ConfigurationComparison { SecurityGroup = "dmz", Member = "1_1" }] };
        if (flaws[5]) seen = seen with { Distribution = seen.Distribution! with { OutOfStep = ["orch-1 has no table"] } };
        if (flaws[6]) seen = seen with { Distribution = null, NoDistribution = "no orchestrator answers", IsSteeringSilent = load is null };
        if (flaws[7] && count > 0) seen = seen with { MissingCopies = [new("1_1", 2, "tcp")] };
        if (flaws[8]) seen = seen with { Pending = [new PendingChange { SecurityGroup = "dmz", Property = "Member" }], Unfinished = [new MaestroOperation { Id = "k3f9-7qtd", Kind = "SyncPolicy", State = spare == 0 ? OperationState.Unsettled : OperationState.Paused, StartedAt = Noon }] };
        return seen;
    }

    /// <summary>Members that are active and as they should be, of whom the table has so many.</summary>
    private static GroupEvidence Whole(int count, double? load = null, int? table = null)
    {
        return new GroupEvidence
        {
            Group = new SecurityGroup
            {
                Id = 1, Name = "dmz", State = SecurityGroupState.Ready, ActiveCount = count, MemberCount = count, SmoMaster = count > 0 ? "1_1" : "", PolicyVersion = 4, PolicyFingerprint = "aaaaaaaa", ConfigurationVersion = 2, ConfigurationFingerprint = "bbbbbbbb",
            },
            Members = [.. Enumerable.Range(1, count).Select(n => Member(n) with { LoadPercent = load })],
            PolicyDrift = [],
            ConfigurationDrift = [],
            Distribution = new GroupTraffic { SecurityGroup = "dmz", Table = new DistributionTable(new FlowRules(DistributionMode.General, Layer4: true, Seed: 1), Slots([.. Enumerable.Range(1, table ?? count)])), ObservedAt = Noon },
            Replication = [.. Enumerable.Range(1, count).Select(n => new MemberReplication { Member = $"1_{n}", Owned = 10, BackedUp = 10, Unprotected = 0 })],
        };
    }

    private static GroupMember Member(int number) => new()
    {
        SecurityGroup = "dmz", Member = $"1_{number}", Site = 1, Number = number, Gateway = $"gw-{number}", State = MemberState.Active, PolicyVersion = 4, PolicyFingerprint = "aaaaaaaa", ConfigurationVersion = 2, ConfigurationFingerprint = "bbbbbbbb",
    };

    /// <summary>Out, and the slots handed over.</summary>
    private static GroupEvidence Out(GroupEvidence seen, MemberState state, params int[] numbers)
    {
        var marked = Marked(seen, state, numbers);
        var left = marked.Members.Where(m => m.State is MemberState.Active or MemberState.Standby).Select(m => m.Number);
        return marked.Distribution is { } traffic ? marked with { Distribution = traffic with { Table = traffic.Table with { Slots = Slots([.. left]) } } } : marked;
    }

    /// <summary>Out, and their slots still theirs.</summary>
    private static GroupEvidence Marked(GroupEvidence seen, MemberState state, params int[] numbers) =>
        numbers.Aggregate(seen, (s, n) => Change(s, n, m => m with { State = state, Reason = "no answer", LoadPercent = null }));

    private static SlotTable Slots(IReadOnlyList<int> numbers) =>
        SlotPlanner.Rebalance(SlotTable.Empty(SlotTable.DefaultSlotCount), numbers.Select(n => new SlotMember(new MemberId(1, n), 8))).Table;

    private static GroupEvidence Change(GroupEvidence seen, int number, Func<GroupMember, GroupMember> how) => seen with { Members = [.. seen.Members.Select(m => m.Number == number ? how(m) : m)] };

    private static GroupEvidence Without(GroupEvidence seen, Func<SecurityGroup, SecurityGroup> how) => seen with { Group = how(seen.Group) };

    private static (HealthGrade Grade, bool? Spare, string Reason) Short(GroupEvidence seen) => GroupGrade.Judge(seen) is var health ? (health.Grade, health.SpareSatisfied, health.Reason) : default;

    private static MaestroEvent Said(int minute, MaestroEventKind kind, string member, string text) => new() { Time = Noon.AddMinutes(minute), SecurityGroup = "dmz", Member = member, Kind = kind, Text = text };
}
