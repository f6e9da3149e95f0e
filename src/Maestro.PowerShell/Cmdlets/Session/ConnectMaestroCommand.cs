using System.Management.Automation;
using Maestro.Engine.Fabrics.Simulation;
using Maestro.Engine.Hosting;
using Maestro.Engine.Model.Errors;
using Maestro.Engine.Model.Sessions;
using Maestro.Engine.Operations.Journal;
using Maestro.Engine.Synchronisation;
using Maestro.PowerShell.Binding;
using Maestro.PowerShell.Hosting;

namespace Maestro.PowerShell.Cmdlets.Session;

/// <summary>Opens a session and makes it the default of this runspace.</summary>
[Cmdlet(VerbsCommunications.Connect, "Maestro", DefaultParameterSetName = "Inventory")]
[OutputType(typeof(MaestroSession))]
public sealed class ConnectMaestroCommand : MaestroCommand
{
    private const int RememberedOperations = 50;

    private EngineHost? _opening;

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

    /// <summary>The inventory file of Linux hosts.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = "Inventory")]
    public string Inventory { get; set; } = "";

    /// <summary>User and password, for hosts without a key; the user is the inventory's.</summary>
    [Parameter(ParameterSetName = "Inventory")]
    [Credential]
    public PSCredential? Credential { get; set; }

    /// <summary>The private key, or env:NAME for a key that lies in an environment variable and on no disk.</summary>
    [Parameter(ParameterSetName = "Inventory")]
    public string? KeyPath { get; set; }

    /// <summary>The passphrase of the private key.</summary>
    [Parameter(ParameterSetName = "Inventory")]
    [Secret]
    public System.Security.SecureString? KeyPassphrase { get; set; }

    /// <summary>The file that vouches for host keys; ~/.ssh/known_hosts when absent.</summary>
    [Parameter(ParameterSetName = "Inventory")]
    public string? KnownHostsPath { get; set; }

    /// <summary>Host keys that you vouch for: SHA256:...</summary>
    [Parameter(ParameterSetName = "Inventory")]
    public string[] Fingerprint { get; set; } = [];

    /// <summary>Remembers the key that an unknown host shows first.</summary>
    [Parameter(ParameterSetName = "Inventory")]
    public SwitchParameter TrustOnFirstUse { get; set; }

    /// <summary>The session's name; the inventory's name, or lab, when absent.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Name { get; set; }

    /// <summary>The store's file; else MAESTRO_STORE, else the user's state folder. A lab in memory keeps its journal in memory.</summary>
    [Parameter]
    public string? StorePath { get; set; }

    /// <summary>Refuses every change.</summary>
    [Parameter]
    public SwitchParameter ReadOnly { get; set; }

    /// <summary>So many versions of a group's policy, and of its configuration, are kept; never fewer than what members hold or what is in doubt.</summary>
    [Parameter]
    [ValidateRange(1, 10_000)]
    public int VersionCount { get; set; } = new VersionRetention().Count;

    /// <summary>Versions older than this are not kept, either; without it age does not matter.</summary>
    [Parameter]
    [Duration]
    public TimeSpan? VersionAge { get; set; }

    /// <summary>How long the fabric may take to answer for the first time.</summary>
    [Parameter]
    [Duration]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(30);

    private protected override bool FailureEndsTheCall => true;

    private protected override IEnumerable<EngineHost> Engines => _opening is { } engine ? [engine] : base.Engines;

    private protected override void End()
    {
        var inventory = Lab ? "" : GetUnresolvedProviderPathFromPSPath(Inventory);
        var name = Name ?? (Lab ? "lab" : SessionFactory.NameOf(inventory));
        var table = SessionTable.Current;
        // The same name again reconnects: what runs in the old session comes to rest first.
        if (table.Find(name) is { } before)
        {
            table.Remove(before);
            foreach (var operation in Await(_ => SessionTable.CloseAsync(before))) WriteWarning(OperationWords.WhereItStands(operation));
        }

        var options = new SessionOptions
        {
            Name = name,
            StorePath = StorePath is null ? null : GetUnresolvedProviderPathFromPSPath(StorePath),
            StoreEnvironment = Environment.GetEnvironmentVariable("MAESTRO_STORE"),
            ReadOnly = ReadOnly,
            Retention = new VersionRetention { Count = VersionCount, Age = VersionAge },
            ScriptProbe = ScriptProbe.Run,
        };
        var engine = Lab
            ? SessionFactory.OpenLab(options, new LabOptions { Seed = Seed, Speed = Speed, Path = Path is null ? null : GetUnresolvedProviderPathFromPSPath(Path) })
            : SessionFactory.OpenInventory(options, Access(inventory));
        _opening = engine;
        try
        {
            Await(token => LookAroundAsync(engine, token));
        }
        catch
        {
            Await(async _ =>
            {
                await engine.DisposeAsync();
                return true;
            });
            throw;
        }

        var session = new OpenSession(name, engine);
        table.Add(session, Host);
        WriteObject(session.Describe(isDefault: true));
    }

    /// <summary>The first look: it shows that the fabric answers, and fills the memory that completion answers from.</summary>
    private async Task<bool> LookAroundAsync(EngineHost engine, CancellationToken stop)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(Timeout);
        try
        {
            await engine.ObserveAsync(pending: false, limit.Token);
            await engine.GetOperationsAsync(new OperationQuery { Newest = RememberedOperations });
            return true;
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            throw new MaestroException(ErrorCatalogue.TimedOut, $"'{engine.Traits.Endpoint}' did not answer within {Timeout:c}.", engine.Traits.Endpoint, "Raise -Timeout, or see whether it can be reached from here.");
        }
    }

    private InventoryOptions Access(string inventory)
    {
        const string Environment = "env:";
        // An easy slip, $env:MAESTRO_KEY for env:MAESTRO_KEY; as a path the key would stand in every error.
        if (KeyPath?.IndexOfAny(['\r', '\n']) >= 0 || KeyPath?.Contains("PRIVATE KEY") == true)
        {
            throw new MaestroException(ErrorCatalogue.ParameterInvalid, "-KeyPath was given a key, not the path of one. Nothing was sent.", "KeyPath", "Write -KeyPath env:NAME, without a dollar sign, for a key in an environment variable.");
        }

        var fromEnvironment = KeyPath?.StartsWith(Environment, StringComparison.OrdinalIgnoreCase) == true;
        var keyText = fromEnvironment ? System.Environment.GetEnvironmentVariable(KeyPath!.Substring(Environment.Length)) : null;
        if (fromEnvironment && string.IsNullOrEmpty(keyText))
        {
            throw new MaestroException(ErrorCatalogue.ParameterInvalid, $"The environment variable of -KeyPath {KeyPath} is empty.", KeyPath);
        }

        var home = System.Environment.GetFolderPath(System.Environment.SpecialFolder.UserProfile);
        return new InventoryOptions
        {
            Path = inventory,
            KeyPath = KeyPath is null || fromEnvironment ? "" : GetUnresolvedProviderPathFromPSPath(KeyPath),
            KeyText = keyText,
            KeyPassphrase = KeyPassphrase,
            Password = Credential?.GetNetworkCredential(),
            KnownHostsPath = KnownHostsPath is null ? System.IO.Path.Combine(home, ".ssh", "known_hosts") : GetUnresolvedProviderPathFromPSPath(KnownHostsPath),
            Fingerprints = Fingerprint,
            TrustOnFirstUse = TrustOnFirstUse,
        };
    }
}
