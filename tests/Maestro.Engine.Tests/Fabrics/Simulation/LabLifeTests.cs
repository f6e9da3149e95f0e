using Maestro.Engine.Fabrics;
using Maestro.Engine.Fabrics.Simulation;
using Maestro.Engine.Model.Errors;
using Maestro.Engine.Model.Fabric;
using Maestro.Engine.Model.Groups;

namespace Maestro.Engine.Tests.Fabrics.Simulation;

/// <summary>How gateways come and go.</summary>
public sealed class LabLifeTests : IDisposable
{
    private readonly DrivenLab _lab = new();

    [Fact]
    public void A_gateway_joins_boots_fetches_policy_and_becomes_active_in_minutes()
    {
        _lab.Stage(new(TopologyEditKind.CreateGroup, "dmz"), new(TopologyEditKind.AssignGateway, "dmz", _lab.Free()[0], "1_1"));
        _lab.Apply();
        var began = _lab.Scheduler.Clock.GetUtcNow();
        var seen = new List<(MemberState State, int Seconds)>();
        while (seen.Count == 0 || seen[^1].State != MemberState.Active)
        {
            var member = _lab.Member("1_1");
            if (seen.Count == 0 || seen[^1].State != member.State) seen.Add((member.State, (int)(member.Since!.Value - began).TotalSeconds));
            _lab.Pass(1);
            Assert.True(seen.Count < 6);
        }

        Assert.Equal([MemberState.Joining, MemberState.Booting, MemberState.Ready, MemberState.Active], seen.Select(s => s.State));
        Assert.InRange(seen[1].Seconds, 30, 90);
        Assert.InRange(seen[2].Seconds - seen[1].Seconds, 179, 360);
        Assert.InRange(seen[3].Seconds - seen[2].Seconds, 4, 20);
    }

    [Fact]
    public void The_first_member_enforces_the_initial_policy()
    {
        _lab.MakeGroup(1);
        var member = _lab.Member("1_1");
        Assert.Equal(("initial policy", null, ""), (member.Reason, member.PolicyVersion, member.PolicyFingerprint));
        Assert.Equal(100, member.SharePercent);
        Assert.Null(_lab.View().Groups.Single().PolicyVersion);
    }

    [Fact]
    public void A_joiner_fetches_what_the_SMO_has_confirmed_and_not_what_it_only_runs()
    {
        _lab.MakeGroup(1, 1);
        _lab.Bring(1, "1_1", "1_2");
        _lab.StagePolicy("1_1", 2);
        _lab.CommitPolicy("1_1", 2);
        var joiner = _lab.Free()[0];
        _lab.Stage(new TopologyEdit(TopologyEditKind.AssignGateway, "dmz", joiner, "1_3"));
        _lab.Apply();
        _lab.Pass(600);
        Assert.Equal((1, 1), (_lab.Policy("1_3").RunningGeneration, _lab.Policy("1_3").ConfirmedGeneration));
    }

    [Fact]
    public void The_SMO_is_the_active_member_with_the_lowest_id_and_others_follow_it()
    {
        _lab.MakeGroup(1, 1, 1);
        _lab.Bring(1, "1_1", "1_2", "1_3");
        _lab.Suspend("1_3");
        _lab.Pass(60);
        _lab.Bring(2, "1_1", "1_2");
        Assert.Equal(2, _lab.View().Groups.Single().PolicyVersion);
        _lab.World.Incidents.Lose(_lab.Member("1_1").Gateway);
        Assert.Equal(2, _lab.View().Groups.Single().PolicyVersion);
        Assert.Equal(1, _lab.Policy("1_3").RunningGeneration);
        _lab.Resume("1_3");
        _lab.Pass(30);
        Assert.Equal((MemberState.Active, 2), (_lab.Member("1_3").State, _lab.Member("1_3").PolicyVersion));
    }

    [Fact]
    public void With_nobody_else_active_a_member_uses_its_local_copy()
    {
        _lab.MakeGroup(1);
        _lab.Bring(1, "1_1");
        _lab.StagePolicy("1_1", 2);
        _lab.CommitPolicy("1_1", 2);
        _lab.Restart("1_1");
        Assert.Equal(MemberState.Booting, _lab.Member("1_1").State);
        _lab.Pass(400);
        Assert.Equal((MemberState.Active, 1), (_lab.Member("1_1").State, _lab.Member("1_1").PolicyVersion));
    }

    [Fact]
    public void A_booting_gateway_does_not_answer()
    {
        _lab.MakeGroup(1, 1);
        _lab.Restart("1_1");
        var effect = _lab.StagePolicy("1_1", 1);
        Assert.Equal((EffectKind.Refused, true, ErrorCatalogue.MemberUnreachable), (effect.Kind, effect.Transient, effect.Code));
        Assert.False(_lab.Policy("1_1").Answered);
        Assert.Null(_lab.Member("1_1").PolicyVersion);
    }

    [Fact]
    public void A_drain_takes_its_time_and_ends_in_DOWN_admin()
    {
        _lab.MakeGroup(1, 1);
        _lab.Suspend("1_1", "anna@jump1: disk swap");
        Assert.Equal((MemberState.Draining, "anna@jump1"), (_lab.Member("1_1").State, _lab.Member("1_1").SuspendedBy));
        _lab.Pass(10);
        var member = _lab.Member("1_1");
        Assert.Equal((MemberState.Suspended, "DOWN (admin)", "anna@jump1: disk swap"), (member.State, member.RawState, member.Reason));
        Assert.Contains("admin_down", member.Pnote);
        Assert.Equal(100, _lab.Member("1_2").SharePercent);
    }

    [Fact]
    public void Suspending_a_draining_member_is_not_yet_so()
    {
        _lab.MakeGroup(1, 1);
        var reference = _lab.Ref("1_1");
        _lab.Run(() => _lab.Fabric.Members!.SuspendAsync(_lab.Call(), reference, DrainMode.Wait, "anna@jump1"));
        Assert.Equal(EffectKind.Done, _lab.Suspend("1_1").Kind);
        Assert.Equal(MemberState.Draining, _lab.Member("1_1").State);
    }

    [Fact]
    public void What_a_human_has_taken_out_stays_out_over_restarts_and_crashes()
    {
        _lab.MakeGroup(1, 1);
        var gateway = _lab.Member("1_1").Gateway;
        _lab.Otto.Suspend(gateway, "mine");
        _lab.Pass(60);
        _lab.Restart("1_1");
        _lab.Pass(400);
        _lab.World.Incidents.Crash(gateway);
        _lab.Pass(1200);
        Assert.Equal((MemberState.Suspended, "otto"), (_lab.Member("1_1").State, _lab.Member("1_1").SuspendedBy));
        _lab.Otto.Resume(gateway);
        _lab.Pass(30);
        Assert.Equal(MemberState.Active, _lab.Member("1_1").State);
    }

    [Fact]
    public void A_member_that_is_down_for_a_cause_of_its_own_is_not_raised_by_hand()
    {
        _lab.MakeGroup(1, 1);
        var gateway = _lab.Member("1_1").Gateway;
        _lab.World.Incidents.Break(gateway, "Interface Active Check");
        Assert.Equal((MemberState.Down, "Interface Active Check"), (_lab.Member("1_1").State, _lab.Member("1_1").Reason));
        var effect = _lab.Resume("1_1");
        Assert.Equal((EffectKind.Refused, ErrorCatalogue.MemberStateInvalid, false), (effect.Kind, effect.Code, effect.Transient));
        Assert.Contains("Interface Active Check", effect.Reason);
        _lab.Restart("1_1");
        _lab.Pass(400);
        Assert.Equal(MemberState.Down, _lab.Member("1_1").State);
        _lab.World.Incidents.Mend(gateway);
        _lab.Pass(30);
        Assert.Equal(MemberState.Active, _lab.Member("1_1").State);
    }

    [Fact]
    public void What_becomes_of_a_problem_while_a_member_boots_shows_when_it_is_up()
    {
        _lab.MakeGroup(1, 1);
        var gateway = _lab.Member("1_1").Gateway;
        _lab.World.Incidents.Break(gateway, "AMW");
        _lab.Restart("1_1");
        _lab.World.Incidents.Mend(gateway);
        _lab.Pass(400);
        Assert.Equal(MemberState.Active, _lab.Member("1_1").State);

        _lab.Restart("1_1");
        _lab.World.Incidents.Break(gateway, "AMW");
        _lab.Pass(400);
        Assert.Equal((MemberState.Down, "AMW"), (_lab.Member("1_1").State, _lab.Member("1_1").Reason));
    }

    [Fact]
    public void A_member_on_its_way_in_is_not_suspended()
    {
        _lab.MakeGroup(1);
        _lab.Stage(new TopologyEdit(TopologyEditKind.AssignGateway, "dmz", _lab.Free()[0], "1_2"));
        _lab.Apply();
        var effect = _lab.Suspend("1_2");
        Assert.Equal((EffectKind.Refused, ErrorCatalogue.MemberStateInvalid, true), (effect.Kind, effect.Code, effect.Transient));
    }

    [Fact]
    public void A_silent_member_is_lost_says_for_how_long_and_carries_nothing()
    {
        _lab.MakeGroup(1, 1);
        var gateway = _lab.Member("1_1").Gateway;
        _lab.World.Incidents.Lose(gateway);
        _lab.Pass(252);
        var member = _lab.Member("1_1");
        Assert.Equal((MemberState.Lost, "no answer for 4m12s", 0, null), (member.State, member.Reason, member.SharePercent, member.LoadPercent));
        Assert.Equal(GatewayState.Unreachable, _lab.View().Gateways.Single(g => g.Id == gateway).State);
        _lab.World.Incidents.Return(gateway);
        Assert.Equal(MemberState.Active, _lab.Member("1_1").State);
    }

    [Fact]
    public void A_joiner_that_nobody_reaches_waits_with_its_policy()
    {
        _lab.MakeGroup(1);
        _lab.Bring(1, "1_1");
        var joiner = _lab.Free()[0];
        _lab.Stage(new TopologyEdit(TopologyEditKind.AssignGateway, "dmz", joiner, "1_2"));
        _lab.Apply();
        _lab.World.Incidents.Lose(joiner);
        _lab.Pass(1200);
        Assert.Equal(MemberState.Lost, _lab.Member("1_2").State);
        _lab.World.Incidents.Return(joiner);
        Assert.Equal(MemberState.Ready, _lab.Member("1_2").State);
        _lab.Pass(10);
        Assert.Equal((MemberState.Active, 1), (_lab.Member("1_2").State, _lab.Member("1_2").PolicyVersion));
    }

    [Fact]
    public void Shares_go_by_weight_or_cores_and_what_one_leaves_the_others_carry()
    {
        _lab.MakeGroup(1, 1, 1, 1);
        var members = _lab.View().Members;
        Assert.Equal(100, members.Sum(m => m.SharePercent!.Value), 0.5);
        var cores = _lab.View().Gateways.ToDictionary(g => g.Id, g => g.CoreCount!.Value);
        var perCore = members.Select(m => m.SharePercent!.Value / cores[m.Gateway]).ToList();
        Assert.All(perCore, p => Assert.Equal(perCore[0], p, 0.02));
        Assert.All(members, m => Assert.InRange(m.LoadPercent!.Value, 20, 45));
        Assert.All(members, m => Assert.True(m.ConnectionCount > 1000));

        var before = members[1].LoadPercent;
        _lab.Suspend("1_1");
        _lab.Pass(10);
        Assert.True(_lab.Member("1_2").LoadPercent > before);
    }

    [Fact]
    public void What_nobody_watched_took_place_in_the_order_of_its_moments()
    {
        var firstBack = new List<string>();
        for (var seed = 1; seed <= 8; seed++)
        {
            using var lab = new DrivenLab(new LabOptions { Seed = seed });
            lab.MakeGroup(1, 1, 1);
            lab.Bring(1, "1_1");
            lab.Bring(2, "1_2");
            foreach (var member in new[] { "1_1", "1_2", "1_3" }) lab.Suspend(member);
            lab.Pass(60);
            foreach (var member in new[] { "1_1", "1_2" }) lab.Resume(member);
            lab.Pass(60);

            // Whoever came first found nobody and used its own copy; the other one fetched that.
            var first = lab.View().Members.Where(m => m.State == MemberState.Active).OrderBy(m => m.Since).First();
            firstBack.Add(first.Member);
            Assert.Equal(first.Member == "1_1" ? 1 : 2, lab.Member("1_1").PolicyVersion);
            Assert.Equal(lab.Member("1_1").PolicyVersion, lab.Member("1_2").PolicyVersion);
        }

        Assert.Equal(2, firstBack.Distinct().Count());
    }

    [Fact]
    public void Looking_changes_nothing()
    {
        _lab.MakeGroup(1, 1);
        var first = _lab.View();
        for (var i = 0; i < 50; i++) _lab.View(pending: i % 2 == 0);
        Assert.Equal(first.Members.Select(m => (m.LoadPercent, m.ConnectionCount)), _lab.View().Members.Select(m => (m.LoadPercent, m.ConnectionCount)));
    }

    public void Dispose() => _lab.Dispose();
}
