using System.Net.NetworkInformation;
using Maestro.Testbeds.Machine;

namespace Maestro.Testbeds.Tests;

/// <summary>All that a bed puts on the machine: its folder, its network device, its mounts, its processes.</summary>
internal sealed class Traces
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);
    private readonly string _folder;
    private readonly string _device;
    private readonly ProcessIdentity[] _processes;

    /// <param name="folder">The bed's folder.</param>
    /// <param name="gatewayAddress">The address of one of its gateways, from which the device on the machine is found.</param>
    public Traces(string folder, string gatewayAddress)
    {
        _folder = folder;
        var network = gatewayAddress[..(gatewayAddress.LastIndexOf('.') + 1)];
        _device = NetworkInterface.GetAllNetworkInterfaces()
            .First(device => device.GetIPProperties().UnicastAddresses.Any(address => $"{address.Address}".StartsWith(network, StringComparison.Ordinal))).Name;
        Supervisor = ProcessIdentity.Parse(File.ReadAllText(Path.Combine(folder, "supervisor"))) ?? throw new InvalidDataException(folder);
        _processes = [Supervisor, .. Directory.EnumerateFiles(folder, "pid", SearchOption.AllDirectories)
            .Select(path => ProcessIdentity.Of(int.Parse(File.ReadAllText(path))))
            .OfType<ProcessIdentity>()];
    }

    public ProcessIdentity Supervisor { get; }

    public int ProcessCount => _processes.Length;

    public bool FolderExists => Directory.Exists(_folder);

    /// <summary>What is there now, in words; empty when nothing is.</summary>
    public string[] Present() =>
    [
        .. FolderExists ? [_folder] : Array.Empty<string>(),
        .. PresentInKernel(),
    ];

    public string[] PresentInKernel() =>
    [
        // Not by NetworkInterface, which fails where a device of another bed goes while it looks.
        .. Directory.EnumerateFileSystemEntries("/sys/class/net").Select(path => Path.GetFileName(path)).Where(name => name == _device),
        .. File.ReadAllLines("/proc/self/mounts").Where(mount => mount.Contains(_folder, StringComparison.Ordinal)),
        .. _processes.Where(process => process.IsAlive).Select(process => $"process {process}"),
    ];

    /// <summary>What is still there when the kernel has had its time: it clears namespaces away after their last process.</summary>
    public static async Task<string[]> RemainingAsync(Func<string[]> present)
    {
        using var limit = new CancellationTokenSource(Limit);
        while (present() is { Length: > 0 } && !limit.IsCancellationRequested)
        {
            await Task.Delay(20);
        }

        return present();
    }
}
