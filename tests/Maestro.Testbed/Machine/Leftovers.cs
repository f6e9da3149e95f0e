namespace Maestro.Testbeds.Machine;

/// <summary>Finds and removes beds whose owner is dead and which could not remove themselves.</summary>
internal static class Leftovers
{
    public static IReadOnlyList<string> Sweep(string directory)
    {
        var removed = new List<string>();
        foreach (var path in Directory.EnumerateDirectories(directory, BedDirectory.Prefix + "*"))
        {
            if (IsAbandoned(path))
            {
                EndSupervisor(path);
                Remove(path);
                removed.Add(path);
            }
        }

        return removed;
    }

    /// <summary>Removes a bed's folder. Nothing is mounted there in this process's view: mounts are the bed's own.</summary>
    public static void Remove(string path)
    {
        try
        {
            Directory.Delete(path, recursive: true);
        }
        catch (DirectoryNotFoundException)
        {
            // The bed's supervisor was faster.
        }
    }

    private static bool IsAbandoned(string path)
    {
        try
        {
            var owner = ProcessIdentity.Parse(File.ReadAllText(Path.Combine(path, "owner")));
            return owner is { IsAlive: false };
        }
        catch (IOException)
        {
            // Not written yet, or removed this moment: somebody is at work there.
            return false;
        }
    }

    private static void EndSupervisor(string path)
    {
        foreach (var process in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(process), out var id) && IsSupervisorOf(id, path))
            {
                LinuxKernel.Signal(id, LinuxKernel.SignalKill);
            }
        }
    }

    private static bool IsSupervisorOf(int processId, string path)
    {
        try
        {
            var arguments = File.ReadAllText($"/proc/{processId}/cmdline").Split('\0');
            return arguments.Contains($"{path}/supervisor.sh");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
