using Maestro.Engine.Model.Policy;
using Maestro.Testbeds;

namespace Maestro.Engine.Tests.Fabrics.Linux;

/// <summary>An earlier policy comes back onto real hosts, also for a controller whose store knows nothing.</summary>
public sealed class LinuxRestoreTests
{
    [TestbedFact]
    public async Task The_version_before_rules_the_packets_again_and_a_second_restore_writes_nothing()
    {
        await using var bed = await Testbed.StartAsync(new TestbedOptions { Gateways = 2 });
        await using var session = LinuxSession.Open(bed);
        await session.MakeGroupAsync(bed);
        Assert.Null((await session.SyncAsync(LinuxSession.Forbidding(81))).Failure);
        Assert.Null((await session.SyncAsync(LinuxSession.Forbidding(82))).Failure);
        Assert.True((await bed.SendTcpAsync(bed.Gateways[0], 81)).Passed);

        var restore = await session.RunAsync((await session.Host.PrepareRestoreAsync("dmz", null, default)).Change);
        Assert.True(restore.Failure is null, restore.Failure?.Message);
        Assert.Equal(("3", "1"), (restore.Plan.Attributes["generation"], restore.Plan.Attributes["restores"]));
        Assert.True((await bed.SendTcpAsync(bed.Gateways[0], 81)).Dropped);
        Assert.True((await bed.SendTcpAsync(bed.Gateways[0], 82)).Passed);

        var writes = session.Wire.Writes;
        var again = await session.Host.PrepareRestoreAsync("dmz", null, default);
        Assert.True(again.AlreadyRestored);
        Assert.Null((await session.RunAsync(again.Change)).Operation);
        Assert.Equal(writes, session.Wire.Writes);
    }

    [TestbedFact]
    public async Task Another_controller_reads_current_and_previous_version_back_from_the_hosts_and_restores()
    {
        await using var bed = await Testbed.StartAsync(new TestbedOptions { Gateways = 2 });
        await using (var first = LinuxSession.Open(bed))
        {
            await first.MakeGroupAsync(bed);
            foreach (var port in new[] { 80, 81, 82 }) Assert.Null((await first.SyncAsync(LinuxSession.Forbidding(port))).Failure);
        }

        await using var second = LinuxSession.Open(bed, store: "b");
        var versions = await second.Host.GetPolicyVersionsAsync("dmz", default);
        Assert.Equal([(3, PolicyVersionState.Confirmed, true, true), (2, PolicyVersionState.Superseded, false, true)], versions.Select(v => (v.Version, v.State, v.IsCurrent, v.Recovered)));
        Assert.Equal("tcp dport 82 drop", Assert.Single((await second.Host.ComparePolicyAsync("dmz", 3, reference: null, default)).Difference).Actual);

        var restore = await second.RunAsync((await second.Host.PrepareRestoreAsync("dmz", null, default)).Change);
        Assert.True(restore.Failure is null, restore.Failure?.Message);
        foreach (var gateway in bed.Gateways) Assert.Contains("tcp dport 81 drop", await bed.NftListAsync(gateway, "list", "ruleset"));
        Assert.Equal("4", restore.Plan.Attributes["generation"]);
    }
}
