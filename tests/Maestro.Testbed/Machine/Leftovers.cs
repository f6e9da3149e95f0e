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
        ControlGroups.RemoveOf(path);
        try
        {
            Directory.Delete(path, recursive: true);
        }
        catch (DirectoryNotFoundException)
        {
            // The bed's supervisor was faster.
        }
    }

    private static bool IsAbandoned(string path) =>
        Read(path, "owner").Split(' ') is [var owner, var numbering] && numbering == ProcessIdentity.Namespace && ProcessIdentity.Parse(owner) is { IsAlive: false };

    private static void EndSupervisor(string path)
    {
        if (ProcessIdentity.Parse(Read(path, "supervisor")) is { IsAlive: true } supervisor)
        {
            LinuxCalls.Signal(supervisor.Id, LinuxCalls.SignalKill);
        }
    }

    private static string Read(string path, string name)
    {
        try
        {
            return File.ReadAllText(Path.Combine(path, name));
        }
        catch (IOException)
        {
            // Not written yet, or removed this moment: somebody is at work there.
            return string.Empty;
        }
    }
}
