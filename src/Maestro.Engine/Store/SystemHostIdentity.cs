using System.Diagnostics;
using System.Globalization;
using Maestro.Engine.Operations.Leases;

namespace Maestro.Engine.Store;

/// <summary>Who this process is, and whether another of this machine still lives.</summary>
public sealed class SystemHostIdentity : IHostIdentity
{
    public LeaseOwner Self { get; } = Describe();

    /// <summary>Null for another machine or another pid namespace: there only the expiry can tell.</summary>
    public bool? IsAlive(LeaseOwner owner)
    {
        if (owner.MachineId != Self.MachineId) return null;
        if (owner.BootId != Self.BootId) return false;
        return ProcessStart(owner.ProcessId) == owner.ProcessStart;
    }

    private static LeaseOwner Describe()
    {
        using var self = Process.GetCurrentProcess();
        return new LeaseOwner
        {
            MachineId = MachineId() + PidNamespace(),
            BootId = FirstLine("/proc/sys/kernel/random/boot_id") ?? BootTime(),
            ProcessId = self.Id,
            ProcessStart = ProcessStart(self.Id) ?? "",
            Host = Environment.MachineName,
            User = Environment.UserName,
        };
    }

    private static string MachineId() => FirstLine("/etc/machine-id") ?? Environment.MachineName;

    // A pid says nothing to a process of another pid namespace, so its name is part of where we are.
    private static string PidNamespace()
    {
        if (!File.Exists("/proc/self/stat")) return "";
        var field = FirstLine("/proc/self/status") is null ? null : File.ReadLines("/proc/self/status").FirstOrDefault(l => l.StartsWith("NSpid:", StringComparison.Ordinal));
        var depth = field?.Split(['\t', ' '], StringSplitOptions.RemoveEmptyEntries).Length - 1 ?? 1;
        return depth > 1 ? "/" + (FirstLine("/proc/self/cgroup") ?? "nested") : "";
    }

    private static string? ProcessStart(int processId)
    {
        if (File.Exists("/proc/self/stat"))
        {
            var stat = FirstLine($"/proc/{processId.ToString(CultureInfo.InvariantCulture)}/stat");
            if (stat is null) return null;
            // The name stands in brackets and may hold blanks; state is the first field after it, the start time the twentieth.
            var fields = stat.Substring(stat.LastIndexOf(')') + 2).Split(' ');
            return fields[0] is "Z" or "X" ? null : fields[19];
        }

        try
        {
            using var process = Process.GetProcessById(processId);
            return process.StartTime.ToUniversalTime().Ticks.ToString(CultureInfo.InvariantCulture);
        }
        catch (Exception fault) when (fault is ArgumentException or InvalidOperationException)
        {
            return null;
        }
    }

    // Where the system has no boot id: the moment of the boot, coarse enough to be the same for every process.
    private static string BootTime()
    {
        var up = TimeSpan.FromSeconds(Stopwatch.GetTimestamp() / (double)Stopwatch.Frequency);
        var boot = DateTime.UtcNow - up;
        return (boot.Ticks / TimeSpan.FromMinutes(10).Ticks).ToString(CultureInfo.InvariantCulture);
    }

    private static string? FirstLine(string path)
    {
        try
        {
            return File.Exists(path) ? File.ReadLines(path).FirstOrDefault() : null;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
