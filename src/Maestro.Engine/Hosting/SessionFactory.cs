using System.Globalization;
using Maestro.Engine.Fabrics;
using Maestro.Engine.Fabrics.Linux;
using Maestro.Engine.Fabrics.Linux.Inventory;
using Maestro.Engine.Fabrics.Linux.Ssh;
using Maestro.Engine.Fabrics.Simulation;
using Maestro.Engine.Operations.Leases;
using Maestro.Engine.Store;

namespace Maestro.Engine.Hosting;

/// <summary>What every kind of session is opened with.</summary>
public record SessionOptions
{
    public required string Name { get; init; }

    /// <summary>The store's file; null for the default place, which for a lab in memory is memory.</summary>
    public string? StorePath { get; init; }

    /// <summary>The value of MAESTRO_STORE.</summary>
    public string? StoreEnvironment { get; init; }

    public bool ReadOnly { get; init; }

    /// <summary>How long versions of policies and configurations are kept in the store and on members.</summary>
    public Synchronisation.VersionRetention Retention { get; init; } = new();

    /// <summary>Runs the script of a probe in a runspace of its own: null when it is content, else what was seen. It must end by itself. Null where nothing runs PowerShell.</summary>
    public Func<string, string?>? ScriptProbe { get; init; }
}

/// <summary>How the hosts of an inventory are reached.</summary>
public sealed record InventoryOptions
{
    public required string Path { get; init; }

    /// <summary>The private key for hosts that name none, and the second choice for those that do.</summary>
    public string KeyPath { get; init; } = "";

    /// <summary>The private key itself, where it must not lie on a disk.</summary>
    public string? KeyText { get; init; }

    public System.Security.SecureString? KeyPassphrase { get; init; }

    public System.Net.NetworkCredential? Password { get; init; }

    /// <summary>The file that vouches for host keys.</summary>
    public string KnownHostsPath { get; init; } = "";

    /// <summary>Host keys that the caller vouches for, as <c>SHA256:...</c>.</summary>
    public IReadOnlyList<string> Fingerprints { get; init; } = [];

    /// <summary>Remembers the key that an unknown host shows first.</summary>
    public bool TrustOnFirstUse { get; init; }

    // The members of a record are printed by default, and some of these are secrets.
    public override string ToString() => $"{nameof(InventoryOptions)} {Path}";
}

/// <summary>Composes engines.</summary>
public static class SessionFactory
{
    /// <summary>The name of the session that an inventory makes when none is given.</summary>
    /// <exception cref="Model.Errors.MaestroException"><c>InventoryInvalid</c>.</exception>
    public static string NameOf(string inventoryPath) => InventoryReader.Load(inventoryPath).Name;

    /// <summary>Opens a session on the Linux hosts of an inventory. Nothing is connected yet: the first question does that.</summary>
    /// <exception cref="Model.Errors.MaestroException"><c>InventoryInvalid</c>, <c>StoreUnavailable</c> and the store's others.</exception>
    public static EngineHost OpenInventory(SessionOptions session, InventoryOptions options) =>
        OpenInventory(session, options, new SystemHostIdentity(), decorate: null);

    internal static EngineHost OpenInventory(SessionOptions session, InventoryOptions options, IHostIdentity identity, Func<IGatewayTransport, IGatewayTransport>? decorate, Func<IStore, IStore>? decorateStore = null)
    {
        var inventory = InventoryReader.Load(options.Path);
        var scheduler = new ThreadPoolScheduler();
        var credentials = new SshCredentials
        {
            KeyPath = options.KeyPath,
            KeyText = options.KeyText,
            KeyPassphrase = options.KeyPassphrase,
            Password = options.Password,
            DefaultKeyFolder = Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".ssh"),
        };
        var wire = new WireFeed();
        var ssh = new SshTransport(credentials, new HostKeyVerifier(options.KnownHostsPath, options.Fingerprints, options.TrustOnFirstUse), new SshTransportOptions
        {
            Time = scheduler.Time,
            Trace = happened =>
            {
                if (wire.IsHeard) wire.Say(happened.Line);
            },
        });
        var transport = decorate is null ? ssh : decorate(ssh);
        IStore store = SqliteStore.Open(new SqliteStoreOptions
        {
            Path = StoreLocation.Resolve(session.StorePath, session.StoreEnvironment, session.Name),
            Time = scheduler.Time,
            Identity = identity,
        });
        if (decorateStore is not null) store = decorateStore(store);
        var seed = System.BitConverter.ToUInt64(Seed(), 0);
        return new EngineHost(new EngineParts
        {
            Fabric = new LinuxFabric(inventory, transport, store, identity, scheduler.Time, session.ScriptProbe, ssh),
            Store = store,
            Identity = identity,
            Scheduler = scheduler,
            Random = new SeededRandom(seed),
            Session = session.Name,
            Wire = wire,
            ReadOnly = session.ReadOnly,
            Retention = session.Retention,
        });
    }

    /// <summary>Opens a lab: gateways in memory under virtual time.</summary>
    /// <exception cref="Model.Errors.MaestroException"><c>LabBusy</c>, <c>StoreUnavailable</c> and the store's others.</exception>
    public static EngineHost OpenLab(SessionOptions session, LabOptions lab) => OpenLab(session, lab, decorateStore: null);

    internal static EngineHost OpenLab(SessionOptions session, LabOptions lab, Func<IStore, IStore>? decorateStore)
    {
        var open = Fabrics.Simulation.OpenLab.Open(lab, session.ScriptProbe);
        try
        {
            var identity = new SystemHostIdentity();
            IStore store = SqliteStore.Open(new SqliteStoreOptions
            {
                // The journal of a world in memory dies with that world; a kept world keeps its journal beside it.
                Path = session.StorePath ?? (lab.Path is null ? null : Path.Combine(Path.GetFullPath(lab.Path), "store.db")),
                Time = open.Scheduler.Clock,
                Identity = identity,
                Inline = true,
                BehindReady = open.Scheduler.RunBehindReady,
            });
            if (decorateStore is not null) store = decorateStore(store);
            return new EngineHost(new EngineParts
            {
                Fabric = open.Fabric,
                Store = store,
                Identity = identity,
                Scheduler = open.Scheduler,
                Random = new SeededRandom((ulong)(uint)lab.Seed).Stream("engine/" + open.Fabric.World.State.Opened.ToString(CultureInfo.InvariantCulture)),
                Session = session.Name,
                ReadOnly = session.ReadOnly,
                Retention = session.Retention,
            });
        }
        catch
        {
            open.Scheduler.Dispose();
            open.Fabric.DisposeAsync().GetAwaiter().GetResult();
            throw;
        }
    }


    // Operation ids and jitter of real life need no replay, but must differ between processes that start at the same moment.
    private static byte[] Seed()
    {
        var bytes = new byte[8];
        using var random = System.Security.Cryptography.RandomNumberGenerator.Create();
        random.GetBytes(bytes);
        return bytes;
    }
}
