using System.Management.Automation;
using System.Management.Automation.Runspaces;
using Maestro.PowerShell.Tests.Hosting;
using Shell = System.Management.Automation.PowerShell;

namespace Maestro.PowerShell.Tests.Cmdlets;

/// <summary>
/// A console with the shipped module and a session in it. The engine lives in its private load context, so tests see what a user sees:
/// objects, errors, the streams, and for a kept lab its files.
/// </summary>
internal sealed class LabConsole : IDisposable
{
    public const string Lab = "Connect-Maestro -Lab";

    private readonly Runspace _runspace;

    private LabConsole(ScriptedHost host)
    {
        Host = host;
        var state = InitialSessionState.CreateDefault2();
        state.ImportPSModule(CarriedModule.Manifest);
        state.Commands.Add(new SessionStateCmdletEntry("Select-First", typeof(SelectFirstCommand), null));
        _runspace = RunspaceFactory.CreateRunspace(host, state);
        _runspace.Open();
    }

    public ScriptedHost Host { get; }

    /// <param name="connect">What is run first; empty for a console without a session.</param>
    public static LabConsole Open(string connect = Lab, ScriptedHost? host = null)
    {
        var console = new LabConsole(host ?? new ScriptedHost());
        if (connect.Length > 0) console.Run(connect).MustSucceed();
        return console;
    }

    /// <summary>A console with group dmz: so many gateways of site 1.</summary>
    public static LabConsole WithGroup(int members = 4, string connect = Lab)
    {
        var console = Open(connect);
        console.Run($"(Get-Gateway -Unassigned -Site 1)[0..{members - 1}] | New-SecurityGroup dmz").MustSucceed();
        return console;
    }

    public Outcome Run(string script, params object[] arguments)
    {
        using var running = Start(script, arguments);
        return running.Completion.GetAwaiter().GetResult();
    }

    /// <summary>Runs a call that must end the script: the error that it threw.</summary>
    public Outcome MustEnd(string script, params object[] arguments)
    {
        var outcome = Run($"try {{ {script} }} catch {{ $_ }}", arguments);
        Assert.Empty(outcome.Errors);
        var thrown = Assert.IsType<ErrorRecord>(Assert.Single(outcome.Output).BaseObject);
        return outcome with { Output = [], Errors = [thrown] };
    }

    /// <summary>Runs a script that a test wants to stop.</summary>
    public RunningScript Start(string script, params object[] arguments)
    {
        var shell = Shell.Create(_runspace);
        shell.AddScript(script, useLocalScope: false);
        foreach (var argument in arguments) shell.AddArgument(argument);
        return new RunningScript(shell, Host);
    }

    public void Dispose() => _runspace.Dispose();
}

/// <summary>Cuts its upstream off, as Select-Object -First 1 does: by the same exception, which PowerShell keeps to itself.</summary>
[Cmdlet(VerbsCommon.Select, "First")]
internal sealed class SelectFirstCommand : Cmdlet
{
    private static readonly Type CutOff = typeof(PSObject).Assembly.GetType("System.Management.Automation.StopUpstreamCommandsException", throwOnError: true)!;

    [Parameter(ValueFromPipeline = true)]
    public PSObject InputObject { get; set; } = null!;

    protected override void ProcessRecord()
    {
        WriteObject(InputObject);
        throw (Exception)Activator.CreateInstance(CutOff, this)!;
    }
}
