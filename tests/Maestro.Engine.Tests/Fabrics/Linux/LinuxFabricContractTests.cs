using Maestro.Engine.Fabrics.Linux;
using Maestro.Engine.Fabrics.Linux.Inventory;
using Maestro.Engine.Fabrics.Linux.Ssh;
using Maestro.Engine.Hosting;
using Maestro.Engine.Operations.Leases;
using Maestro.Engine.Store;
using Maestro.Fabrics.Contract.Fabric;
using Maestro.Testbeds;

namespace Maestro.Engine.Tests.Fabrics.Linux;

/// <summary>Real hosts keep every fabric's promises.</summary>
public sealed class LinuxFabricContractTests : FabricContract
{
    protected override async Task<FabricUnderTest> CreateAsync()
    {
        Skip.If(Testbed.Unavailable is not null, Testbed.Unavailable);
        var bed = await Testbed.StartAsync(new TestbedOptions { Gateways = 3, Orchestrators = 1 });
        var folder = Directory.CreateDirectory(Path.Combine(bed.DirectoryPath, "controller")).FullName;
        string In(string name, string text = "")
        {
            var path = Path.Combine(folder, name);
            if (text.Length > 0) File.WriteAllText(path, text);
            return path;
        }

        bed.WriteInventory(In("inventory.json"), new Testbeds.InventoryOptions { Account = TestbedAccount.Root });
        var inventory = InventoryReader.Load(In("inventory.json"));
        var identity = new SystemHostIdentity();
        var scheduler = new ThreadPoolScheduler();
        var store = SqliteStore.Open(new SqliteStoreOptions { Path = In("store.db"), Time = scheduler.Time, Identity = identity });
        var transport = new SshTransport(new SshCredentials(), new HostKeyVerifier(bed.KnownHostsPath, [], trustOnFirstUse: false), new SshTransportOptions { Time = scheduler.Time, ConnectPatience = TimeSpan.FromSeconds(5) });
        return new FabricUnderTest
        {
            Fabric = new LinuxFabric(inventory, transport, store, identity, scheduler.Time),
            Scheduler = scheduler,
            FreeGateways = [.. bed.Gateways.Select(g => g.Id)],
            PolicyPath = In("one.nft", LinuxSession.Forbidding(81)),
            OtherPolicyPath = In("two.nft", LinuxSession.Forbidding(82)),
            // One session, and one that ended and is still remembered.
            OwnConnections = 2,
            BrokenPolicyPath = In("broken.nft", "table inet web {\n  chain forward {\n"),
            LeaseAsync = async operation => (await store.AcquireLeasesAsync(new LeaseRequest { OperationId = operation, Owner = identity.Self, Resources = ["contract:" + operation], TimeToLive = TimeSpan.FromHours(1) })).Token!,
            SilenceAsync = gateway => bed.PowerOffAsync(bed[gateway]),
            CloseAsync = async () =>
            {
                await store.DisposeAsync();
                await bed.DisposeAsync();
            },
        };
    }
}
