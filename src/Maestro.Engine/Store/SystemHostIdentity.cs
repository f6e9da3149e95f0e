using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using Maestro.Engine.Operations.Leases;

namespace Maestro.Engine.Store;

/// <summary>Who this process is, and whether another of this machine still lives.</summary>
public sealed class SystemHostIdentity : IHostIdentity
{
    private const string ProcessTable = "/proc/self/stat";

    public LeaseOwner Self { get; } = Describe();

    /// <summary>Null for another machine or another pid namespace, and for a process that may not be looked at: there only the expiry can tell.</summary>
    public bool? IsAlive(LeaseOwner owner)
    {
        if (owner.MachineId != Self.MachineId) return null;
        if (owner.BootId != Self.BootId) return false;
        return File.Exists(ProcessTable) ? LivesInProcessTable(owner) : LivesBySystem(owner);
    }

    private static LeaseOwner Describe()
    {
        using var self = Process.GetCurrentProcess();
        return new LeaseOwner
        {
            MachineId = MachineId(),
            BootId = FirstLine("/proc/sys/kernel/random/boot_id") ?? UnixCalls.KernelText("kern.bootsessionuuid") ?? WindowsRegistry.BootNumber() ?? "",
            ProcessId = self.Id,
            ProcessStart = ReadStat(self.Id) is { } stat ? stat.Start : self.StartTime.ToUniversalTime().Ticks.ToString(CultureInfo.InvariantCulture),
            Host = Environment.MachineName,
            User = Environment.UserName,
        };
    }

    // A pid says nothing to a process of another pid namespace, so the namespace's name is part of where we are.
    private static string MachineId()
    {
        var machine = FirstLine("/etc/machine-id") is { } id && id != "uninitialized" ? id : WindowsRegistry.MachineGuid() ?? Environment.MachineName;
        return UnixCalls.ReadLink("/proc/self/ns/pid") is { } pidNamespace ? machine + "/" + pidNamespace : machine;
    }

    private static bool? LivesInProcessTable(LeaseOwner owner)
    {
        if (ReadStat(owner.ProcessId) is { } stat) return !stat.Dead && stat.Start == owner.ProcessStart;
        // Not to be read is not the same as gone: /proc may hide the processes of other users (mount option hidepid).
        return UnixCalls.MayExist(owner.ProcessId) ? null : false;
    }

    private static bool? LivesBySystem(LeaseOwner owner)
    {
        try
        {
            using var process = Process.GetProcessById(owner.ProcessId);
            return process.StartTime.ToUniversalTime().Ticks.ToString(CultureInfo.InvariantCulture) == owner.ProcessStart;
        }
        catch (Exception fault) when (fault is ArgumentException or InvalidOperationException)
        {
            return false;
        }
        catch (Win32Exception)
        {
            return null;
        }
    }

    // proc(5): the name stands in brackets and may hold blanks and brackets; the state is the first field after it, the start time the twentieth.
    private static (bool Dead, string Start)? ReadStat(int processId)
    {
        if (FirstLine($"/proc/{processId.ToString(CultureInfo.InvariantCulture)}/stat") is not { } line) return null;
        var fields = line.Substring(line.LastIndexOf(')') + 2).Split(' ');
        return fields.Length < 20 ? null : (fields[0] is "Z" or "X" or "x", fields[19]);
    }

    private static string? FirstLine(string path)
    {
        try
        {
            return File.Exists(path) && File.ReadLines(path).FirstOrDefault() is { Length: > 0 } line ? line : null;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
