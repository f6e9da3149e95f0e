using System.Globalization;
using System.Net;
using Maestro.Testbeds.Machine;

namespace Maestro.Testbeds;

/// <summary>
/// Real gateways on this machine, as long as this object lives: Linux hosts in namespaces, each with its own sshd, host key, addresses, hostname, processes,
/// files and nftables. Several beds run beside one another. When the process that started a bed ends, in whatever way, the bed goes too and leaves nothing.
/// </summary>
public sealed partial class Testbed : IAsyncDisposable
{
    /// <summary>An account with user id 0 and /bin/sh as its login shell.</summary>
    public const string RootUser = "toor";

    /// <summary>An account without rights, /bin/sh as its login shell, which may do anything by <c>sudo -n</c>.</summary>
    public const string SudoUser = "maestro";

    private readonly TestbedOptions _options;
    private readonly BedDirectory _directory;
    private readonly Supervisor _supervisor;
    private readonly KeyPair[] _borrowedKeys;
    private readonly Cables _cables;
    private readonly List<TestbedHost> _hosts = [];
    private bool _disposed;

    private Testbed(TestbedOptions options, BedDirectory directory, Supervisor supervisor, KeyPair[] hostKeys)
    {
        _options = options;
        _directory = directory;
        _supervisor = supervisor;
        _borrowedKeys = hostKeys;
        _cables = new Cables(supervisor);
        var addresses = new AddressPlan(supervisor.Slot);
        Gateways = [.. HostPlan.Gateways(options).Select(gateway =>
        {
            var plan = new HostPlan(gateway.Id, gateway.Index, gateway.Site, HostRole.Gateway, options.JumpHost, options.Systemd, options.Orchestrators > 0, options.Port, addresses);
            return new TestbedGateway(plan, [hostKeys[gateway.Index]], new HostPower(plan.Id, directory, supervisor, options.Systemd));
        })];
        _hosts.AddRange(Gateways);
        if (options.JumpHost)
        {
            var plan = new HostPlan(JumpHostId, 0, 1, HostRole.JumpHost, HasHiddenDevice: true, HasSystemd: false, IsOrchestrated: false, options.Port, addresses);
            JumpHost = new TestbedHost(plan, [hostKeys[0]], new HostPower(plan.Id, directory, supervisor, hasSystemd: false));
            _hosts.Add(JumpHost);
        }

        Orchestrators = [.. HostPlan.Orchestrators(options).Select((orchestrator, position) =>
        {
            var plan = new HostPlan(orchestrator.Id, orchestrator.Index, 1, HostRole.Orchestrator, HasHiddenDevice: false, options.Systemd, IsOrchestrated: true, options.Port, addresses);
            return new TestbedHost(plan, [hostKeys[options.Gateways + 1 + position]], new HostPower(plan.Id, directory, supervisor, options.Systemd));
        })];
        _hosts.AddRange(Orchestrators);
    }

    private const string JumpHostId = "jump";

    /// <summary>Why no testbed can run on this machine; null when one can.</summary>
    public static string? Unavailable => TestbedRequirement.Unavailable;

    /// <summary>The gateways in the order of their names.</summary>
    public IReadOnlyList<TestbedGateway> Gateways { get; }

    /// <summary>The hosts that distribute the traffic between <see cref="Client"/> and <see cref="Server"/>; none unless the options ask for them.</summary>
    public IReadOnlyList<TestbedHost> Orchestrators { get; }

    /// <summary>The host that alone reaches the gateways' hidden addresses; null unless the options ask for it.</summary>
    public TestbedHost? JumpHost { get; }

    /// <summary>The gateway of this name.</summary>
    public TestbedGateway this[string id] => Gateways.FirstOrDefault(gateway => gateway.Id == id) ?? throw new TestbedException($"There is no gateway {id}.");

    /// <summary>A private key (OpenSSH format, Ed25519, no passphrase) that opens both accounts of every host.</summary>
    public string KeyPath => _directory.Key;

    /// <summary>A known_hosts file with every key of every host, under all its addresses.</summary>
    public string KnownHostsPath => _directory.KnownHosts;

    /// <summary>The bed's folder on this machine: logs are under hosts/. Tests may put files of their own here; they go with the bed.</summary>
    public string DirectoryPath => _directory.Path;

    /// <summary>Starts a bed and waits until every sshd listens.</summary>
    /// <exception cref="TestbedException">This machine cannot run one (<see cref="Unavailable"/> says why), or something failed; nothing is left behind.</exception>
    public static async Task<Testbed> StartAsync(TestbedOptions? options = null)
    {
        options ??= new TestbedOptions();
        options.Validate();
        if (Unavailable is { } reason)
        {
            throw new TestbedException($"No testbed can run here: {reason}.");
        }

        if (options.Systemd && TestbedRequirement.UnavailableWithSystemd is { } lack)
        {
            throw new TestbedException($"No testbed with systemd can run here: {lack}.");
        }

        Leftovers.Sweep(options.Directory);
        string[] ids = [.. HostPlan.Gateways(options).Select(gateway => gateway.Id), .. options.JumpHost ? [JumpHostId] : Array.Empty<string>(), .. HostPlan.Orchestrators(options).Select(orchestrator => orchestrator.Id)];
        var directory = BedDirectory.Create(options, ids);
        Supervisor supervisor;
        KeyPair clientKey;
        KeyPair[] hostKeys;
        var starting = Supervisor.StartAsync(directory, FreeSlots(), options.Patience);
        try
        {
            hostKeys = await HostKeys.BorrowAsync(directory.Path, options.Gateways + 1 + options.Orchestrators);
            clientKey = (await KeyPair.GenerateAsync(directory.Path, "ed25519", 1))[0];
        }
        finally
        {
            supervisor = await starting;
        }

        var bed = new Testbed(options, directory, supervisor, hostKeys);
        try
        {
            await bed.InstallAsync(clientKey);
            if (options.Orchestrators > 0) await bed.LayUplinksAsync();
            await bed.PowerOnAsync(bed._hosts);
            return bed;
        }
        catch
        {
            await bed.DisposeAsync();
            throw;
        }
    }

    /// <summary>Removes what testbeds of dead processes may have left on this machine. Every start does it too.</summary>
    /// <returns>The folders that were removed.</returns>
    public static IReadOnlyList<string> Sweep(string? directory = null) => Leftovers.Sweep(directory ?? Path.GetTempPath());

    /// <summary>Starts hosts that are off: their own boot step, then their devices come up, then sshd with the same keys and addresses.</summary>
    public async Task PowerOnAsync(params IEnumerable<TestbedHost> hosts) =>
        await Task.WhenAll(hosts.Where(host => !host.IsOn).Select(StartAsync));

    private async Task StartAsync(TestbedHost host)
    {
        await host.Power.StartAsync(_options.Patience);
        _ = ComeBackAsync(host);
    }

    /// <summary>Whoever restarts himself comes back, as a machine does.</summary>
    private async Task ComeBackAsync(TestbedHost host)
    {
        try
        {
            if (!await host.Power.RestartsItselfAsync()) return;
            string[] ports = [.. host.Plan.Devices.Select(device => device.Port)];
            await _cables.CutForPowerOffAsync(ports);
            await _cables.RemovePortsAsync(ports);
            await StartAsync(host);
        }
        catch (TestbedException) when (_disposed)
        {
            // The bed is gone, and the host with it.
        }
    }

    /// <summary>Ends all hosts and removes every trace of the bed.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        _cables.Dispose();
        await _supervisor.DisposeAsync();
        Leftovers.Remove(_directory.Path);
        HostKeys.Return(_borrowedKeys);
    }

    private async Task InstallAsync(KeyPair clientKey)
    {
        await File.WriteAllTextAsync(_directory.Key, clientKey.PrivateKey);
        File.SetUnixFileMode(_directory.Key, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        await File.WriteAllTextAsync(_directory.Key + ".pub", clientKey.PublicKey + "\n");
        CommonLayer.Write(_supervisor.Inside(_directory.CommonLayer), _options, clientKey.PublicKey);
        var rsaKeys = _options.RsaHostKeys ? await KeyPair.GenerateAsync(_directory.Path, "rsa", _hosts.Count) : [];
        foreach (var (host, rsaKey) in _hosts.Zip(rsaKeys))
        {
            host.Keys = [.. host.Keys, rsaKey];
        }

        foreach (var host in _hosts)
        {
            host.Plan.WriteFiles(_directory, _supervisor.SwitchNamespace);
            host.Plan.WriteDisk(_supervisor.Inside(_directory.Disk(host.Id)), host.Keys);
        }

        await File.WriteAllLinesAsync(_directory.KnownHosts, _hosts.SelectMany(host => KnownHostLines(host)));
    }

    private IEnumerable<string> KnownHostLines(TestbedHost host)
    {
        IPAddress?[] addresses = [host.Address, host.AddressIPv6, (host as TestbedGateway)?.HiddenAddress];
        var names = string.Join(',', addresses.OfType<IPAddress>().Select(address => _options.Port == 22 ? $"{address}" : $"[{address}]:{_options.Port}"));
        return host.HostKeys.Select(key => $"{names} {key}");
    }

    /// <summary>Slots whose network this machine does not use for something else, beginning anywhere so that beds seldom compete.</summary>
    private static IEnumerable<int> FreeSlots()
    {
        // Not by NetworkInterface, which fails where a device of another bed goes while it looks.
        var used = File.ReadLines("/proc/net/route").Skip(1)
            .Select(route => BitConverter.GetBytes(uint.Parse(route.Split('\t')[1], NumberStyles.HexNumber, CultureInfo.InvariantCulture)))
            .Where(bytes => bytes is [198, 18 or 19, _, _])
            .Select(bytes => ((bytes[1] - 18) * 256) + bytes[2])
            .ToHashSet();
        var first = Random.Shared.Next(AddressPlan.Slots);
        return Enumerable.Range(first, AddressPlan.Slots).Select(slot => slot % AddressPlan.Slots).Where(slot => !used.Contains(slot)).Take(32);
    }
}
