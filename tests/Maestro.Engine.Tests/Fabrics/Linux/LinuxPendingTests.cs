using Maestro.Engine.Clustering.Membership;
using Maestro.Engine.Model.Operations;
using Maestro.Testbeds;

namespace Maestro.Engine.Tests.Fabrics.Linux;

/// <summary>What is pending lies in the store and what is deployed on the hosts: an apply can reach the hosts and not the list.</summary>
public sealed class LinuxPendingTests
{
    [TestbedFact]
    public async Task What_a_lost_answer_left_in_the_list_of_what_is_pending_is_not_deployed_once_more()
    {
        await using var bed = await Testbed.StartAsync(new TestbedOptions { Gateways = 2 });
        await using var session = LinuxSession.Open(bed, between: inner => new LostAnswer(inner, "set", bed.Gateways[1].Id));
        await session.MakeGroupAsync(bed);

        var described = await session.RunAsync(new SetGroupChange { Group = "dmz", Description = "first" });

        Assert.True(described.Failure is null, described.Failure?.Message);
        Assert.Equal(OperationState.Succeeded, described.Operation!.State);
        Assert.Empty(await session.Host.GetPendingChangesAsync(CancellationToken.None));
        await using (var other = LinuxSession.Open(bed, store: "b"))
        {
            Assert.Null((await other.RunAsync(new SetGroupChange { Group = "dmz", Description = "second" })).Failure);
        }

        Assert.Null((await session.RunAsync(new SetMembersChange { Group = "dmz", Members = ["1_1"], Weight = "7" })).Failure);
        Assert.Equal("second", Assert.Single((await session.Host.ObserveAsync(pending: false, CancellationToken.None)).Groups).Description);
    }
}
