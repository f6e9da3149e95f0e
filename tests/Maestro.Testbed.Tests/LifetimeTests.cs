using System.Diagnostics;
using Maestro.Testbeds.Machine;
using Xunit.Abstractions;

namespace Maestro.Testbeds.Tests;

public sealed class LifetimeTests(ITestOutputHelper output)
{
    [TestbedFact]
    public async Task Sixteen_gateways_come_up_and_answer()
    {
        var clock = Stopwatch.StartNew();
        await using var bed = await Testbed.StartAsync(new TestbedOptions { Gateways = 16, Sites = 2 });
        output.WriteLine($"16 gateways up in {clock.ElapsedMilliseconds} ms");

        var names = await Task.WhenAll(bed.Gateways.Select(gateway => bed.RunSshAsync(gateway, "hostname")));

        Assert.Equal(bed.Gateways.Select(gateway => gateway.Id + "\n"), names.Select(name => name.Output));
        Assert.Equal(("fw-a1", 1, "fw-b8", 2), (bed.Gateways[0].Id, bed.Gateways[0].Site, bed.Gateways[15].Id, bed.Gateways[15].Site));
        clock.Restart();
        await bed.DisposeAsync();
        output.WriteLine($"down in {clock.ElapsedMilliseconds} ms");
    }

    [TestbedFact]
    public async Task A_bed_that_is_disposed_leaves_nothing()
    {
        var accounts = await File.ReadAllTextAsync("/etc/passwd");
        var bed = await Testbed.StartAsync(new TestbedOptions { Gateways = 2, JumpHost = true });
        var traces = Look(bed);
        Assert.Equal(4, traces.ProcessCount);
        Assert.Equal(6, traces.Present().Length);

        await bed.DisposeAsync();

        Assert.Empty(await Traces.RemainingAsync(traces.Present));
        Assert.Equal(accounts, await File.ReadAllTextAsync("/etc/passwd"));
    }

    [TestbedFact]
    public async Task Two_beds_live_side_by_side()
    {
        await using var first = await Testbed.StartAsync(new TestbedOptions { Gateways = 2 });
        var second = await Testbed.StartAsync(new TestbedOptions { Gateways = 2 });

        Assert.Empty(Addresses(first).Intersect(Addresses(second)));
        Assert.Empty(first.Gateways.Select(gateway => gateway.HostKey).Intersect(second.Gateways.Select(gateway => gateway.HostKey)));
        await second.NftLoadAsync(second["fw-a1"], "table inet second");
        Assert.DoesNotContain("second", await first.NftListAsync(first["fw-a1"]), StringComparison.Ordinal);
        var strangers = await SystemCommand.RunAsync("ssh",
            ["-F", "none", "-i", first.KeyPath, "-o", "IdentitiesOnly=yes", "-o", "BatchMode=yes", "-o", $"UserKnownHostsFile={second.KnownHostsPath}", $"toor@{second["fw-a1"].Address}", "true"]);
        Assert.Contains("Permission denied", strangers.Error, StringComparison.Ordinal);

        await second.DisposeAsync();

        Assert.Equal("fw-a1\n", (await first.RunSshAsync(first["fw-a1"], "hostname")).Output);

        static IEnumerable<string> Addresses(Testbed bed) => bed.Gateways.SelectMany(gateway => (string[])[$"{gateway.Address}", $"{gateway.AddressIPv6}"]);
    }

    [TestbedFact]
    public async Task A_bed_goes_with_the_process_that_had_it_up_even_when_that_is_killed()
    {
        using var command = await BedCommand.StartAsync("--gateways", "3", "--jump-host");
        Assert.Equal(5, command.Traces.ProcessCount);
        Assert.Equal(7, command.Traces.Present().Length);

        LinuxCalls.Signal(command.ProcessId, LinuxCalls.SignalKill);

        Assert.Empty(await Traces.RemainingAsync(command.Traces.Present));
    }

    [TestbedFact]
    public async Task The_command_takes_its_bed_down_at_Ctrl_C()
    {
        const int interrupt = 2;
        using var command = await BedCommand.StartAsync("--gateways", "2");

        LinuxCalls.Signal(command.ProcessId, interrupt);

        Assert.Equal(0, await command.ExitCodeAsync());
        Assert.Empty(await Traces.RemainingAsync(command.Traces.Present));
    }

    [TestbedFact]
    public async Task A_sweep_removes_what_is_left_when_owner_and_supervisor_were_killed()
    {
        using var command = await BedCommand.StartAsync("--gateways", "2");
        Assert.Empty(Testbed.Sweep(command.Directory));

        LinuxCalls.Signal(command.Traces.Supervisor.Id, LinuxCalls.SignalKill);
        Assert.Empty(await Traces.RemainingAsync(command.Traces.PresentInKernel));
        Assert.Empty(Testbed.Sweep(command.Directory));
        LinuxCalls.Signal(command.ProcessId, LinuxCalls.SignalKill);
        await command.ExitCodeAsync();
        Assert.True(command.Traces.FolderExists);

        Assert.Single(Testbed.Sweep(command.Directory));
        Assert.Empty(command.Traces.Present());
    }

    [TestbedFact]
    public async Task A_bed_whose_supervisor_was_killed_says_so_and_still_cleans_up()
    {
        var bed = await Testbed.StartAsync(new TestbedOptions { Gateways = 1 });
        var traces = Look(bed);

        LinuxCalls.Signal(traces.Supervisor.Id, LinuxCalls.SignalKill);
        Assert.Empty(await Traces.RemainingAsync(traces.PresentInKernel));

        await Assert.ThrowsAsync<TestbedException>(() => bed.PowerOnAsync(bed.Gateways));
        await bed.DisposeAsync();
        Assert.Empty(traces.Present());
    }

    private static Traces Look(Testbed bed) => new(bed.DirectoryPath, $"{bed.Gateways[0].Address}");
}
