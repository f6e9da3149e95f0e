using System.Management.Automation.Runspaces;
using System.Runtime.CompilerServices;

namespace Maestro.PowerShell.Hosting;

/// <summary>What has to come to rest before the module leaves a runspace: by Remove-Module, or because the runspace closes.</summary>
/// <remarks>PowerShell calls a module's cleanup only for Remove-Module; a runspace that closes tells nobody but those who watch its state.</remarks>
internal static class ModuleRemoval
{
    private static readonly object Lock = new();
    private static readonly List<Action<Runspace?>> Callbacks = [];
    private static readonly ConditionalWeakTable<Runspace, object> Watched = new();

    /// <summary>Adds work to do when the module leaves a runspace, until the returned handle is disposed.</summary>
    /// <param name="bringToRest">
    /// Gets the runspace that is left, and may block for the stated grace. It may be called twice for one runspace, must not
    /// throw, and must leave what belongs to other runspaces alone.
    /// </param>
    public static IDisposable Register(Action<Runspace?> bringToRest)
    {
        lock (Lock)
        {
            Callbacks.Add(bringToRest);
        }

        return new Registration(bringToRest);
    }

    /// <summary>Brings to rest before the runspace closes; the closing waits for it.</summary>
    internal static void WatchClosing(Runspace? runspace)
    {
        lock (Lock)
        {
            if (runspace is null || Watched.TryGetValue(runspace, out _))
            {
                return;
            }

            Watched.Add(runspace, Lock);
        }

        runspace.StateChanged += (_, change) =>
        {
            if (change.RunspaceStateInfo.State is RunspaceState.Closing or RunspaceState.Broken)
            {
                BringToRest(runspace);
            }
        };
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
