using Maestro.Engine.Model.Groups;
using Maestro.Testbeds;

namespace Maestro.Engine.Tests.Fabrics.Linux;

/// <summary>The roads to the hosts other than IPv4 from here to there: the whole job goes over them too.</summary>
public sealed class LinuxRoadTests
{
    [TestbedTheory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public async Task A_group_is_made_and_given_a_policy_over_IPv6_and_through_a_jump_host(bool ipv6, bool jump)
    {
        await using var bed = await Testbed.StartAsync(new TestbedOptions { Gateways = 3, JumpHost = jump });
        var roads = new Testbeds.InventoryOptions { Account = TestbedAccount.Sudo, IPv6 = ipv6, ThroughJumpHost = jump };
        await using var session = LinuxSession.Open(bed, inventory: roads);
        await session.MakeGroupAsync(bed);

        var synced = await session.SyncAsync(LinuxSession.Forbidding(81));

        Assert.True(synced.Failure is null, synced.Failure?.Message);
        foreach (var gateway in bed.Gateways) Assert.Contains("tcp dport 81 drop", await bed.NftListAsync(gateway, "list", "ruleset"), StringComparison.Ordinal);
        Assert.All(await session.MembersAsync(), member => Assert.Equal(MemberState.Active, member.State));
    }
}
