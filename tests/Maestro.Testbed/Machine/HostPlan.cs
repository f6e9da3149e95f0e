using System.Globalization;
using System.Net;
using System.Text;

namespace Maestro.Testbeds.Machine;

/// <summary>All that is fixed about a host before it is started, and the files that start it.</summary>
internal sealed record HostPlan(string Id, int Index, int Site, HostRole Role, bool HasHiddenDevice, bool HasSystemd, bool IsOrchestrated, int Port, AddressPlan Addresses)
{
    /// <summary>The index before the first orchestrator's: gateways have those from 1 on.</summary>
    public const int FirstOrchestrator = 200;

    public IPAddress Address => Role == HostRole.JumpHost ? Addresses.JumpHost : Addresses.Gateway(Index);

    public IPAddress AddressIPv6 => Role == HostRole.JumpHost ? Addresses.JumpHostIPv6 : Addresses.GatewayIPv6(Index);

    /// <summary>Where each device is plugged in: its name in the host, the switch's bridge, the name of the switch's port.</summary>
    public IEnumerable<(string Device, string Bridge, string Port, GatewayLinks Link)> Devices
    {
        get
        {
            yield return ("eth0", "management", $"h{Index}m", GatewayLinks.Management);
            if (Role != HostRole.JumpHost)
            {
                yield return ("eth1", "outside", $"h{Index}o", GatewayLinks.Outside);
                yield return ("eth2", "inside", $"h{Index}i", GatewayLinks.Inside);
            }

            if (Role == HostRole.Orchestrator)
            {
                yield return ("eth4", "clients", $"h{Index}c", GatewayLinks.Clients);
                yield return ("eth5", "servers", $"h{Index}s", GatewayLinks.Servers);
            }

            if (HasHiddenDevice)
            {
                yield return ("eth3", "hidden", $"h{Index}h", GatewayLinks.Hidden);
            }
        }
    }

    /// <summary>Spreads the gateways over the sites: fw-a1, fw-a2... in site 1, fw-b1... in site 2.</summary>
    public static IEnumerable<(string Id, int Index, int Site)> Gateways(TestbedOptions options)
    {
        var perSite = (options.Gateways + options.Sites - 1) / options.Sites;
        for (var index = 1; index <= options.Gateways; index++)
        {
            var site = ((index - 1) / perSite) + 1;
            var number = index - ((site - 1) * perSite);
            yield return (string.Create(CultureInfo.InvariantCulture, $"fw-{"ab"[site - 1]}{number}"), index, site);
        }
    }

    /// <summary>orch-1, and orch-2 where there are two; both stand in site 1.</summary>
    public static IEnumerable<(string Id, int Index)> Orchestrators(TestbedOptions options) =>
        Enumerable.Range(1, options.Orchestrators).Select(number => (string.Create(CultureInfo.InvariantCulture, $"orch-{number}"), FirstOrchestrator + number));

    public void WriteFiles(BedDirectory bed, string switchNamespace)
    {
        var devices = new StringBuilder("link set lo up\n");
        var ports = new StringBuilder();
        var up = new StringBuilder();
        foreach (var (device, bridge, port, _) in Devices)
        {
            var hardware = Addresses.HardwareAddress(Index, device[^1] - '0');
            devices.Append(CultureInfo.InvariantCulture, $"link add {device} address {hardware} type veth peer name {port} netns {switchNamespace}\n");
            ports.Append(CultureInfo.InvariantCulture, $"link set {port} master {bridge} up\n");
            up.Append(CultureInfo.InvariantCulture, $"link set {device} up\n");
        }

        foreach (var (device, address) in InterfaceAddresses)
        {
            up.Append(CultureInfo.InvariantCulture, $"address add {address} dev {device}\n");
        }

        // What comes from beyond the orchestrators goes back there.
        if (IsOrchestrated && Role == HostRole.Gateway) up.Append(OrchestratedRoutes.OfGateway("add", 1));

        File.WriteAllText(bed.HostFile(Id, "devices.batch"), devices.ToString());
        File.WriteAllText(bed.HostFile(Id, "ports.batch"), ports.ToString());
        File.WriteAllText(bed.HostFile(Id, "up.batch"), up.ToString());
        var kernel = HasSystemd
            // Where /sys cannot be written systemd leaves devices alone, as it does in any container.
            ? $"""
            sysfs {bed.Root}/sys sysfs ro,nosuid,nodev,noexec 0 0
            tmpfs {bed.Root}/dev tmpfs nosuid,mode=755 0 0
            """
            : $"""
            sysfs {bed.Root}/sys sysfs nosuid,nodev,noexec 0 0
            /dev {bed.Root}/dev none rbind 0 0
            tmpfs {bed.Root}/dev/shm tmpfs nosuid,nodev,mode=1777 0 0
            """;
        File.WriteAllText(bed.HostFile(Id, "fstab"), $"""
            overlay {bed.Root} overlay lowerdir={bed.CommonLayer}:/,upperdir={bed.Disk(Id)}/upper,workdir={bed.Disk(Id)}/work 0 0
            proc {bed.Root}/proc proc nosuid,nodev,noexec 0 0
            {kernel}
            tmpfs {bed.Root}/run tmpfs nosuid,nodev,mode=755 0 0
            tmpfs {bed.Root}/tmp tmpfs nosuid,nodev,mode=1777 0 0

            """);
    }

    /// <summary>Puts what a freshly installed host has of its own onto its disk.</summary>
    public void WriteDisk(string disk, IReadOnlyList<KeyPair> keys)
    {
        foreach (var folder in (string[])["work", "upper", "upper/etc", "upper/etc/ssh"])
        {
            BedDirectory.MakePublic($"{disk}/{folder}");
        }

        if (HasSystemd) SystemdDisk.Write($"{disk}/upper");
        File.WriteAllText($"{disk}/upper/etc/hostname", $"{Id}\n");
        File.WriteAllText($"{disk}/upper/etc/hosts", $"127.0.0.1 localhost\n::1 localhost\n127.0.1.1 {Id}\n");
        foreach (var key in keys)
        {
            var type = key.PublicKey.StartsWith("ssh-rsa", StringComparison.Ordinal) ? "rsa" : "ed25519";
            var path = $"{disk}/upper/etc/ssh/ssh_host_{type}_key";
            File.WriteAllText(path, key.PrivateKey);
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            File.WriteAllText($"{path}.pub", $"{key.PublicKey} root@{Id}\n");
        }
    }

    private (string Device, AddressPlan.Segment Segment)[] Segments => Role switch
    {
        HostRole.JumpHost => [],
        HostRole.Gateway => [("eth1", AddressPlan.Segment.Outside), ("eth2", AddressPlan.Segment.Inside)],
        _ => [("eth1", AddressPlan.Segment.Outside), ("eth2", AddressPlan.Segment.Inside), ("eth4", AddressPlan.Segment.Clients), ("eth5", AddressPlan.Segment.Servers)],
    };

    private IEnumerable<(string Device, string Address)> InterfaceAddresses
    {
        get
        {
            yield return ("eth0", $"{Address}/24");
            yield return ("eth0", $"{AddressIPv6}/64 nodad");
            foreach (var (device, segment) in Segments)
            {
                var (party, number) = Role == HostRole.Orchestrator ? (AddressPlan.Party.Orchestrator, Index - FirstOrchestrator) : (AddressPlan.Party.Gateway, Index);
                yield return (device, $"{AddressPlan.Traffic(segment, party, number)}/16");
                yield return (device, $"{AddressPlan.TrafficIPv6(segment, party, number)}/64 nodad");
            }

            if (HasHiddenDevice)
            {
                yield return ("eth3", $"{(Role == HostRole.JumpHost ? AddressPlan.JumpHostHidden : AddressPlan.Hidden(Index))}/24");
            }
        }
    }
}
