using Maestro.Engine.Clustering.Membership;
using Maestro.Engine.Model.Errors;
using Maestro.Engine.Model.Groups;
using Maestro.Engine.Model.Monitoring;

namespace Maestro.Engine.Tests.Lab;

/// <summary>How a group is, as it is asked of a fabric.</summary>
public sealed class GroupGradeTests
{
    [Fact]
    public async Task A_group_goes_from_no_policy_to_OK_to_a_loss_that_it_bears_to_one_that_it_does_not()
    {
        await using var lab = LabSession.Open();
        var gateways = await lab.MakeGroupAsync("dmz", 3);
        Assert.Equal((HealthGrade.Warn, "the group has no policy yet"), await GradeAsync(lab));
        await lab.SyncAsync("dmz", "table inet web { }");

        var well = await HealthAsync(lab);
        Assert.Equal((HealthGrade.OK, true, true, null, 100), (well.Grade, well.SpareSatisfied, well.PolicyAgrees, well.ConfigurationAgrees, well.ProtectedPercent));
        Assert.StartsWith("3 active - 0 leaving - 1 spare = 2 to carry the load at ", well.Reason, StringComparison.Ordinal);
        Assert.NotNull(well.LoadPercent);

        lab.World.Incidents.Lose(gateways[2]);
        await UntilAsync(lab, async () => (await lab.MembersAsync("dmz"))[2].State == MemberState.Lost);
        var before = await lab.MembersAsync("dmz");
        await lab.RunAsync(new SetMembersChange { Group = "dmz", Members = ["1_1"], Description = "first" });
        var borne = await HealthAsync(lab);
        Assert.Equal((2, 3, "1_1"), (borne.ActiveCount, borne.MemberCount, borne.SmoMaster));
        Assert.NotEqual(HealthGrade.OK, borne.Grade);
        Assert.Contains("1_3 is Lost", borne.Reason, StringComparison.Ordinal);
        Assert.Equal(before[2].Since, (await lab.MembersAsync("dmz"))[2].Since);

        lab.World.Incidents.Lose(gateways[1]);
        await UntilAsync(lab, async () => (await lab.MembersAsync("dmz"))[1].State == MemberState.Lost);
        var broken = await HealthAsync(lab);
        Assert.Equal((HealthGrade.Critical, false), (broken.Grade, broken.SpareSatisfied));
        // The second loss was the one too many.
        Assert.Equal((await lab.MembersAsync("dmz"))[1].Since, broken.Since);
    }

    [Fact]
    public async Task Of_all_groups_each_has_its_line_and_one_that_is_not_there_is_an_error()
    {
        await using var lab = LabSession.Open();
        await lab.MakeGroupAsync("dmz", 3);
        await lab.MakeGroupAsync("edge", 1);
        var health = await lab.Host.GetHealthAsync(["edge", "dmz"], CancellationToken.None);
        Assert.Equal([("edge", HealthGrade.Critical), ("dmz", HealthGrade.Warn)], health.Select(h => (h.SecurityGroup, h.Grade)));
        Assert.Equal(ErrorCatalogue.GroupNotFound, (await Assert.ThrowsAsync<MaestroException>(() => lab.Host.GetHealthAsync(["nosuch"], CancellationToken.None))).Code);
    }

    [Fact]
    public async Task It_says_the_same_as_the_checks_whatever_befalls_the_group()
    {
        await using var lab = LabSession.Open(seed: 5);
        var gateways = await lab.MakeGroupAsync("dmz", 4);
        await lab.SyncAsync("dmz", "table inet web { }");
        foreach (var befall in new Action[]
        {
            () => lab.World.Incidents.Break(gateways[0], "Interface Active Check"),
            () => lab.World.Incidents.Lose(gateways[1]),
            () => lab.World.Incidents.Mend(gateways[0]),
            () => lab.World.Incidents.Return(gateways[1]),
        })
        {
            befall();
            for (var look = 0; look < 4; look++)
            {
                var (health, checks) = (await HealthAsync(lab), await lab.Host.TestAsync(["dmz"], [], CancellationToken.None));
                Assert.Equal(checks.All(c => c.Result is CheckOutcome.Pass or CheckOutcome.Skipped), health.Grade == HealthGrade.OK);
                await lab.PassAsync(TimeSpan.FromSeconds(20));
            }
        }

        Assert.Equal(HealthGrade.OK, (await HealthAsync(lab)).Grade);
    }

    private static async Task<GroupHealth> HealthAsync(LabSession lab) => Assert.Single(await lab.Host.GetHealthAsync(["dmz"], CancellationToken.None));

    private static async Task<(HealthGrade, string)> GradeAsync(LabSession lab) => await HealthAsync(lab) is var health ? (health.Grade, health.Reason) : default;

    private static async Task UntilAsync(LabSession lab, Func<Task<bool>> isSo)
    {
        for (var tries = 0; !await isSo(); tries++)
        {
            Assert.InRange(tries, 0, 100);
            await lab.PassAsync(TimeSpan.FromSeconds(1));
        }
    }
}
