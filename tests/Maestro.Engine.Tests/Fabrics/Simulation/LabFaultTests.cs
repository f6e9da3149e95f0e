using Maestro.Engine.Fabrics;
using Maestro.Engine.Fabrics.Simulation.World;
using Maestro.Engine.Model.Groups;

namespace Maestro.Engine.Tests.Fabrics.Simulation;

/// <summary>What goes wrong when a test says so: one commit, on 1_1.</summary>
public sealed class LabFaultTests : IDisposable
{
    private readonly DrivenLab _lab = new();

    public LabFaultTests()
    {
        _lab.MakeGroup(1, 1);
        _lab.StagePolicy("1_1", 1);
    }

    [Theory]
    [InlineData(nameof(LabFaultKind.LoseRequest), EffectKind.Unknown, false)]
    [InlineData(nameof(LabFaultKind.LoseAnswer), EffectKind.Unknown, true)]
    [InlineData(nameof(LabFaultKind.Slow), EffectKind.Unknown, true)]
    [InlineData(nameof(LabFaultKind.Refuse), EffectKind.Refused, false)]
    [InlineData(nameof(LabFaultKind.RefuseOnce), EffectKind.Refused, false)]
    [InlineData(nameof(LabFaultKind.Lie), EffectKind.Done, false)]
    public void A_fault_decides_what_is_told_and_what_is_so(string fault, EffectKind told, bool done)
    {
        _lab.World.Faults.Add("commit", _lab.Member("1_1").Gateway, Enum.Parse<LabFaultKind>(fault));
        Assert.Equal(told, _lab.CommitPolicy("1_1", 1).Kind);
        Assert.Equal(done ? 1 : null, _lab.Policy("1_1").RunningGeneration);
        Assert.Equal(done ? 1 : 0, _lab.World.Writes.Count(w => w.StartsWith("commit", StringComparison.Ordinal)));
    }

    [Fact]
    public void An_answer_that_is_lost_is_waited_for_until_the_deadline()
    {
        _lab.World.Faults.Add("commit", "", LabFaultKind.LoseAnswer);
        var before = _lab.Scheduler.Clock.GetUtcNow();
        _lab.CommitPolicy("1_1", 1);
        Assert.Equal(TimeSpan.FromSeconds(20), _lab.Scheduler.Clock.GetUtcNow() - before);
    }

    [Fact]
    public void A_fault_waits_for_its_call_and_its_gateway_and_passes()
    {
        _lab.World.Faults.Add("commit", _lab.Member("1_1").Gateway, LabFaultKind.RefuseOnce);
        _lab.StagePolicy("1_2", 1);
        Assert.Equal(EffectKind.Done, _lab.CommitPolicy("1_2", 1).Kind);
        Assert.True(_lab.CommitPolicy("1_1", 1).Transient);
        Assert.Equal(EffectKind.Done, _lab.CommitPolicy("1_1", 1).Kind);
    }

    [Fact]
    public void A_crash_under_the_call_leaves_it_undone_and_the_gateway_booting()
    {
        _lab.Bring(2, "1_1");
        _lab.StagePolicy("1_1", 3);
        _lab.World.Faults.Add("commit", "", LabFaultKind.Crash);
        Assert.Equal(EffectKind.Unknown, _lab.CommitPolicy("1_1", 3).Kind);
        Assert.Equal(MemberState.Booting, _lab.Member("1_1").State);
        _lab.World.Incidents.Lose(_lab.Member("1_2").Gateway);
        _lab.Pass(400);
        Assert.Equal(2, _lab.Policy("1_1").RunningGeneration);
    }

    [Fact]
    public void An_apply_that_is_rejected_leaves_all_pending()
    {
        _lab.Stage(new TopologyEdit(TopologyEditKind.CreateGroup, "edge"));
        _lab.World.Faults.Add("topology.apply", "", LabFaultKind.Refuse);
        Assert.Equal(EffectKind.Refused, _lab.Apply().Kind);
        Assert.Single(_lab.Pending());
        _lab.World.Faults.Clear();
        Assert.Equal(EffectKind.Done, _lab.Apply().Kind);
    }

    public void Dispose() => _lab.Dispose();
}
