using Maestro.Engine.Clustering.Membership;
using Maestro.Engine.Fabrics;
using Maestro.Engine.Model.Errors;
using Maestro.Engine.Model.Fabric;
using Maestro.Engine.Model.Groups;
using Maestro.Engine.Model.Operations;
using Maestro.Engine.Operations.Running;
using Maestro.Testbeds;

namespace Maestro.Engine.Tests.Fabrics.Linux;

/// <summary>Members whose hosts are gone: out of the group without them, and no member when they come back with what they had.</summary>
public sealed class LeftBehindTests
{
    private const int LooksAtMost = 5;

    private static readonly RunOptions Waived = new() { SkipChecks = [RemoveMembersChange.ReachableCheck, "Capacity"] };

    [TestbedFact]
    public async Task A_member_that_does_not_answer_is_left_behind_and_is_none_when_it_comes_back_until_it_is_added_again()
    {
        await using var bed = await Testbed.StartAsync(new TestbedOptions { Gateways = 3 });
        await using var session = await StartAsync(bed);
        await using var other = LinuxSession.Open(bed, "other");
        Assert.Equal(3, (await other.MembersAsync()).Count);
        await bed.PowerOffAsync(bed.Gateways[2]);
        var refusal = await Assert.ThrowsAsync<MaestroException>(() => session.RunAsync(Remove("1_3")));
        Assert.Equal(ErrorCatalogue.MemberUnreachable, refusal.Code);

        var removal = await session.RunAsync(Remove("1_3"), Waived);

        Assert.True(removal.Failure is null, removal.Failure?.Message);
        Assert.Equal(OperationState.Succeeded, removal.Operation!.State);
        Assert.StartsWith("fw-a3 is left behind", Assert.Single(removal.Plan.Warnings));
        Assert.Contains(removal.Operation.Step, step => step.Evidence.Contains("fw-a3: left behind, it does not answer", StringComparison.Ordinal));
        Assert.Equal(["1_1", "1_2"], (await session.MembersAsync()).Select(m => m.Member));
        Assert.Null((await session.SyncAsync(LinuxSession.Forbidding(82))).Failure);
        await bed.PowerOnAsync(bed.Gateways[2]);

        foreach (var controller in new[] { session, other })
        {
            var view = await OnceUpAsync(controller, "fw-a3");
            Assert.Equal(["1_1", "1_2"], view.Members.Select(m => m.Member));
            var returned = view.Gateways.Single(g => g.Id == "fw-a3");
            Assert.Equal((GatewayState.Unassigned, ""), (returned.State, returned.SecurityGroup));
            Assert.StartsWith("left behind: it was taken out of 'dmz' as 1_3 while it did not answer", returned.Reason);
            Assert.Equal(SecurityGroupState.Ready, view.Groups.Single().State);
        }

        // Its old policy is still in its kernel: no sync reaches it, for it is nobody's member.
        Assert.Null((await other.SyncAsync(LinuxSession.Forbidding(83))).Failure);
        Assert.Contains("tcp dport 81 drop", await bed.NftListAsync(bed.Gateways[2], "list", "ruleset"));

        var added = await other.RunAsync(new AddMembersChange { Group = "dmz", Gateways = ["fw-a3"] });

        Assert.True(added.Failure is null, added.Failure?.Message);
        Assert.Equal(["1_1", "1_2", "1_3"], (await session.MembersAsync()).Select(m => m.Member));
        Assert.All(await session.MembersAsync(), m => Assert.Equal(MemberState.Active, m.State));
        Assert.Single((await session.MembersAsync()).Select(m => m.PolicyFingerprint).Distinct());
        var rules = await bed.NftListAsync(bed.Gateways[2], "list", "ruleset");
        Assert.Contains("tcp dport 83 drop", rules);
        Assert.DoesNotContain("tcp dport 81 drop", rules);
    }

    [TestbedFact]
    public async Task A_group_that_ended_without_a_host_does_not_come_back_with_it()
    {
        await using var bed = await Testbed.StartAsync(new TestbedOptions { Gateways = 2 });
        await using var session = await StartAsync(bed);
        await bed.PowerOffAsync(bed.Gateways[1]);
        Assert.Null((await session.RunAsync(new RemoveGroupChange { Group = "dmz" }, Waived)).Failure);
        await bed.PowerOnAsync(bed.Gateways[1]);

        var view = await OnceUpAsync(session, "fw-a2");

        Assert.Empty(view.Groups);
        Assert.StartsWith("left behind", view.Gateways.Single(g => g.Id == "fw-a2").Reason);
    }

    /// <summary>The view in which the host answers. A connection that was begun while it was off may have to fail first.</summary>
    private static async Task<TopologyView> OnceUpAsync(LinuxSession session, string gateway)
    {
        for (var look = 1; ; look++)
        {
            var view = await session.Host.ObserveAsync(pending: false, CancellationToken.None);
            if (look == LooksAtMost || view.Gateways.Single(g => g.Id == gateway).State != GatewayState.Unreachable) return view;
        }
    }

    private static RemoveMembersChange Remove(string member) => new() { Group = "dmz", Members = [member] };

    private static async Task<LinuxSession> StartAsync(Testbed bed)
    {
        var session = LinuxSession.Open(bed);
        await session.MakeGroupAsync(bed);
        Assert.Null((await session.SyncAsync(LinuxSession.Forbidding(81))).Failure);
        return session;
    }
}
