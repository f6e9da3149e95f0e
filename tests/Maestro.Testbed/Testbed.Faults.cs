using System.Globalization;
using Maestro.Testbeds.Machine;

namespace Maestro.Testbeds;

public sealed partial class Testbed
{
    private const string SlowShell = "/usr/local/bin/slow-shell";
    private const string NftWrapper = "/usr/local/sbin/nft";

    /// <summary>
    /// Takes the power away: all cables of all these hosts fall dead at one instant, then every process is killed, and with the namespaces goes all that the
    /// kernel held: rules, connections, addresses, /run, /tmp. Disks keep what was written. Nothing orderly happens.
    /// </summary>
    public async Task PowerOffAsync(params IEnumerable<TestbedHost> hosts)
    {
        TestbedHost[] victims = [.. hosts.Where(host => host.IsOn)];
        string[] ports = [.. victims.SelectMany(host => host.Plan.Devices).Select(device => device.Port)];
        await _cables.CutForPowerOffAsync(ports);
        foreach (var victim in victims)
        {
            victim.Power.Kill();
        }

        await Task.WhenAll(victims.Select(victim => victim.Power.WaitUntilDeadAsync(_options.Patience)));
        await _cables.RemovePortsAsync(ports);
    }

    /// <summary>Power off and on again.</summary>
    public async Task PowerCycleAsync(params IEnumerable<TestbedHost> hosts)
    {
        TestbedHost[] cycled = [.. hosts];
        await PowerOffAsync(cycled);
        await PowerOnAsync(cycled);
    }

    /// <summary>Stops all processes of these hosts. Their kernels go on: packets are forwarded and TCP connections to sshd are accepted, but nobody answers.</summary>
    public async Task FreezeAsync(params IEnumerable<TestbedHost> hosts)
    {
        foreach (var host in hosts)
        {
            // The first process from here, all others from inside: the kernel signals those at once and no fork escapes.
            LinuxCalls.Signal(host.ProcessId, LinuxCalls.SignalStop);
            await SignalAllButFirstAsync(host, "STOP");
            // A process that runs at this moment stops when it next comes out of the kernel.
            await UntilAsync(host, state => state is 'T' or 'Z');
        }
    }

    /// <summary>Lets frozen hosts go on.</summary>
    public async Task ThawAsync(params IEnumerable<TestbedHost> hosts)
    {
        foreach (var host in hosts)
        {
            await SignalAllButFirstAsync(host, "CONT");
            LinuxCalls.Signal(host.ProcessId, LinuxCalls.SignalContinue);
            await UntilAsync(host, state => state != 'T');
        }
    }

    /// <summary>Cuts cables of a host. Packets vanish both ways and neither end is told, as when a switch in between fails.</summary>
    public Task CutNetworkAsync(TestbedHost host, GatewayLinks links = GatewayLinks.All) => CutNetworkAsync([host], links);

    /// <summary>Cuts cables of several hosts at one instant.</summary>
    public Task CutNetworkAsync(IEnumerable<TestbedHost> hosts, GatewayLinks links = GatewayLinks.All) => _cables.CutAsync(Ports(hosts, links));

    /// <summary>Joins what <see cref="CutNetworkAsync(TestbedHost, GatewayLinks)"/> has cut.</summary>
    public Task RestoreNetworkAsync(TestbedHost host, GatewayLinks links = GatewayLinks.All) => RestoreNetworkAsync([host], links);

    /// <summary>Joins what was cut, for several hosts at one instant.</summary>
    public Task RestoreNetworkAsync(IEnumerable<TestbedHost> hosts, GatewayLinks links = GatewayLinks.All) => _cables.JoinAsync(Ports(hosts, links));

    /// <summary>Leaves no free block on a host's disk. Files can still be removed, and a file's last block can be filled.</summary>
    public Task FillDiskAsync(TestbedHost host) => _supervisor.RunAsync($"""
        disk={_directory.Disk(host.Id)}
        for attempt in 1 2 3 4 5; do
            used=$(df -k --output=used "$disk" | tail -n 1)
            mount -o "remount,size=$((used))k" "$disk" 2>/dev/null && exit 0
        done
        exit 1

        """);

    /// <summary>Gives a host's disk its free space back.</summary>
    public Task FreeDiskAsync(TestbedHost host) =>
        _supervisor.RunAsync(string.Create(CultureInfo.InvariantCulture, $"mount -o remount,size={_options.DiskMebibytes}m {_directory.Disk(host.Id)}\n"));

    /// <summary>Makes every login on a host wait this long before its shell does anything; null makes it quick again. Shells that run already stay as they are.</summary>
    public static void SetLoginDelay(TestbedHost host, TimeSpan? delay)
    {
        if (delay is { } time)
        {
            Install(host, SlowShell, string.Create(CultureInfo.InvariantCulture, $"#!/bin/sh\nsleep {time.TotalSeconds:0.###}\nexec /bin/sh \"$@\"\n"));
        }

        var shell = delay is null ? "/bin/sh" : SlowShell;
        var lines = File.ReadLines(host.PathOf("/etc/passwd")).Select(line =>
            line.StartsWith(RootUser + ':', StringComparison.Ordinal) || line.StartsWith(SudoUser + ':', StringComparison.Ordinal)
                ? line[..(line.LastIndexOf(':') + 1)] + shell
                : line);
        Install(host, "/etc/passwd", string.Join('\n', lines) + '\n', executable: false);
    }

    /// <summary>
    /// Puts a script in front of nft: both accounts find it first, by PATH and by sudo's own path. The real one is <c>/usr/sbin/nft</c>. It stays over a power
    /// cycle; null takes it away.
    /// </summary>
    public static void SetNftWrapper(TestbedHost host, string? script)
    {
        if (script is null)
        {
            File.Delete(host.PathOf(NftWrapper));
        }
        else
        {
            Install(host, NftWrapper, script);
        }
    }

    /// <summary>Gives a host a new Ed25519 key, as a reinstallation does. <see cref="KnownHostsPath"/> keeps the old one.</summary>
    public async Task ReplaceHostKeyAsync(TestbedHost host)
    {
        var key = (await KeyPair.GenerateAsync(_directory.Path, "ed25519", 1))[0];
        Install(host, "/etc/ssh/ssh_host_ed25519_key", key.PrivateKey, executable: false, secret: true);
        Install(host, "/etc/ssh/ssh_host_ed25519_key.pub", $"{key.PublicKey} root@{host.Id}\n", executable: false);
        await host.Power.RestartSshAsync(_options.Patience);
        host.Keys = [key, .. host.Keys.Skip(1)];
    }

    /// <summary>Writes a file of a host in one step: no login ever reads half of it.</summary>
    private static void Install(TestbedHost host, string path, string text, bool executable = true, bool secret = false)
    {
        var target = host.PathOf(path);
        Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        File.WriteAllText(target + ".new", text);
        var mode = secret
            ? UnixFileMode.UserRead | UnixFileMode.UserWrite
            : UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
        File.SetUnixFileMode(target + ".new", executable ? mode | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute : mode);
        File.Move(target + ".new", target, overwrite: true);
    }

    private async Task UntilAsync(TestbedHost host, Func<char?, bool> wanted)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (!HostProcesses.Of(host).All(process => wanted(process.State)))
        {
            if (TimeProvider.System.GetElapsedTime(began) > _options.Patience) throw new TimeoutException($"The processes of {host.Id} did not take a signal.");
            await Task.Delay(TimeSpan.FromMilliseconds(5));
        }
    }

    private static async Task SignalAllButFirstAsync(TestbedHost host, string signal) =>
        // 1 means that there was nobody to signal.
        await SystemCommand.RunAsync("nsenter", ["-t", Number(host), "-p", "/bin/sh", "-c", $"kill -{signal} -1"]);

    private static string[] Ports(IEnumerable<TestbedHost> hosts, GatewayLinks links) =>
        [.. hosts.SelectMany(host => host.Plan.Devices).Where(device => links.HasFlag(device.Link)).Select(device => device.Port)];
}
