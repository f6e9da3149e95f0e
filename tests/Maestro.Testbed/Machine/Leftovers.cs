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

    private static bool IsAbandoned(string path) => ReadIdentity(path, "owner") is { IsAlive: false };

    private static void EndSupervisor(string path)
    {
        if (ReadIdentity(path, "supervisor") is { IsAlive: true } supervisor)
        {
            LinuxKernel.Signal(supervisor.Id, LinuxKernel.SignalKill);
        }
    }

    private static ProcessIdentity? ReadIdentity(string path, string name)
    {
        try
        {
            return ProcessIdentity.Parse(File.ReadAllText(Path.Combine(path, name)));
        }
        catch (IOException)
        {
            // Not written yet, or removed this moment: somebody is at work there.
            return null;
        }
    }
}
