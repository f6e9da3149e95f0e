using System.Globalization;
using Maestro.Engine.Operations.Leases;
using Maestro.Engine.Store;
using Maestro.Engine.Tests.Victims;

namespace Maestro.Engine.Tests.Store;

public sealed class SystemHostIdentityTests
{
    private readonly SystemHostIdentity _identity = new();

    [Fact]
    public void We_live_and_are_ourselves_each_time_we_ask()
    {
        Assert.True(_identity.IsAlive(_identity.Self));
        Assert.Equal(_identity.Self, new SystemHostIdentity().Self);
        Assert.Equal(Environment.ProcessId, _identity.Self.ProcessId);
        Assert.NotEmpty(_identity.Self.MachineId);
        Assert.NotEmpty(_identity.Self.ProcessStart);
    }

    [Fact]
    public async Task Another_process_lives_until_it_is_killed()
    {
        using var victim = VictimProcess.Start("identity");
        var owner = await OwnerAsync(victim);
        Assert.Equal((_identity.Self.MachineId, _identity.Self.BootId, victim.Id), (owner.MachineId, owner.BootId, owner.ProcessId));
        Assert.True(_identity.IsAlive(owner));
        await victim.KillAsync();
        Assert.False(_identity.IsAlive(owner));
    }

    [Fact]
    public void A_process_that_bears_a_dead_ones_number_is_not_it() =>
        Assert.False(_identity.IsAlive(_identity.Self with { ProcessStart = _identity.Self.ProcessStart + "0" }));

    [Fact]
    public void A_process_of_an_earlier_boot_is_dead() => Assert.False(_identity.IsAlive(_identity.Self with { BootId = "another" }));

    [Fact]
    public void Of_another_machines_process_nothing_is_known()
    {
        Assert.Null(_identity.IsAlive(_identity.Self with { MachineId = "another" }));
        Assert.Null(_identity.IsAlive(_identity.Self with { MachineId = "another", BootId = "another" }));
    }

    [SkippableFact]
    public async Task A_zombie_is_dead()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "Zombies are looked for in Linux's process table.");
        // The outer shell becomes a sleep, which never asks how its child ended; the child ends by the line that it reads.
        using var parent = VictimProcess.StartProgram("sh", "-c", "exec 3<&0; sh -c 'read line <&3' & echo $!; exec sleep 600");
        var zombie = int.Parse(await parent.ExpectLineAsync(), CultureInfo.InvariantCulture);
        await UntilAsync(() => File.ReadAllText($"/proc/{parent.Id}/comm") == "sleep\n");
        await parent.WriteLineAsync("end");
        await UntilAsync(() => Stat(zombie)[0] == "Z");
        Assert.False(_identity.IsAlive(_identity.Self with { ProcessId = zombie, ProcessStart = Stat(zombie)[19] }));
    }

    [SkippableFact]
    public async Task A_stopped_process_lives()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "Stopped processes are looked for in Linux's process table.");
        using var sleeper = VictimProcess.StartProgram("sh", "-c", "kill -STOP $$");
        await UntilAsync(() => Stat(sleeper.Id)[0] == "T");
        Assert.True(_identity.IsAlive(_identity.Self with { ProcessId = sleeper.Id, ProcessStart = Stat(sleeper.Id)[19] }));
    }

    [SkippableFact]
    public async Task Of_a_process_in_another_pid_namespace_nothing_is_known()
    {
        Skip.IfNot(OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess, "A pid namespace of its own needs root on Linux.");
        using var container = VictimProcess.StartProgram("unshare", "--pid", "--fork", "--mount-proc", "--kill-child", VictimProcess.DotNet, VictimProcess.Assembly, "identity");
        var owner = await OwnerAsync(container);
        Assert.Equal(_identity.Self.BootId, owner.BootId);
        Assert.Null(_identity.IsAlive(owner));
    }

    private async Task<LeaseOwner> OwnerAsync(VictimProcess victim) => _identity.Self with
    {
        MachineId = await victim.ExpectLineAsync(),
        BootId = await victim.ExpectLineAsync(),
        ProcessId = int.Parse(await victim.ExpectLineAsync(), CultureInfo.InvariantCulture),
        ProcessStart = await victim.ExpectLineAsync(),
    };

    // Looks at the kernel's table until it shows what was brought about; only a hang ends by the bound.
    private static async Task UntilAsync(Func<bool> sight)
    {
        for (var looks = 0; looks < 1_000_000 && !sight(); looks++) await Task.Yield();
        Assert.True(sight());
    }

    private static string[] Stat(int processId)
    {
        var line = File.ReadAllText($"/proc/{processId}/stat");
        return line[(line.LastIndexOf(')') + 2)..].Split(' ');
    }
}
