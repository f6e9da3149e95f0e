using System.Management.Automation.Runspaces;

namespace Maestro.PowerShell.Hosting;

/// <summary>What has to come to rest before the module leaves a runspace.</summary>
internal static class ModuleRemoval
{
    private static readonly object Lock = new();
    private static readonly List<Action<Runspace?>> Callbacks = [];

    /// <summary>Adds work to do when the module is removed, until the returned handle is disposed.</summary>
    /// <param name="bringToRest">Gets the runspace that the module leaves, runs on its pipeline thread, and may block for the stated grace. Must not throw.</param>
    public static IDisposable Register(Action<Runspace?> bringToRest)
    {
        lock (Lock)
        {
            Callbacks.Add(bringToRest);
        }

        return new Registration(bringToRest);
    }

    internal static void BringToRest(Runspace? runspace)
    {
        Action<Runspace?>[] callbacks;
        lock (Lock)
        {
            callbacks = [.. Callbacks];
        }

        foreach (var callback in callbacks)
        {
            callback(runspace);
        }
    }

    private sealed class Registration(Action<Runspace?> callback) : IDisposable
    {
        public void Dispose()
        {
            lock (Lock)
            {
                Callbacks.Remove(callback);
            }
        }
    }
}
