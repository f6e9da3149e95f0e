using System.Diagnostics;

namespace Maestro.Testbeds.Machine;

/// <summary>The control groups of a bed's hosts with systemd: what the kernel does not take away by itself when their processes end.</summary>
internal static class ControlGroups
{
    /// <summary>The file in a bed's folder that says it has some.</summary>
    public const string Mark = "systemd";

    private const string Removal = """
        mount -t cgroup2 cgroup2 /mnt || exit 1
        tries=0
        while [ -d "/mnt/$1" ] && [ "$tries" -lt 250 ]; do
            find "/mnt/$1" -depth -type d -exec rmdir {} + 2>/dev/null || sleep 0.02
            tries=$((tries + 1))
        done
        """;

    /// <summary>Removes those of a bed whose processes are dead or dying.</summary>
    public static void RemoveOf(string bed)
    {
        if (!File.Exists(Path.Combine(bed, Mark))) return;
        // Wherever the machine has them mounted, if anywhere.
        using var removal = Process.Start(SystemCommand.Prepare("unshare", ["--mount", "/bin/sh", "-c", Removal, "removal", Path.GetFileName(bed)]))!;
        removal.StandardInput.Close();
        removal.WaitForExit();
    }
}
