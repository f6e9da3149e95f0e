using System.Net;
using System.Net.Sockets;
using Maestro.Engine.Fabrics.Probes;
using Maestro.Engine.Model.Errors;
using Maestro.Engine.Model.Operations;
using Maestro.Engine.Model.Policy;
using Maestro.Engine.Synchronisation;
using Maestro.Engine.Synchronisation.Policy;
using Maestro.Testbeds;

namespace Maestro.Engine.Tests.Fabrics.Linux;

/// <summary>Modes and probes on real hosts: who is left behind keeps its old policy, and a question asked of hosts and of the network decides.</summary>
public sealed class LinuxModeTests
{
    [TestbedFact]
    public async Task A_majority_goes_on_without_a_host_that_lost_power_and_the_next_run_brings_it_along()
    {
        await using var bed = await Testbed.StartAsync(new TestbedOptions { Gateways = 3 });
        await using var session = LinuxSession.Open(bed);
        await session.MakeGroupAsync(bed);
        Assert.Null((await session.SyncAsync(LinuxSession.Forbidding(81))).Failure);
        var dead = bed.Gateways[2];
        await bed.PowerOffAsync(dead);

        var sync = await session.RunAsync(Sync(session, 82) with { Mode = SyncMode.RequireQuorum });

        Assert.Null(sync.Failure);
        Assert.Equal((OperationState.Unsettled, "1_3"), (sync.Operation!.State, Assert.Single(sync.Operation.UnsettledMember)));
        Assert.Equal(SyncOutcome.Partial, session.Host.ReportSync(sync, []).Outcome);
        foreach (var gateway in bed.Gateways.Take(2)) Assert.Contains("tcp dport 82 drop", await bed.NftListAsync(gateway, "list", "ruleset"));

        await bed.PowerOnAsync(dead);
        Assert.Contains("tcp dport 81 drop", await bed.NftListAsync(dead, "list", "ruleset"));
        var next = await session.RunAsync(Sync(session, 83));
        Assert.True(next.Failure is null, next.Failure?.Message);
        Assert.Contains("Succeeded", Assert.Single(next.Settled));
        foreach (var gateway in bed.Gateways) Assert.Contains("tcp dport 83 drop", await bed.NftListAsync(gateway, "list", "ruleset"));
    }

    [TestbedFact]
    public async Task What_a_command_on_the_hosts_and_a_port_of_the_network_say_decides()
    {
        await using var bed = await Testbed.StartAsync(new TestbedOptions { Gateways = 2 });
        await using var session = LinuxSession.Open(bed);
        await session.MakeGroupAsync(bed);
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var served = Probe.Parse($"tcp://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}");

        // The command sees the policy that is on trial.
        var good = await session.RunAsync(Sync(session, 81) with { Probes = [served, Probe.Parse("exec:nft list ruleset | grep -q 'tcp dport 81 drop'")] });
        Assert.True(good.Failure is null, good.Failure?.Message);

        var bad = await session.RunAsync(Sync(session, 82) with { Probes = [Probe.Parse("exec:echo \"$0 says no\"; nft list ruleset | grep -q 'tcp dport 81 drop'")], RevertAfter = TimeSpan.FromSeconds(9) });
        Assert.Equal(ErrorCatalogue.ProbeFailed, ((MaestroException)bad.Failure!).Code);
        Assert.Contains("says no", bad.Failure.Message);
        Assert.Equal(OperationState.RolledBack, bad.Operation!.State);
        foreach (var gateway in bed.Gateways) Assert.Contains("tcp dport 81 drop", await bed.NftListAsync(gateway, "list", "ruleset"));

        listener.Stop();
        var closed = await session.RunAsync(Sync(session, 82) with { Probes = [served], RevertAfter = TimeSpan.FromSeconds(9) });
        Assert.Equal(ErrorCatalogue.ProbeFailed, ((MaestroException)closed.Failure!).Code);
        foreach (var gateway in bed.Gateways) Assert.Contains("tcp dport 81 drop", await bed.NftListAsync(gateway, "list", "ruleset"));
    }

    private static SyncPolicyChange Sync(LinuxSession session, int port) => new() { Group = "dmz", Document = session.Document(LinuxSession.Forbidding(port)) };
}
