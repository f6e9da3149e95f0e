using Maestro.Engine.Clustering.Detection;
using Maestro.Engine.Fabrics;
using Maestro.Engine.Model.Monitoring;
using Maestro.Engine.Monitoring.Watch;
using Maestro.Engine.Operations.Plans;

namespace Maestro.Engine.Tests.Monitoring;

public sealed class SightJudgeTests
{
    private static readonly DetectionPolicy Policy = new WatchOptions().Detection with { LearningRounds = 40 };
    private static readonly MemberRef[] Members = [new("dmz", "1_1", "fw-a1"), new("dmz", "1_2", "fw-a2"), new("dmz", "1_3", "fw-a3")];

    private SightJudge _judge = new("dmz", Members, ["here", "mho1"], Policy);
    private readonly List<MaestroEvent> _events = [];
    private TimeSpan _now;

    [Fact]
    public void It_sees_once_its_observers_know_their_network_and_then_tells_who_is_lost()
    {
        Rounds(50, ["here", "mho1"]);
        Assert.Equal(MaestroEventKind.Sees, Assert.Single(_events).Kind);
        Assert.True(_judge.Sees);
        Rounds(6, ["here", "mho1"], silent: 1);
        Assert.Equal((MaestroEventKind.MemberLost, "1_2", EventSeverity.Error, "dmz"), (_events[^1].Kind, _events[^1].Member, _events[^1].Severity, _events[^1].SecurityGroup));
        Assert.Equal(["1_2"], _judge.Lost);
    }

    [Fact]
    public void An_observer_that_says_nothing_leaves_it_blind_and_is_named()
    {
        Rounds(200, ["here"]);
        Assert.False(_judge.Sees);
        var blind = _judge.StillBlind(default);
        Assert.Equal((MaestroEventKind.Blind, "still too few observers can be trusted, so nobody is judged: mho1 said nothing yet: is it reached, and is perl there?"), (blind.Kind, blind.Text));
    }

    [Fact]
    public void A_member_that_one_observer_never_hears_is_named_once()
    {
        Rounds(200, ["here", "mho1"], silent: 2, to: "mho1");
        Assert.Equal("1_3", Assert.Single(_events, e => e.Kind == MaestroEventKind.MemberUnheard).Member);
        Assert.Empty(_judge.Lost);
    }

    [Fact]
    public void Who_joins_lets_it_go_on_with_what_it_knows_and_see_after_two_seconds()
    {
        Rounds(50, ["here", "mho1"]);
        Rounds(6, ["here", "mho1"], silent: 1);
        Assert.Equal(["1_2"], _judge.Lost);

        _judge = _judge.With([.. Members, new("dmz", "1_4", "fw-a4")]);
        Assert.Equal(["1_2"], _judge.Lost);
        // What comes from probes that begin is believed only after a while, and whoever is silent meanwhile is not given up for it.
        Rounds(Policy.WarmUpRounds - 1, ["here", "mho1"], silent: 2);
        Assert.False(_judge.Sees);
        Assert.Equal(["1_2"], _judge.Lost);
        Rounds(10, ["here", "mho1"]);
        Assert.True(_judge.Sees);
        Rounds(6, ["here", "mho1"], silent: 0);
        Assert.Equal(["1_1", "1_2"], _judge.Lost);
    }

    [Fact]
    public void Another_gateway_under_the_same_id_is_another_member()
    {
        Rounds(50, ["here", "mho1"]);
        Rounds(6, ["here", "mho1"], silent: 1);

        _judge = _judge.With([Members[0], new("dmz", "1_2", "fw-a9"), Members[2]]);

        Assert.Empty(_judge.Lost);
    }

    private void Rounds(int count, string[] observers, int? silent = null, string? to = null)
    {
        for (var i = 0; i < count; i++)
        {
            _now += Policy.ProbeInterval;
            foreach (var observer in observers) _events.AddRange(_judge.Judge(new MemberSighting(observer, TimeSpan.Zero, [.. _judge.Members.Select((_, m) => m != silent || (to is not null && to != observer))]), _now, default));
        }
    }
}
