using System.Net;
using System.Text.RegularExpressions;
using Maestro.Engine.Clustering.Distribution;
using Maestro.Engine.Fabrics;
using Maestro.Engine.Fabrics.Linux;
using Maestro.Engine.Fabrics.Linux.Inventory;
using Maestro.Engine.Fabrics.Linux.Ssh;
using Maestro.Engine.Hosting;
using Maestro.Engine.Model.Distribution;
using Maestro.Engine.Operations.Leases;
using Maestro.Engine.Operations.Running;
using Maestro.Engine.Store;
using Maestro.Testbeds;

namespace Maestro.Engine.Tests.Fabrics.Linux.Distribution;

/// <summary>Three gateways behind a pair of orchestrators, in one group that forwards everything and notes which flows each member saw.</summary>
internal sealed partial class SteeredBed : IAsyncDisposable
{
    private const string Notes = """
        table inet notes {
            set four {
                type ipv4_addr . inet_service . ipv4_addr . inet_service
                flags dynamic
                size 65536
            }
            set six {
                type ipv6_addr . inet_service . ipv6_addr . inet_service
                flags dynamic
                size 65536
            }
            chain forward {
                type filter hook forward priority 10; policy accept;
                meta l4proto udp update @four { ip saddr . udp sport . ip daddr . udp dport }
                meta l4proto udp update @six { ip6 saddr . udp sport . ip6 daddr . udp dport }
            }
        }
        """;

    /// <summary>Lets through what belongs to a connection, and what begins one.</summary>
    public const string Strict = """
        table inet web {
            chain forward {
                type filter hook forward priority 0; policy drop;
                ct state established,related accept
                ct state new tcp flags & (fin | syn | rst | ack) == syn accept
                ct state new meta l4proto { udp, icmp, ipv6-icmp } accept
            }
        }
        """;

    private readonly bool _stateSync;
    private readonly string _settings;
    private readonly bool _shared;

    private SteeredBed(Testbed bed, bool stateSync, string settings, bool shared)
    {
        Bed = bed;
        (_stateSync, _settings, _shared) = (stateSync, settings, shared);
        Session = LinuxSession.Open(bed, inventory: Inventory);
    }

    public Testbed Bed { get; }

    public LinuxSession Session { get; }

    private Testbeds.InventoryOptions Inventory => new() { Account = TestbedAccount.Root, StateSync = _stateSync, StateSyncSettings = _settings, SharedAddresses = _shared };

    public static async Task<SteeredBed> StartAsync(int orchestrators = 2, int gateways = 3, string? policy = null, bool systemd = false, bool stateSync = false, string settings = "{}", int sites = 1, bool shared = false)
    {
        var bed = await Testbed.StartAsync(new TestbedOptions { Gateways = gateways, Orchestrators = orchestrators, Systemd = systemd, Sites = sites });
        var steered = new SteeredBed(bed, stateSync, settings, shared);
        await steered.Session.MakeGroupAsync(bed);
        Assert.Null((await steered.Session.SyncAsync(policy ?? LinuxSession.Forbidding(9))).Failure);
        foreach (var gateway in bed.Gateways) await bed.NftLoadAsync(gateway, Notes);
        if (shared) await bed.RouteThroughSharedAsync();
        return steered;
    }

    /// <summary>Members that drop whatever belongs to no connection that they know, also in the middle of one.</summary>
    public static async Task<SteeredBed> StartStrictAsync(int orchestrators = 1, bool stateSync = false, string settings = "{}", int gateways = 3, int sites = 1, bool shared = false)
    {
        var steered = await StartAsync(orchestrators, gateways, Strict, stateSync: stateSync, settings: settings, sites: sites, shared: shared);
        foreach (var gateway in steered.Bed.Gateways) (await steered.Bed.RunInsideAsync(gateway, "echo 0 >/proc/sys/net/netfilter/nf_conntrack_tcp_loose")).EnsureSuccess();
        return steered;
    }

    /// <summary>So many, a fifth of them IPv6.</summary>
    public static IReadOnlyList<TestbedFlow> MixedFlows(int count) => [.. Flows(count * 4 / 5), .. Flows(count / 5, ipv6: true)];

    /// <summary>Between different clients, servers and ports.</summary>
    public static IReadOnlyList<TestbedFlow> Flows(int count, bool ipv6 = false) =>
        [.. Enumerable.Range(0, count).Select(n => new TestbedFlow(Testbed.Client((n % Testbed.PeerCount) + 1, ipv6), 20000 + (n * 7), Testbed.Server((n % 5) + 1, ipv6), 4000 + (n % 3)))];

    public async Task<GroupTraffic> ObserveAsync(LinuxSession? session = null) =>
        (await (session ?? Session).Host.ObserveWorldAsync("dmz", new RunOptions(), CancellationToken.None, distributions: true)).Distributions.Single();

    public async Task SetAsync(DistributionMode mode, bool? layer4 = null, LinuxSession? session = null)
    {
        var result = await (session ?? Session).RunAsync(new SetDistributionChange { Group = "dmz", Mode = mode, Layer4 = layer4 });
        Assert.True(result.Failure is null, result.Failure?.Message);
    }

    /// <summary>The gateways that forwarded packets from that end to the other.</summary>
    public async Task<Dictionary<(IPEndPoint From, IPEndPoint To), List<string>>> NotesAsync()
    {
        var notes = new Dictionary<(IPEndPoint, IPEndPoint), List<string>>();
        foreach (var gateway in Bed.Gateways)
        {
            foreach (Match note in Elements().Matches(await Bed.NftListAsync(gateway, "list", "table", "inet", "notes")))
            {
                var key = (End(note, "from", "sport"), End(note, "to", "dport"));
                if (!notes.TryGetValue(key, out var seen)) notes[key] = seen = [];
                seen.Add(gateway.Id);
            }
        }

        return notes;

        static IPEndPoint End(Match note, string address, string port) => IPEndPoint.Parse(note.Groups[address].Value.Contains(':') ? $"[{note.Groups[address].Value}]:{note.Groups[port].Value}" : $"{note.Groups[address].Value}:{note.Groups[port].Value}");
    }

    /// <summary>The inventory that the session has, for another process.</summary>
    public void WriteInventory(string path) => Bed.WriteInventory(path, Inventory);

    /// <summary>Takes the group's table out of an orchestrator's kernel behind everybody's back.</summary>
    public Task LoseTableAsync(TestbedHost orchestrator) => Bed.NftLoadAsync(orchestrator, "delete table inet maestro_traffic_1\n");

    /// <summary>The fabric alone, with a store of its own.</summary>
    public async Task<T> WithFabricAsync<T>(string store, Func<IFabric, LeaseToken, Task<T>> use)
    {
        var folder = Directory.CreateDirectory(Path.Combine(Bed.DirectoryPath, "fabric-" + store)).FullName;
        var (identity, time) = (new SystemHostIdentity(), TimeProvider.System);
        var inventory = Path.Combine(folder, "inventory.json");
        Bed.WriteInventory(inventory, Inventory);
        await using var database = SqliteStore.Open(new SqliteStoreOptions { Path = Path.Combine(folder, "store.db"), Time = time, Identity = identity });
        var lease = (await database.AcquireLeasesAsync(new LeaseRequest { OperationId = "op-1", Owner = identity.Self, Resources = ["traffic:dmz"], TimeToLive = TimeSpan.FromHours(1) })).Token!;
        var transport = new SshTransport(new SshCredentials(), new HostKeyVerifier(Bed.KnownHostsPath, [], trustOnFirstUse: false), new SshTransportOptions { Time = time, ConnectPatience = TimeSpan.FromSeconds(5) });
        await using var fabric = new LinuxFabric(InventoryReader.Load(inventory), transport, database, identity, time);
        return await use(fabric, lease);
    }

    public static FabricCall Call(LeaseToken lease, string step = "traffic") =>
        new() { OperationId = "op-1", StepId = step, Epoch = 1, Lease = lease, Deadline = TimeProvider.System.GetUtcNow() + TimeSpan.FromMinutes(2) };

    public async ValueTask DisposeAsync()
    {
        await Session.DisposeAsync();
        await Bed.DisposeAsync();
    }

    [GeneratedRegex(@"(?<from>[0-9a-f.:]+) \. (?<sport>\d+) \. (?<to>[0-9a-f.:]+) \. (?<dport>\d+)")]
    private static partial Regex Elements();
}
