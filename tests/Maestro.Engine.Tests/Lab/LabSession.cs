using Maestro.Engine.Fabrics;
using Maestro.Engine.Fabrics.Simulation;
using Maestro.Engine.Fabrics.Simulation.World;
using Maestro.Engine.Hosting;
using Maestro.Engine.Model.Groups;
using Maestro.Engine.Operations.Journal;
using Maestro.Engine.Operations.Leases;
using Maestro.Engine.Operations.Plans;
using Maestro.Engine.Operations.Running;
using Maestro.Engine.Store;
using Maestro.Engine.Synchronisation;
using Maestro.Engine.Synchronisation.Policy;

namespace Maestro.Engine.Tests.Lab;

/// <summary>An engine in a lab, with the world and the store at hand. Several may share a world and a store, as several processes would.</summary>
internal sealed class LabSession : IAsyncDisposable
{
    private LabSession(OpenLab lab, IStore store, FakeIdentity identity, bool ownsLab, VersionRetention? retention = null)
    {
        Lab = lab;
        Store = store;
        Identity = identity;
        OwnsLab = ownsLab;
        Parts = new EngineParts
        {
            Fabric = lab.Fabric,
            Store = store,
            Identity = identity,
            Scheduler = lab.Scheduler,
            Random = new SeededRandom(7).Stream(identity.Self.User),
            Session = "lab",
            Retention = retention ?? new VersionRetention(),
        };
        Host = new EngineHost(Parts);
    }

    public OpenLab Lab { get; }

    public IStore Store { get; }

    public FakeIdentity Identity { get; }

    public EngineParts Parts { get; }

    public EngineHost Host { get; }

    public List<OperationEvent> Events { get; } = [];

    public LabWorld World => Lab.Fabric.World;

    private bool OwnsLab { get; }

    public static LabSession Open(int seed = 1, VersionRetention? retention = null)
    {
        var lab = OpenLab.Open(new LabOptions { Seed = seed });
        var identity = new FakeIdentity("anna", 100);
        var store = SqliteStore.Open(new SqliteStoreOptions { Time = lab.Scheduler.Clock, Identity = identity, Inline = true, BehindReady = lab.Scheduler.RunBehindReady });
        return new LabSession(lab, store, identity, ownsLab: true, retention);
    }

    /// <summary>Another process on the same world: with the same store, or with one of its own.</summary>
    public LabSession Another(string user, int processId, bool ownStore = false, Func<IStore, IStore>? around = null)
    {
        var identity = new FakeIdentity(user, processId) { Dead = Identity.Dead };
        var store = ownStore ? SqliteStore.Open(new SqliteStoreOptions { Time = Lab.Scheduler.Clock, Identity = identity, Inline = true, BehindReady = Lab.Scheduler.RunBehindReady }) : Store;
        return new LabSession(Lab, around?.Invoke(store) ?? store, identity, ownsLab: false);
    }

    public async Task<OperationResult> RunAsync(ChangeRequest request, RunOptions? options = null)
    {
        var handle = await Host.StartAsync(request, (options ?? new RunOptions()) with { Events = Events.Add });
        return await handle.Completion;
    }

    /// <summary>A group of the first gateways of site 1.</summary>
    public async Task<IReadOnlyList<string>> MakeGroupAsync(string name, int members)
    {
        var view = await Host.ObserveAsync(pending: false, CancellationToken.None);
        var gateways = view.Gateways.Where(g => g.Site == 1 && g.SecurityGroup.Length == 0).Take(members).Select(g => g.Id).ToList();
        var result = await RunAsync(new Engine.Clustering.Membership.NewGroupChange { Name = name, Gateways = gateways });
        Assert.Null(result.Failure);
        return gateways;
    }

    public Task<OperationResult> SyncAsync(string group, string content, RunOptions? options = null) => RunAsync(new SyncPolicyChange { Group = group, Document = Policy(content) }, options);

    public static PolicyDocument Policy(string content) => new() { Content = content, Fingerprint = Fingerprint.Of(content), Source = "test" };

    public async Task<IReadOnlyList<GroupMember>> MembersAsync(string group) =>
        [.. (await Host.ObserveAsync(pending: false, CancellationToken.None)).Members.Where(m => m.SecurityGroup == group)];

    /// <summary>Lets the lab's time pass.</summary>
    public Task PassAsync(TimeSpan time) => Lab.Scheduler.RunAsync(async () =>
    {
        await World.DelayAsync(time, CancellationToken.None);
        return true;
    });

    public async ValueTask DisposeAsync()
    {
        if (!OwnsLab) return;
        await Host.DisposeAsync();
    }

    /// <summary>An identity whose death a test decides.</summary>
    internal sealed class FakeIdentity(string user, int processId) : IHostIdentity
    {
        public HashSet<int> Dead { get; init; } = [];

        public LeaseOwner Self { get; } = new() { MachineId = "m", BootId = "b", ProcessId = processId, ProcessStart = "1", Host = "jump1", User = user };

        public bool? IsAlive(LeaseOwner owner) => !Dead.Contains(owner.ProcessId);
    }
}
