using Maestro.Engine.Clustering.Distribution;
using Maestro.Engine.Fabrics;
using Maestro.Engine.Model.Distribution;
using Maestro.Engine.Model.Errors;
using Maestro.Engine.Model.Groups;
using Maestro.Engine.Model.Monitoring;
using Maestro.Engine.Model.Operations;
using Maestro.Engine.Model.Policy;
using Maestro.Engine.Monitoring;

namespace Maestro.Engine.Tests.Monitoring;

public sealed class GroupChecksTests
{
    private static readonly SecurityGroup Dmz = new() { Id = 1, Name = "dmz", State = SecurityGroupState.Ready, PolicyVersion = 4, PolicyFingerprint = "aaaaaaaa", Spare = 1 };

    [Theory]
    [InlineData(MemberState.Active, CheckOutcome.Pass)]
    [InlineData(MemberState.Standby, CheckOutcome.Pass)]
    [InlineData(MemberState.Suspended, CheckOutcome.Warn)]
    [InlineData(MemberState.Booting, CheckOutcome.Warn)]
    [InlineData(MemberState.Held, CheckOutcome.Fail)]
    [InlineData(MemberState.Down, CheckOutcome.Fail)]
    [InlineData(MemberState.Lost, CheckOutcome.Fail)]
    [InlineData(MemberState.Unknown, CheckOutcome.Fail)]
    public void A_members_state_is_judged_by_whether_it_serves(MemberState state, CheckOutcome outcome) =>
        Assert.Equal(outcome, Assert.Single(Ask("MemberState", new() { Group = Dmz, Members = [Member("1_1", state)] })).Result);

    [Fact]
    public void Connections_without_copies_fail_and_a_member_that_reaches_nobody_is_warned_of()
    {
        GroupEvidence seen = new()
        {
            Group = Dmz,
            Members = [Member("1_1"), Member("1_2"), Member("1_3"), Member("1_4", MemberState.Suspended)],
            Replication = [new() { Member = "1_1", Owned = 7, BackedUp = 2 }, new() { Member = "1_2", Owned = 4, BackedUp = 9, Reason = "it does not reach 1_1" }, new() { Member = "1_3", Owned = 1, BackedUp = 1 }, new() { Member = "1_4", Reason = "no answer" }],
        };
        Assert.Equal([("1_2", CheckOutcome.Warn, "it does not reach 1_1")], Ask("StateSync", seen).Select(f => (f.Member, f.Result, f.Reason)));
        var lacking = Ask("StateSync", seen with { MissingCopies = [new("1_3", 2, "tcp 192.0.2.1 192.0.2.9 5000 443")] });
        Assert.Contains(("1_3", CheckOutcome.Fail, "2 of its connections have no copy, first: tcp 192.0.2.1 192.0.2.9 5000 443"), lacking.Select(f => (f.Member, f.Result, f.Reason)));
        var whole = Assert.Single(Ask("StateSync", seen with { Replication = [.. seen.Replication.Select(r => r with { Reason = "" })] }));
        Assert.Equal((CheckOutcome.Pass, "12 connections, 12 copies, none missing"), (whole.Result, whole.Reason));
        Assert.Equal(CheckOutcome.Skipped, Assert.Single(Ask("StateSync", new() { Group = Dmz, Members = [], NoReplication = "nobody keeps copies" })).Result);
    }

    [Fact]
    public void Only_active_members_must_agree_and_each_that_does_not_says_what_it_holds()
    {
        var found = Ask("PolicyAgreement", new()
        {
            Group = Dmz,
            Members = [Member("1_1"), Member("1_2", policy: 3), Member("1_3", fingerprint: ""), Member("1_4", MemberState.Suspended, policy: 2), Member("1_5", policy: null)],
        });
        Assert.Equal([("1_2", "holds #3 aaaaaaaa, the group's is #4 aaaaaaaa"), ("1_3", "says #4, but what is read back there is something else"), ("1_5", "holds no policy of ours")], found.Select(f => (f.Member, f.Reason)));
        Assert.All(found, f => Assert.Equal(CheckOutcome.Fail, f.Result));
    }

    [Fact]
    public void Drift_names_the_first_line_that_differs_and_who_could_not_be_compared()
    {
        var line = new PolicyDifference { SecurityGroup = "dmz", Member = "1_2", Change = PolicyChange.Extra, Location = "inet web forward", Line = 7, Actual = "accept" };
        var found = Ask("PolicyDrift", new()
        {
            Group = Dmz,
            Members = [Member("1_1"), Member("1_2"), Member("1_3")],
            PolicyDrift =
            [
                new PolicyComparison { SecurityGroup = "dmz", Member = "1_2", Difference = [line] },
                new PolicyComparison { SecurityGroup = "dmz", Member = "1_3", Failure = new MaestroException(ErrorCatalogue.MemberUnreachable, "1_3 is silent") },
            ],
        });
        Assert.Equal([("1_2", "1 difference, first: Extra inet web forward: accept"), ("1_3", "1_3 is silent")], found.Select(f => (f.Member, f.Reason)));
    }

    [Fact]
    public void What_was_not_asked_is_skipped_and_never_passes() =>
        Assert.Equal((CheckOutcome.Skipped, "no policies here"), Assert.Single(Ask("PolicyDrift", new() { Group = Dmz, Members = [], NoPolicyDrift = "no policies here" })) is var found ? (found.Result, found.Reason) : default);

    [Fact]
    public void An_unsettled_operation_fails_and_a_paused_one_warns()
    {
        var found = Ask("Operation", new() { Group = Dmz, Members = [], Unfinished = [Operation("k3f9-7qtd", OperationState.Unsettled), Operation("k3f9-8qtd", OperationState.Paused)] });
        Assert.Equal([CheckOutcome.Fail, CheckOutcome.Warn], found.Select(f => f.Result));
        Assert.Contains("1_2", found[0].Reason);
    }

    [Fact]
    public void A_distribution_passes_when_everybody_who_carries_has_its_share_and_all_orchestrators_go_by_it() =>
        Assert.Equal(
            (CheckOutcome.Pass, "512 slots over 3 members, version 1"),
            Assert.Single(Ask("Distribution", Distributed([Member("1_1"), Member("1_2"), Member("1_3"), Member("1_4", MemberState.Suspended)], "1_1 1_2 1_3"))) is var found ? (found.Result, found.Reason) : default);

    [Fact]
    public void Who_is_out_and_still_has_slots_and_who_carries_and_has_none_are_named()
    {
        var found = Ask("Distribution", Distributed([Member("1_1"), Member("1_2", MemberState.Down), Member("1_3")], "1_1 1_2"));
        Assert.Equal(
            [("1_2", CheckOutcome.Fail, "is Down and 256 of 512 slots are steered to it"), ("1_3", CheckOutcome.Fail, "is Active and has no place in the table")],
            found.Select(f => (f.Member, f.Result, f.Reason)));
    }

    [Fact]
    public void A_member_off_its_share_warns()
    {
        var built = Distributed([Member("1_1"), Member("1_2")], "1_1 1_2");
        var slots = built.Distribution!.Table.Slots;
        var members = slots.Members.Select(m => m with { Weight = m.Id.Number == 1 ? 3 : 1 }).ToArray();
        var found = Ask("Distribution", built with { Distribution = built.Distribution with { Table = built.Distribution.Table with { Slots = new SlotTable(2, members, slots.Active, slots.Backup, slots.Remote) } } });
        Assert.Equal([("1_1", "carries 256 of 512 slots, its share by weight is 384"), ("1_2", "carries 256 of 512 slots, its share by weight is 128")], found.Select(f => (f.Member, f.Reason)));
        Assert.All(found, f => Assert.Equal(CheckOutcome.Warn, f.Result));
    }

    [Fact]
    public void An_orchestrator_out_of_step_fails()
    {
        var built = Distributed([Member("1_1")], "1_1");
        var found = Assert.Single(Ask("Distribution", built with { Distribution = built.Distribution! with { OutOfStep = ["mho1 has no table"] } }));
        Assert.Equal((CheckOutcome.Fail, "mho1 has no table"), (found.Result, found.Reason));
    }

    [Fact]
    public void A_group_that_nobody_steers_is_skipped() =>
        Assert.Equal(CheckOutcome.Skipped, Assert.Single(Ask("Distribution", Distributed([Member("1_1")], ""))).Result);

    private static GroupEvidence Distributed(IReadOnlyList<GroupMember> members, string carriers)
    {
        SlotMember[] carrying = [.. carriers.Split([' '], StringSplitOptions.RemoveEmptyEntries).Select(id => new SlotMember(MemberId.Parse(id), 8))];
        var slots = carrying.Length == 0 ? SlotTable.Empty(SlotTable.DefaultSlotCount) : RendezvousTable.Build(SlotTable.DefaultSlotCount, carrying, 1);
        var table = new DistributionTable(new FlowRules(DistributionMode.AutoTopology, Layer4: true, Seed: 1), slots);
        return new GroupEvidence { Group = Dmz, Members = members, Distribution = new GroupTraffic { SecurityGroup = "dmz", Table = table, ObservedAt = DateTimeOffset.UnixEpoch } };
    }

    private static List<CheckResult> Ask(string check, GroupEvidence seen) => [.. GroupChecks.Named([check]).SelectMany(c => c.Judge(seen))];

    private static GroupMember Member(string id, MemberState state = MemberState.Active, int? policy = 4, string fingerprint = "aaaaaaaa") =>
        new() { SecurityGroup = "dmz", Member = id, Site = 1, Number = id[2] - '0', Gateway = "gw" + id, State = state, PolicyVersion = policy, PolicyFingerprint = policy is null ? "" : fingerprint };

    private static MaestroOperation Operation(string id, OperationState state) =>
        new() { Id = id, Kind = "SyncPolicy", SecurityGroup = "dmz", State = state, UnsettledMember = state == OperationState.Unsettled ? ["1_2"] : [], StartedAt = DateTimeOffset.UnixEpoch, Owner = "anna@jump1" };
}
