using System.Management.Automation.Runspaces;
using Maestro.PowerShell.Tests.Hosting;
using Shell = System.Management.Automation.PowerShell;

namespace Maestro.PowerShell.Tests.Runspaces;

/// <summary>A runspace with the carried module and a console in memory. Only PowerShell's core cmdlets are in it, as in Maestro.Shell.</summary>
internal sealed class ModuleRunspace : IDisposable
{
    private readonly Runspace _runspace;

    private ModuleRunspace(RenderingHost host, InitialSessionState state)
    {
        Host = host;
        _runspace = RunspaceFactory.CreateRunspace(host, state);
        _runspace.Open();
    }

    public RenderingHost Host { get; }

    public static ModuleRunspace Open(int width = 119, bool showsColour = false, Action<InitialSessionState>? prepare = null)
    {
        var state = InitialSessionState.CreateDefault2();
        state.ImportPSModule(CarriedModule.Manifest);
        prepare?.Invoke(state);
        var runspace = new ModuleRunspace(new RenderingHost(width, showsColour), state);
        runspace.Run("$ConfirmPreference = 'None'");
        return runspace;
    }

    /// <summary>Runs a script and answers what it wrote, and every error that it met, terminating or not.</summary>
    public ScriptOutcome Run(string script, params object[] arguments) => Invoke(script, show: false, arguments);

    /// <summary>Runs a script as a console does: what it writes is shown.</summary>
    public ScriptOutcome Show(string script, params object[] arguments) => Invoke(script, show: true, arguments);

    public void Dispose() => _runspace.Dispose();

    private ScriptOutcome Invoke(string script, bool show, object[] arguments)
    {
        using var shell = Shell.Create(_runspace);
        shell.AddScript(script, useLocalScope: false);
        foreach (var argument in arguments) shell.AddArgument(argument);
        if (show) shell.AddCommand("Out-Default");
        var output = new List<PSObject>();
        var errors = new List<ErrorRecord>();
        try
        {
            output.AddRange(shell.Invoke().Where(o => o is not null));
        }
        catch (RuntimeException failure)
        {
            errors.Add(failure.ErrorRecord);
        }

        errors.InsertRange(0, shell.Streams.Error);
        return new ScriptOutcome(output, errors);
    }
}

internal sealed record ScriptOutcome(IReadOnlyList<PSObject> Output, IReadOnlyList<ErrorRecord> Errors)
{
    /// <summary>The ids of the errors, without the class name that PowerShell appends.</summary>
    public IReadOnlyList<string> ErrorIds => [.. Errors.Select(e => e.FullyQualifiedErrorId.Split(',')[0])];

    public ScriptOutcome MustSucceed()
    {
        Assert.True(Errors.Count == 0, string.Join('\n', Errors.Select(e => $"{e.FullyQualifiedErrorId}: {e}")));
        return this;
    }
}
