using System.Management.Automation.Host;
using System.Management.Automation.Runspaces;
using System.Runtime.CompilerServices;
using Maestro.Engine.Model.Errors;
using Maestro.Engine.Model.Operations;

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
    private PSHost? _host;

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

    /// <summary>Adds a session and makes it the default. The host's voice says what became of running work when the runspace goes.</summary>
    public void Add(OpenSession session, PSHost host)
    {
        lock (_gate)
        {
            _host = host;
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

    /// <summary>Brings a session's running work to rest, within the grace, and closes it. Answers what was running, as it stands now.</summary>
    public static async Task<IReadOnlyList<MaestroOperation>> CloseAsync(OpenSession session)
    {
        var rested = new List<MaestroOperation>();
        foreach (var id in await session.Engine.RestAsync(Grace)) rested.Add(await session.Engine.GetOperationAsync(id));
        await session.Engine.DisposeAsync();
        return rested;
    }

    /// <summary>Closes all sessions, blocking; for the end of a runspace, of the module or of the process.</summary>
    private void CloseAll()
    {
        foreach (var session in Sessions)
        {
            Remove(session);
            // Off this thread: it may carry a synchronisation context that nobody pumps any more.
            foreach (var operation in Task.Run(() => CloseAsync(session)).GetAwaiter().GetResult()) Say(OperationWords.WhereItStands(operation));
        }
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
                    if (leaving is not null && Tables.TryGetValue(leaving, out var itsTable)) itsTable.CloseAll();
                });
            }
        }

        runspace.StateChanged += (_, change) =>
        {
            if (change.RunspaceStateInfo.State is RunspaceState.Closing or RunspaceState.Closed or RunspaceState.Broken) table.CloseAll();
        };
        return table;
    }

    private static void CloseEverything()
    {
        List<SessionTable> tables;
        lock (All) tables = [.. All.Select(w => w.TryGetTarget(out var t) ? t : null).Where(t => t is not null).Select(t => t!)];
        foreach (var table in tables) table.CloseAll();
    }

    // No pipeline is left to take a warning record; the host may still have a voice, else the process's error stream has.
    private void Say(string words)
    {
        try
        {
            if (_host?.UI is { } ui)
            {
                ui.WriteWarningLine(words);
                return;
            }
        }
        catch (Exception)
        {
            // A host that is going away may throw anything.
        }

        Console.Error.WriteLine("WARNING: " + words);
    }
}
