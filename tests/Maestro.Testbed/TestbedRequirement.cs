using System.Diagnostics;
using Xunit;

namespace Maestro.Testbeds;

/// <summary>The one place that decides whether a test that needs real gateways runs, is skipped, or fails.</summary>
public static class TestbedRequirement
{
    private static readonly string[] Tools =
        ["/bin/bash", "/usr/sbin/sshd", "ssh", "ssh-keygen", "ip", "nft", "sudo", "unshare", "nsenter", "setsid", "mount", "pivot_root"];

    private const string Trial = """
        set -e
        exec >/dev/null
        mount -t tmpfs trial /mnt
        mkdir /mnt/upper /mnt/work /mnt/merged
        mount -t overlay trial -o lowerdir=/,upperdir=/mnt/upper,workdir=/mnt/work /mnt/merged
        ip link add trial type bridge
        ip link add one type veth peer name two
        nft add table bridge trial
        nft add table inet trial
        """;

    private static readonly string[] SystemdTools = ["/lib/systemd/systemd", "/lib/systemd/systemd-networkd", "systemctl", "systemd-run", "networkctl", "dbus-daemon", "ifup"];

    private const string SystemdTrial = """
        set -e
        exec >/dev/null
        mount -t cgroup2 trial /mnt
        group=$(mktemp -d /mnt/maestro-testbed-trial-XXXXXX)
        trap 'rmdir "$group"' EXIT
        (echo 0 >"$group/cgroup.procs" && unshare --cgroup true)
        """;

    private static readonly Lazy<string?> KeepalivedReason = new(() => Reason!.Value ?? (FullPath("keepalived") is null ? "missing keepalived (Debian: apt-get install keepalived)" : null));
    private static readonly Lazy<string?> Reason = new(Find);
    private static readonly Lazy<string?> SystemdReason = new(() => Reason.Value ?? FindSystemd());

    /// <summary>Why no testbed can run on this machine; null when one can.</summary>
    public static string? Unavailable => Reason.Value;

    /// <summary>Why no testbed whose gateways have systemd can run on this machine; null when one can.</summary>
    public static string? UnavailableWithSystemd => SystemdReason.Value;

    /// <summary>Why no testbed whose orchestrators share addresses can run on this machine; null when one can.</summary>
    public static string? UnavailableWithKeepalived => KeepalivedReason.Value;

    /// <summary>True when the environment says MAESTRO_REQUIRE_TESTBED=1: then a test that lacks a testbed fails and is not skipped.</summary>
    public static bool IsRequired => Environment.GetEnvironmentVariable("MAESTRO_REQUIRE_TESTBED") == "1";

    /// <summary>The reason with which a test is to be skipped; null when it must run (and fails if there is no testbed).</summary>
    public static string? SkipReason => SkipReasonFor(Unavailable, IsRequired);

    /// <summary>As <see cref="SkipReason"/>, for tests on gateways with systemd.</summary>
    public static string? SystemdSkipReason => SkipReasonFor(UnavailableWithSystemd, IsRequired);

    /// <summary>As <see cref="SkipReason"/>, for tests on orchestrators that share addresses.</summary>
    public static string? KeepalivedSkipReason => SkipReasonFor(UnavailableWithKeepalived, IsRequired);

    /// <summary>Skips the running <c>SkippableFact</c> when no testbed can run here.</summary>
    public static void SkipIfUnavailable() => Skip.If(SkipReason is not null, SkipReason);

    internal static string? SkipReasonFor(string? unavailable, bool isRequired) =>
        isRequired || unavailable is null ? null : $"Needs real gateways: {unavailable}";

    private static string? Find()
    {
        if (!OperatingSystem.IsLinux())
        {
            return "it takes Linux";
        }

        if (!Environment.IsPrivilegedProcess)
        {
            return "it takes root";
        }

        var missing = Tools.Where(tool => FullPath(tool) is null).ToArray();
        if (missing.Length > 0)
        {
            return $"missing {string.Join(", ", missing)} (Debian: apt-get install openssh-server openssh-client nftables iproute2 sudo util-linux)";
        }

        return Try(Trial);
    }

    private static string? FindSystemd()
    {
        var missing = SystemdTools.Where(tool => FullPath(tool) is null).ToArray();
        return missing.Length > 0 ? $"missing {string.Join(", ", missing)} (Debian: apt-get install systemd dbus ifupdown)" : Try(SystemdTrial);
    }

    /// <summary>Root in a container has the name and not always the rights, and a kernel may lack a part: only trying tells.</summary>
    private static string? Try(string script)
    {
        using var trial = Process.Start(Machine.SystemCommand.Prepare("unshare", ["--mount", "--uts", "--ipc", "--pid", "--net", "--fork", "/bin/sh", "-c", script]))!;
        trial.StandardInput.Close();
        var error = trial.StandardError.ReadToEnd();
        trial.WaitForExit();
        return trial.ExitCode == 0 ? null : $"the kernel refuses a part of it: {error.Trim().Split('\n')[0]}";
    }

    private static string? FullPath(string tool) => tool.StartsWith('/')
        ? File.Exists(tool) ? tool : null
        : Machine.SystemCommand.SearchPath.Split(':').Select(folder => Path.Combine(folder, tool)).FirstOrDefault(File.Exists);
}
