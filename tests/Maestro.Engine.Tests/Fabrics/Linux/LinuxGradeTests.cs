using System.Globalization;
using Maestro.Engine.Clustering.Membership;
using Maestro.Engine.Model.Groups;
using Maestro.Engine.Model.Monitoring;
using Maestro.Engine.Tests.Fabrics.Linux.Distribution;
using Maestro.Testbeds;
using Xunit.Abstractions;

namespace Maestro.Engine.Tests.Fabrics.Linux;

/// <summary>How a group of real hosts is: well, with a member out by hand, with one without power, with an orchestrator that lost its table, with nobody who steers.</summary>
public sealed class LinuxGradeTests(ITestOutputHelper output)
{
    [TestbedFact]
    public async Task What_befalls_hosts_and_orchestrators_shows_in_the_grade_and_its_reason()
    {
        await using var steered = await SteeredBed.StartAsync(stateSync: true);
        // Members tell their own copies of at first; the grade is the same before and after.
        await OnHosts.UntilAsync(async () => (await HealthAsync(steered)).Grade == HealthGrade.OK);
        var well = await HealthAsync(steered);
        Assert.Equal((3, 3, true, 1, "1_1", true), (well.ActiveCount, well.MemberCount, well.SpareSatisfied, well.SpareMargin, well.SmoMaster, well.PolicyAgrees));
        Assert.Equal("3 active - 0 leaving - 1 spare = 2 to carry the load, load not known", well.Reason);
        Assert.Null(well.LoadPercent);
        Assert.NotNull(well.ProtectedPercent);
        Assert.DoesNotContain(await steered.Session.Host.TestAsync(["dmz"], [], CancellationToken.None), c => c.Result is CheckOutcome.Fail or CheckOutcome.Warn);

        var suspended = await steered.Session.RunAsync(new SuspendMembersChange { Group = "dmz", Members = ["1_3"] });
        Assert.True(suspended.Failure is null, suspended.Failure?.Message);
        var by = await HealthAsync(steered);
        Assert.Equal((HealthGrade.Warn, true, 0), (by.Grade, by.SpareSatisfied, by.SpareMargin));
        Assert.StartsWith("1_3 is out by hand of ", by.Reason, StringComparison.Ordinal);
        Assert.Equal((await steered.Session.MembersAsync())[2].Since, by.Since);

        await steered.Bed.PowerOffAsync(steered.Bed.Gateways[1]);
        var lost = await HealthAsync(steered);
        // Nobody watches, so its slots are still its own.
        Assert.Equal((HealthGrade.Critical, false, -1), (lost.Grade, lost.SpareSatisfied, lost.SpareMargin));
        Assert.StartsWith("no N+1: 1 active - 0 leaving - 1 spare = 0 to carry the load; 1_2 is Lost and ", lost.Reason, StringComparison.Ordinal);
        await steered.Bed.PowerOnAsync(steered.Bed.Gateways[1]);
        await OnHosts.UntilAsync(async () => (await steered.Session.MembersAsync())[1].State == MemberState.Active);

        await steered.LoseTableAsync(steered.Bed.Orchestrators[0]);
        var apart = await HealthAsync(steered);
        Assert.Equal(HealthGrade.Critical, apart.Grade);
        Assert.StartsWith("orch-1 has no table", apart.Reason, StringComparison.Ordinal);

        foreach (var orchestrator in steered.Bed.Orchestrators) await steered.Bed.PowerOffAsync(orchestrator);
        var blind = await HealthAsync(steered);
        Assert.Equal(HealthGrade.Unknown, blind.Grade);
        Assert.StartsWith("No orchestrator of 'dmz' answers", blind.Reason, StringComparison.Ordinal);
        Assert.Contains(await steered.Session.Host.TestAsync(["dmz"], ["Distribution"], CancellationToken.None), c => c.Result == CheckOutcome.Fail);

        foreach (var gateway in steered.Bed.Gateways) await steered.Bed.PowerOffAsync(gateway);
        var silent = await HealthAsync(steered);
        Assert.Equal((HealthGrade.Unknown, null, null), (silent.Grade, silent.SpareSatisfied, silent.PolicyAgrees));
        Assert.StartsWith("none of 3 members answers: ", silent.Reason, StringComparison.Ordinal);
    }

    private async Task<GroupHealth> HealthAsync(SteeredBed steered)
    {
        var began = TimeProvider.System.GetTimestamp();
        var health = Assert.Single(await steered.Session.Host.GetHealthAsync(["dmz"], CancellationToken.None));
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{TimeProvider.System.GetElapsedTime(began).TotalMilliseconds:0} ms: {health.Grade}, protected {health.ProtectedPercent:0.0}, {health.Reason}"));
        return health;
    }
}
