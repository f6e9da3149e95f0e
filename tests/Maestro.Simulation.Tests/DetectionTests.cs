using Maestro.Engine.Clustering.Detection;
using Maestro.Simulation.Detection;
using Xunit.Abstractions;

namespace Maestro.Simulation.Tests;

/// <summary>The failure detector under virtual time, with a probe each 50 ms: seeds have one history, so what is asserted of them does not depend on the machine.</summary>
public sealed class DetectionTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    [Fact]
    public void Whatever_happens_the_dead_are_judged_and_the_living_are_not()
    {
        var results = Swarm(1, 60);
        Assert.All(results, r => Assert.Equal("", r.Failure));
        var (cuts, single) = (results.Sum(r => r.Cuts.All), results.Sum(r => r.Cuts.Single));
        output.WriteLine($"{results.Sum(r => r.Judged)} deaths judged, {single} of {cuts} cuts are one event");
        Assert.True(results.Sum(r => r.Judged) > 100);
        Assert.True(cuts > 40 && single >= 0.9 * cuts, $"{single} of {cuts}");
    }

    [Fact]
    public void A_dead_member_is_judged_within_300_ms_where_one_probe_in_a_hundred_is_lost()
    {
        var results = Enumerable.Range(1, 20).Select(s => DetectionHistory.Run(DetectionScenarios.Deaths(s, Hour, ProbeLoss.Independent))).ToList();
        var latencies = results.SelectMany(r => r.Latencies).Order().ToList();
        output.WriteLine($"{latencies.Count} deaths, {latencies[latencies.Count / 2].TotalMilliseconds} ms in the median, {latencies[^1].TotalMilliseconds} ms at most");
        Assert.True(latencies.Count > 100);
        Assert.InRange(latencies[^1], TimeSpan.FromMilliseconds(100), TimeSpan.FromMilliseconds(300));
        Assert.Equal(0, results.Sum(r => r.False));
    }

    [Fact]
    public void Where_probes_are_lost_in_bursts_it_takes_longer_instead_of_taking_members_out()
    {
        var results = Enumerable.Range(1, 10).Select(s => DetectionHistory.Run(DetectionScenarios.Deaths(s, Hour, ProbeLoss.Bursty))).ToList();
        Assert.All(results, r => Assert.Equal(("", 0), (r.Failure, r.False)));
        Assert.InRange(results.SelectMany(r => r.Latencies).Max(), TimeSpan.FromMilliseconds(300), TimeSpan.FromSeconds(2));
    }

    [Fact]
    public void One_seed_is_one_history()
    {
        var scenario = DetectionScenarios.Swarm(7, Hour);
        Assert.Equal(DetectionHistory.Run(scenario).Trace, DetectionHistory.Run(scenario).Trace);
    }

    public static TheoryData<string> Weaknesses => [.. Weakened.Keys];

    // The net is tight: each of these is what somebody might take away.
    private static readonly Dictionary<string, DetectionPolicy> Weakened = new()
    {
        ["one observer is enough"] = DetectionHistory.Policy with { Quorum = 1 },
        ["whoever stood still is believed"] = DetectionHistory.Policy with { LateRounds = 100_000 },
        ["two lost probes are enough"] = DetectionHistory.Policy with { Threshold = 4, LeastEach = 1 },
        ["nobody is ever sure"] = DetectionHistory.Policy with { Threshold = 100, LongestSilence = TimeSpan.FromHours(1) },
        ["a return is believed at once"] = DetectionHistory.Policy with { RecoveryDelay = TimeSpan.Zero },
    };

    [Theory]
    [MemberData(nameof(Weaknesses))]
    public void A_weaker_detector_is_caught(string weakness)
    {
        var caught = Enumerable.Range(1, 60).Select(s => DetectionHistory.Run(DetectionScenarios.Swarm(s, Hour), Weakened[weakness])).FirstOrDefault(r => r.Failure.Length > 0);
        Assert.True(caught is not null, "no history noticed");
        output.WriteLine($"seed {caught.Scenario.Seed}: {caught.Failure}");
    }

    [Fact]
    public void Without_waiting_for_those_that_are_about_to_be_lost_a_cut_is_many_events()
    {
        var results = Enumerable.Range(1, 30).Select(s => DetectionHistory.Run(DetectionScenarios.Swarm(s, Hour), DetectionHistory.Policy with { LongestCutWait = TimeSpan.Zero })).ToList();
        Assert.True(results.Sum(r => r.Cuts.Single) < 0.5 * results.Sum(r => r.Cuts.All));
    }

    [Theory]
    [InlineData(0, 3.0)]
    [InlineData(3, 7.75)]
    public void So_many_seen_bound_the_mean(int seen, double mean) => Assert.Equal(mean, DetectionRun.MostExpected(seen), 0.05);

    private static List<DetectionResult> Swarm(int first, int count) => [.. Enumerable.Range(first, count).Select(s => DetectionHistory.Run(DetectionScenarios.Swarm(s, Hour)))];
}
