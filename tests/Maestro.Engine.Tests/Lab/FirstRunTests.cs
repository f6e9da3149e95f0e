using Maestro.Engine.Clustering.Membership;
using Maestro.Engine.Model.Groups;
using Maestro.Engine.Model.Operations;
using Maestro.Engine.Model.Policy;

namespace Maestro.Engine.Tests.Lab;

/// <summary>The product's main job in the lab, end to end.</summary>
public sealed class FirstRunTests
{
    [Fact]
    public async Task A_group_is_made_gets_a_policy_and_a_member_goes_out_and_comes_back()
    {
        await using var lab = LabSession.Open();
        await lab.MakeGroupAsync("dmz", 4);
        var members = await lab.MembersAsync("dmz");
        Assert.Equal(["1_1", "1_2", "1_3", "1_4"], members.Select(m => m.Member));
        Assert.All(members, m => Assert.Equal(MemberState.Active, m.State));
        Assert.Equal("1_1", members.Single(m => m.IsSmoMaster).Member);

        var sync = await lab.SyncAsync("dmz", "table inet web { }");
        Assert.Equal(OperationState.Succeeded, sync.Operation!.State);
        Assert.All(await lab.MembersAsync("dmz"), m => Assert.Equal(1, m.PolicyVersion));

        Assert.Null((await lab.RunAsync(new SuspendMembersChange { Group = "dmz", Members = ["1_1"] })).Failure);
        members = await lab.MembersAsync("dmz");
        Assert.Equal(MemberState.Suspended, members[0].State);
        Assert.Equal("anna@jump1", members[0].SuspendedBy);
        Assert.Equal("1_2", members.Single(m => m.IsSmoMaster).Member);

        Assert.Null((await lab.RunAsync(new ResumeMembersChange { Group = "dmz", Members = ["1_1"] })).Failure);
        Assert.Equal(MemberState.Active, (await lab.MembersAsync("dmz"))[0].State);

        Assert.Null((await lab.RunAsync(new RemoveMembersChange { Group = "dmz", Members = ["1_4"] })).Failure);
        Assert.Equal(3, (await lab.MembersAsync("dmz")).Count);
    }

    [Fact]
    public async Task The_second_run_sends_nothing_and_writes_nothing()
    {
        await using var lab = LabSession.Open();
        var gateways = await lab.MakeGroupAsync("dmz", 3);
        await lab.SyncAsync("dmz", "table inet web { }");
        var writes = lab.World.Writes.Count;
        var operations = (await lab.Host.GetOperationsAsync(new())).Count;

        var add = await lab.RunAsync(new AddMembersChange { Group = "dmz", Gateways = gateways });
        var sync = await lab.SyncAsync("dmz", "table inet web { }");

        Assert.Null(add.Operation);
        Assert.Null(sync.Operation);
        Assert.Equal(SyncOutcome.Unchanged, lab.Host.ReportSync(sync, []).Outcome);
        Assert.Equal(writes, lab.World.Writes.Count);
        Assert.Equal(operations, (await lab.Host.GetOperationsAsync(new())).Count);
    }

    [Fact]
    public async Task A_joiner_fetches_the_groups_policy_before_it_is_active()
    {
        await using var lab = LabSession.Open();
        await lab.MakeGroupAsync("dmz", 2);
        await lab.SyncAsync("dmz", "table inet web { }");
        var free = (await lab.Host.ObserveAsync(false, CancellationToken.None)).Gateways.First(g => g.SecurityGroup.Length == 0 && g.Site == 2);
        Assert.Null((await lab.RunAsync(new AddMembersChange { Group = "dmz", Gateways = [free.Id] })).Failure);
        var joiner = (await lab.MembersAsync("dmz")).Single(m => m.Member == "2_1");
        Assert.Equal(1, joiner.PolicyVersion);
        Assert.Single(lab.World.Writes, w => w.StartsWith("topology.apply", StringComparison.Ordinal) && w.EndsWith(lab.Events[^1].OperationId, StringComparison.Ordinal));
    }

    [Fact]
    public async Task One_seed_is_one_history()
    {
        async Task<string> HistoryAsync()
        {
            await using var lab = LabSession.Open(seed: 42);
            await lab.MakeGroupAsync("dmz", 5);
            await lab.SyncAsync("dmz", "table inet web { }");
            await lab.RunAsync(new RestartMembersChange { Group = "dmz", Members = ["1_2", "1_1"] });
            return string.Join("\n", lab.Events.Select(e => $"{e.At:o} {e.Kind} {e.OperationId} {e.StepId} {e.Text}").Concat(lab.World.Writes));
        }

        var culture = Thread.CurrentThread.CurrentCulture;
        var first = await HistoryAsync();
        System.Globalization.CultureInfo.DefaultThreadCurrentCulture = new System.Globalization.CultureInfo("tr-TR");
        try
        {
            Assert.Equal(first, await HistoryAsync());
        }
        finally
        {
            System.Globalization.CultureInfo.DefaultThreadCurrentCulture = culture;
        }

        Assert.Contains("restart/dmz/1_1", first);
    }
}
