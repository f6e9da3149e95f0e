using Maestro.Engine.Clustering.Detection;
using Maestro.Engine.Model.Groups;

namespace Maestro.Engine.Tests.Clustering.Detection;

public sealed class FailureDetectorTests
{
    private static readonly DetectionPolicy Policy = new() { ProbeInterval = TimeSpan.FromMilliseconds(50) };
    private static readonly MemberId[] Members = [.. Enumerable.Range(1, 6).Select(n => new MemberId(1, n))];

    private readonly FailureDetector _detector = new(Policy, Members, ["1_1", "1_2", "controller"]);
    private readonly List<DetectionEvent> _events = [];
    private TimeSpan _now;

    public FailureDetectorTests() => Rounds(300);

    [Fact]
    public void A_member_that_is_silent_to_all_is_lost_within_a_few_rounds()
    {
        Rounds(5, silent: [2]);
        var lost = Assert.Single(_events, e => e.Kind == DetectionKind.Lost);
        Assert.Equal([Members[2]], lost.Members);
        Assert.Contains("1_3 silent to 1_1", lost.Reason);
        Assert.Equal([Members[2]], _detector.Lost);
    }

    [Fact]
    public void Two_lost_probes_of_each_observer_are_not_enough()
    {
        for (var i = 0; i < 20; i++)
        {
            Rounds(1, silent: [2]);
            Rounds(10);
        }

        Assert.Empty(_detector.Lost);
    }

    [Fact]
    public void One_observer_alone_takes_nobody_out()
    {
        Rounds(2000, silent: [2], to: [0]);
        Assert.Empty(_detector.Lost);
    }

    [Fact]
    public void Two_of_three_do()
    {
        Rounds(8, silent: [2], to: [0, 1]);
        Assert.Equal([Members[2]], _detector.Lost);
    }

    [Fact]
    public void What_breaks_at_once_is_one_event()
    {
        Rounds(1, silent: [0, 1]);
        Rounds(8, silent: [0, 1, 2]);
        Assert.Equal([Members[0], Members[1], Members[2]], Assert.Single(_events, e => e.Kind == DetectionKind.Lost).Members);
    }

    [Fact]
    public void Whoever_hears_nobody_whom_others_hear_is_cut_off_itself_and_is_told_apart()
    {
        Rounds(4, silent: [0, 1, 2, 3, 4, 5], to: [1]);
        Assert.Equal("1_2", Assert.Single(_events).Observer);
        Assert.Equal(DetectionKind.ObserverCutOff, _events[0].Kind);
        Rounds(40, silent: [3], to: [2]);
        Assert.Empty(_detector.Lost);
        Rounds(40);
        Assert.Equal(DetectionKind.ObserverHears, _events[^1].Kind);
        // What was not heard meanwhile has taught nothing.
        Rounds(6, silent: [3]);
        Assert.Equal([Members[3]], _detector.Lost);
    }

    [Fact]
    public void What_lay_in_a_queue_does_not_show_that_an_observer_hears_again()
    {
        Rounds(4, silent: [0, 1, 2, 3, 4, 5], to: [1]);
        for (var i = 0; i < 20; i++) Report(1);
        Assert.Equal([DetectionKind.ObserverCutOff], _events.Select(e => e.Kind));
        Rounds(1);
        Assert.Equal(DetectionKind.ObserverHears, _events[^1].Kind);
    }

    [Fact]
    public void With_one_observer_that_can_be_trusted_nobody_is_judged_and_that_is_said()
    {
        Rounds(100, silent: [2], silentObservers: [1, 2]);
        Assert.Empty(_detector.Lost);
        var blind = Assert.Single(_events);
        Assert.Equal((DetectionKind.Blind, "1 of 3 observers can be trusted, 2 are needed"), (blind.Kind, blind.Reason));
        Rounds(100, silent: [2]);
        Assert.Equal([DetectionKind.Blind, DetectionKind.Sees, DetectionKind.Lost], _events.Select(e => e.Kind));
    }

    [Fact]
    public void An_observer_that_stood_still_for_ten_seconds_says_nothing_of_them()
    {
        Report(0, late: TimeSpan.FromSeconds(10), silent: [.. Enumerable.Range(0, 6)]);
        Report(1, late: TimeSpan.FromSeconds(10), silent: [.. Enumerable.Range(0, 6)]);
        Rounds(5, silent: [2]);
        Assert.Empty(_detector.Lost);
    }

    [Fact]
    public void Who_judges_and_stood_still_believes_nothing_that_lay_in_its_queues()
    {
        _now += TimeSpan.FromSeconds(10);
        for (var i = 0; i < 200; i++) foreach (var observer in new[] { 0, 1, 2 }) Report(observer, silent: [2]);
        Assert.Empty(_detector.Lost);
        // Who is dead all the same is found once the observers can be trusted again.
        Rounds(40, silent: [2]);
        Assert.Equal([Members[2]], _detector.Lost);
    }

    /// <summary>It may have answered meanwhile: nothing is taken from it by what was judged before.</summary>
    [Fact]
    public void Of_who_was_lost_before_whoever_judges_stood_still_nothing_is_known_until_a_quorum_says_so()
    {
        Rounds(10, silent: [2]);
        Assert.Equal([Members[2]], _detector.Lost);
        Assert.Empty(_detector.Heard);

        _now += TimeSpan.FromSeconds(10);
        // One hears it, and one has no way to it.
        Rounds(40, silent: [2], to: [1], silentObservers: [2]);
        Assert.Equal([Members[2]], _detector.Lost);
        Assert.Equal([Members[2]], _detector.Heard);

        Rounds(40, silent: [2]);
        Assert.Equal([Members[2]], _detector.Lost);
        Assert.Empty(_detector.Heard);
    }

    [Fact]
    public void Who_answers_again_is_heard_at_once_though_a_lost_probe_begins_the_wait_anew()
    {
        Rounds(10, silent: [2]);
        Rounds(100);
        Assert.Equal([Members[2]], _detector.Heard);
        Rounds(2, silent: [2], to: [1]);
        Assert.Equal([Members[2]], _detector.Heard);
    }

    /// <summary>What the cut way says was known before; all that is new is two lost probes.</summary>
    [Fact]
    public void One_cut_way_and_two_probes_that_another_observer_misses_are_no_loss()
    {
        Rounds(20 * 60, silent: [2], to: [0]);
        for (var i = 0; i < 20; i++)
        {
            foreach (var both in new[] { true, true, false }) Rounds(1, silent: [2], to: both ? [0, 1] : [0]);
        }

        Assert.Empty(_detector.Lost);
        // Who is dead is found by the others all the same.
        Rounds(6, silent: [2]);
        Assert.Equal([Members[2]], _detector.Lost);
    }

    [Fact]
    public void More_than_two_thirds_at_once_are_left_to_a_person()
    {
        Rounds(10, silent: [0, 1, 2, 3, 4]);
        var withheld = Assert.Single(_events);
        Assert.Equal(DetectionKind.Withheld, withheld.Kind);
        Assert.Equal("1_1, 1_2, 1_3, 1_4, 1_5 silent: 0 lost within 10 min and 5 more are above the 4 that may be", withheld.Reason);
        Assert.Empty(_detector.Lost);
    }

    [Fact]
    public void The_last_member_is_never_taken_out()
    {
        var detector = new FailureDetector(Policy, Members.Take(1), ["1_1", "1_2"]);
        var events = new List<DetectionEvent>();
        for (var i = 0; i < 400; i++)
        {
            _now += Policy.ProbeInterval;
            foreach (var observer in new[] { 0, 1 }) events.AddRange(detector.Report(new ProbeRound(observer, TimeSpan.Zero, [i < 300]), _now));
        }

        Assert.Contains(events, e => e.Kind == DetectionKind.Withheld && e.Reason.Contains("nobody would be left of 1", StringComparison.Ordinal));
        Assert.Empty(detector.Lost);
    }

    [Fact]
    public void Who_comes_and_goes_must_answer_longer_each_time()
    {
        var delays = new List<string>();
        for (var i = 0; i < 4; i++)
        {
            Rounds(6, silent: [2]);
            Assert.Equal([Members[2]], _detector.Lost);
            Rounds(30 * 20 * 9);
            delays.Add(_events[^1].Reason);
            Assert.Equal(DetectionKind.Back, _events[^1].Kind);
        }

        Assert.Equal(["1_3 has answered for 30 s", "1_3 has answered for 60 s", "1_3 has answered for 120 s", "1_3 has answered for 240 s"], delays);
    }

    [Fact]
    public void A_silence_while_it_comes_back_begins_the_wait_anew()
    {
        Rounds(6, silent: [2]);
        Rounds(29 * 20);
        Rounds(3, silent: [2]);
        Rounds(29 * 20);
        Assert.Equal([Members[2]], _detector.Lost);
        Rounds(2 * 20);
        Assert.Empty(_detector.Lost);
    }

    [Fact]
    public void A_death_teaches_nothing_about_the_network()
    {
        Rounds(20 * 60, silent: [2]);
        Rounds(20 * 60);
        Assert.Empty(_detector.Lost);
        Rounds(4, silent: [2]);
        Assert.Equal([Members[2]], _detector.Lost);
    }

    [Fact]
    public void Where_losses_come_in_bursts_the_same_silence_means_less()
    {
        for (var i = 0; i < 600; i++)
        {
            Rounds(18);
            Rounds(2, silent: [2], to: [i % 3]);
        }

        _events.Clear();
        Rounds(5, silent: [2]);
        Assert.Empty(_detector.Lost);
        Rounds(60, silent: [2]);
        Assert.Equal([Members[2]], _detector.Lost);
    }

    /// <summary>A filter may be in the way; whoever was heard once and is not any more is another matter.</summary>
    [Fact]
    public void An_observer_that_never_heard_a_member_whom_others_hear_says_nothing_of_it()
    {
        var detector = new FailureDetector(Policy, Members, ["1_1", "1_2", "controller"]);
        for (var round = 0; round < 400; round++)
        {
            _now += Policy.ProbeInterval;
            // From the 300th round on the controller does not hear it either: one observer of two that ever heard it.
            for (var observer = 0; observer < 3; observer++) detector.Report(new ProbeRound(observer, default, [.. Members.Select((_, i) => i != 2 || (observer == 2 && round < 300) || (observer == 1))]), _now);
        }

        Assert.Empty(detector.Lost);
        Assert.Equal([("1_1", Members[2])], detector.Deaf);
    }

    private void Rounds(int count, int[]? silent = null, int[]? to = null, int[]? silentObservers = null)
    {
        for (var i = 0; i < count; i++)
        {
            _now += Policy.ProbeInterval;
            for (var observer = 0; observer < 3; observer++)
            {
                if (silentObservers?.Contains(observer) == true) continue;
                Report(observer, to is null || to.Contains(observer) ? silent : null);
            }
        }
    }

    private void Report(int observer, int[]? silent = null, TimeSpan late = default)
    {
        var answered = Members.Select((_, i) => silent?.Contains(i) != true).ToArray();
        _events.AddRange(_detector.Report(new ProbeRound(observer, late, answered), _now).Where(e => e.Kind != DetectionKind.Sees || _events.Count > 0));
    }
}
