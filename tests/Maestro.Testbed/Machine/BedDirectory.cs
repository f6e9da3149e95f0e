using System.Globalization;

namespace Maestro.Testbeds.Machine;

/// <summary>The one folder that a bed has on the machine. It goes with the bed.</summary>
internal sealed class BedDirectory
{
    public const string Prefix = "maestro-testbed-";
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const UnixFileMode Public = Private | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    private BedDirectory(string path) => Path = path;

    public string Path { get; }

    public string SupervisorScript => At("supervisor.sh");

    public string HostScript => At("host.sh");

    public string Key => At("id_ed25519");

    public string KnownHosts => At("known_hosts");

    /// <summary>
    /// The layer under every host's disk, over the machine's own files: accounts, sshd's and sudo's settings. A file system of its own, for the kernel
    /// refuses a layer that lies inside another.
    /// </summary>
    public string CommonLayer => At("disks/common");

    /// <summary>The mount point of each host's root, the same in the mount namespace of each.</summary>
    public string Root => At("merged");

    public string ClientNamespace => At("ns/client");

    public string ServerNamespace => At("ns/server");

    public static BedDirectory Create(TestbedOptions options, IEnumerable<string> hosts)
    {
        var path = System.IO.Path.Combine(System.IO.Path.GetFullPath(options.Directory), Prefix + System.IO.Path.GetRandomFileName().Replace(".", string.Empty, StringComparison.Ordinal)[..8]);
        Directory.CreateDirectory(path, Private);
        var bed = new BedDirectory(path);
        // First of all, so that a later bed's sweep knows whose folder this is.
        File.WriteAllText(bed.At("owner"), $"{ProcessIdentity.Of(Environment.ProcessId)} {ProcessIdentity.Namespace}");
        foreach (var folder in (string[])["jobs", "ns", "disks", "disks/common", "merged", "hosts"])
        {
            MakePublic(bed.At(folder));
        }

        foreach (var script in (string[])["supervisor.sh", "host.sh", "systemd.sh"])
        {
            using var source = typeof(BedDirectory).Assembly.GetManifestResourceStream(script) ?? throw new TestbedException($"{script} is not in the assembly.");
            using var target = File.Create(bed.At(script));
            source.CopyTo(target);
        }

        // The supervisor reads it, and whoever cleans up after one that was killed.
        if (options.Systemd) File.WriteAllText(bed.At(ControlGroups.Mark), string.Empty);
        var disks = hosts.Select(host =>
        {
            Directory.CreateDirectory(bed.Host(host));
            Directory.CreateDirectory(bed.Disk(host));
            return string.Create(CultureInfo.InvariantCulture, $"tmpfs {bed.Disk(host)} tmpfs size={options.DiskMebibytes}m,mode=755 0 0\n");
        });
        File.WriteAllText(bed.At("disks.fstab"), string.Concat(disks.Prepend($"tmpfs {bed.CommonLayer} tmpfs size=8m,mode=755 0 0\n")));
        return bed;
    }

    public static void MakePublic(string folder)
    {
        Directory.CreateDirectory(folder);
        // Whatever the umask of the process says: strangers to root live in the hosts too.
        File.SetUnixFileMode(folder, Public);
    }

    public string Host(string id) => At($"hosts/{id}");

    public string HostFile(string id, string name) => At($"hosts/{id}/{name}");

    /// <summary>A host's disk: what it wrote over the layers below, in folder upper.</summary>
    public string Disk(string id) => At($"disks/{id}");

    /// <summary>The control group of a host with systemd, as the bed's own namespaces see it.</summary>
    public string ControlGroup(string id) => At($"cgroup/{System.IO.Path.GetFileName(Path)}/{id}");

    public string JobScript(int number) => At(string.Create(CultureInfo.InvariantCulture, $"jobs/{number}.sh"));

    public string JobOutput(int number) => At(string.Create(CultureInfo.InvariantCulture, $"jobs/{number}.out"));

    private string At(string name) => $"{Path}/{name}";
}
