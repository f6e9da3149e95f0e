using System.Management.Automation.Runspaces;
using System.Runtime.CompilerServices;
using Maestro.Engine.Model.Errors;

namespace Maestro.PowerShell.Hosting;

/// <summary>The open sessions of one runspace, and which of them is the default.</summary>
internal sealed class SessionTable
{
    /// <summary>How long running work gets to come to rest when its session goes.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromSeconds(30);

    private static readonly ConditionalWeakTable<Runspace, SessionTable> Tables = new();
    private static readonly List<WeakReference<SessionTable>> All = [];
    private static bool _hooked;

    private readonly object _gate = new();
    private readonly List<OpenSession> _sessions = [];
    private string _default = "";

    public IReadOnlyList<OpenSession> Sessions
    {
        get
        {
            lock (_gate) return [.. _sessions];
        }
    }

    public OpenSession? Default
    {
        get
        {
            lock (_gate) return _sessions.FirstOrDefault(s => s.Name == _default);
        }
    }

    /// <summary>The table of the runspace that this thread runs in; an empty one where there is none.</summary>
    public static SessionTable Current => Runspace.DefaultRunspace is { } runspace ? Tables.GetValue(runspace, Create) : new SessionTable();

    public OpenSession? Find(string name)
    {
        lock (_gate) return _sessions.FirstOrDefault(s => string.Equals(s.Name, name, StringComparison.OrdinalIgnoreCase));
    }

    /// <exception cref="MaestroException"><c>SessionNotFound</c>, <c>NotConnected</c>.</exception>
    public OpenSession Require(string? name)
    {
        if (string.IsNullOrEmpty(name)) return Default ?? throw new MaestroException(ErrorCatalogue.NotConnected, "There is no open session here. Nothing was sent.", "session");
        return Find(name!) ?? throw new MaestroException(ErrorCatalogue.SessionNotFound, $"There is no open session '{name}' here.", name);
    }

    public void Add(OpenSession session)
    {
        lock (_gate)
        {
            _sessions.Add(session);
            _default = session.Name;
        }
    }

    /// <summary>Takes a session out; the caller closes it.</summary>
    public void Remove(OpenSession session)
    {
        lock (_gate)
        {
            _sessions.Remove(session);
            if (_default == session.Name) _default = _sessions.LastOrDefault()?.Name ?? "";
        }
    }

    /// <summary>Brings a session's running work to rest, within the grace, and closes it. Answers the ids of what was running.</summary>
    public static async Task<IReadOnlyList<string>> CloseAsync(OpenSession session)
    {
        var resting = await session.Engine.RestAsync(Grace);
        await session.Engine.DisposeAsync();
        return resting;
    }

    /// <summary>Closes all sessions, blocking; for the end of a runspace, of the module or of the process.</summary>
    public IReadOnlyList<(OpenSession Session, string Operation)> CloseAll()
    {
        var rested = new List<(OpenSession, string)>();
        foreach (var session in Sessions)
        {
            Remove(session);
            // Off this thread: it may carry a synchronisation context that nobody pumps any more.
            rested.AddRange(Task.Run(() => CloseAsync(session)).GetAwaiter().GetResult().Select(id => (session, id)));
        }

        return rested;
    }

    private static SessionTable Create(Runspace runspace)
    {
        var table = new SessionTable();
        lock (All)
        {
            All.RemoveAll(w => !w.TryGetTarget(out _));
            All.Add(new WeakReference<SessionTable>(table));
            if (!_hooked)
            {
                _hooked = true;
                AppDomain.CurrentDomain.ProcessExit += (_, _) => CloseEverything();
                ModuleRemoval.Register(leaving =>
                {
                    if (leaving is not null && Tables.TryGetValue(leaving, out var itsTable)) Say(itsTable.CloseAll());
                });
            }
        }

        runspace.StateChanged += (_, change) =>
        {
            if (change.RunspaceStateInfo.State is RunspaceState.Closing or RunspaceState.Closed or RunspaceState.Broken) Say(table.CloseAll());
        };
        return table;
    }

    private static void CloseEverything()
    {
        List<SessionTable> tables;
        lock (All) tables = [.. All.Select(w => w.TryGetTarget(out var t) ? t : null).Where(t => t is not null).Select(t => t!)];
        foreach (var table in tables) Say(table.CloseAll());
    }

    // Nobody is left to take a warning record; the error stream of the process is what remains.
    private static void Say(IReadOnlyList<(OpenSession Session, string Operation)> rested)
    {
        foreach (var (session, operation) in rested)
        {
            System.Console.Error.WriteLine($"WARNING: Operation {operation} on '{session.Name}' was brought to rest. Resume-MaestroOperation {operation} goes on.");
        }
    }
}
