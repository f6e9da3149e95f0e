using System.Management.Automation;
using Maestro.Engine.Fabrics.Simulation;
using Maestro.Engine.Hosting;
using Maestro.Engine.Model.Sessions;
using Maestro.PowerShell.Hosting;

namespace Maestro.PowerShell.Cmdlets.Session;

/// <summary>Opens a session and makes it the default of this runspace.</summary>
[Cmdlet(VerbsCommunications.Connect, "Maestro", DefaultParameterSetName = "Lab")]
[OutputType(typeof(MaestroSession))]
public sealed class ConnectMaestroCommand : MaestroCommand
{
    /// <summary>Opens the built-in lab.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "Lab")]
    public SwitchParameter Lab { get; set; }

    /// <summary>The lab's seed: one seed and one script give one output.</summary>
    [Parameter(ParameterSetName = "Lab")]
    public int Seed { get; set; } = 1;

    /// <summary>Virtual seconds a real second; without it waits pass at once.</summary>
    [Parameter(ParameterSetName = "Lab")]
    [ValidateRange(0.001, 1_000_000.0)]
    public double? Speed { get; set; }

    /// <summary>A folder that keeps the lab's world between processes.</summary>
    [Parameter(ParameterSetName = "Lab")]
    public string? Path { get; set; }

    /// <summary>The session's name.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Name { get; set; }

    /// <summary>The store's file; else MAESTRO_STORE, else the user's state folder. A lab in memory keeps its journal in memory.</summary>
    [Parameter]
    public string? StorePath { get; set; }

    /// <summary>Refuses every change.</summary>
    [Parameter]
    public SwitchParameter ReadOnly { get; set; }

    private protected override void End()
    {
        var name = Name ?? "lab";
        var table = SessionTable.Current;
        // The same name again reconnects: what runs in the old session comes to rest first.
        if (table.Find(name) is { } before)
        {
            table.Remove(before);
            foreach (var id in Await(_ => SessionTable.CloseAsync(before))) WriteWarning($"Operation {id} was brought to rest. Resume-MaestroOperation {id} goes on.");
        }

        var options = new SessionOptions
        {
            Name = name,
            StorePath = StorePath is null ? null : GetUnresolvedProviderPathFromPSPath(StorePath),
            StoreEnvironment = Environment.GetEnvironmentVariable("MAESTRO_STORE"),
            ReadOnly = ReadOnly,
        };
        var engine = SessionFactory.OpenLab(options, new LabOptions { Seed = Seed, Speed = Speed, Path = Path is null ? null : GetUnresolvedProviderPathFromPSPath(Path) });
        var session = new OpenSession(name, engine);
        table.Add(session);
        // The first look fills the memory that completion answers from.
        Await(token => engine.ObserveAsync(pending: false, token));
        WriteObject(session.Describe(isDefault: true));
    }
}
