using Maestro.Engine.Clustering.Membership;
using Maestro.Engine.Fabrics;
using Maestro.Engine.Fabrics.Linux.Policy;
using Maestro.Engine.Fabrics.Linux.Ssh;
using Maestro.Engine.Hosting;
using Maestro.Engine.Model.Groups;
using Maestro.Engine.Operations.Plans;
using Maestro.Engine.Operations.Running;
using Maestro.Engine.Store;
using Maestro.Engine.Synchronisation.Configuration;
using Maestro.Engine.Synchronisation.Policy;
using Maestro.Testbeds;

namespace Maestro.Engine.Tests.Fabrics.Linux;

/// <summary>An engine on the gateways of a testbed, with everything that goes over the wire counted.</summary>
internal sealed class LinuxSession : IAsyncDisposable
{
    private LinuxSession(EngineHost host, RecordingTransport wire)
    {
        Host = host;
        Wire = wire;
    }

    public EngineHost Host { get; }

    public RecordingTransport Wire { get; }

    public static LinuxSession Open(Testbed bed, string store = "a", TestbedAccount account = TestbedAccount.Root, Func<IGatewayTransport, IGatewayTransport>? between = null, Testbeds.InventoryOptions? inventory = null)
    {
        var folder = Directory.CreateDirectory(Path.Combine(bed.DirectoryPath, "controller-" + store)).FullName;
        var path = Path.Combine(folder, "inventory.json");
        bed.WriteInventory(path, inventory ?? new Testbeds.InventoryOptions { Account = account });
        RecordingTransport? wire = null;
        var host = SessionFactory.OpenInventory(
            new SessionOptions { Name = "testbed", StorePath = Path.Combine(folder, "store.db") },
            new Engine.Hosting.InventoryOptions { Path = path, KnownHostsPath = bed.KnownHostsPath },
            new SystemHostIdentity(),
            inner => wire = new RecordingTransport(between is null ? inner : between(inner)));
        return new LinuxSession(host, wire!);
    }

    public async Task<OperationResult> RunAsync(ChangeRequest request, RunOptions? options = null) => await (await Host.StartAsync(request, options ?? new RunOptions())).Completion;

    /// <summary>A group of all gateways of the bed.</summary>
    public async Task MakeGroupAsync(Testbed bed, string name = "dmz")
    {
        var result = await RunAsync(new NewGroupChange { Name = name, Gateways = [.. bed.Gateways.Select(g => g.Id)] });
        Assert.True(result.Failure is null, result.Failure?.Message);
    }

    public Task<OperationResult> SyncAsync(string text, string group = "dmz", ConnectionTreatment connections = ConnectionTreatment.Keep) =>
        RunAsync(new SyncPolicyChange { Group = group, Document = Document(text), Connections = connections });

    public Task<OperationResult> SyncConfigurationAsync(string text, int revertAfter = 120)
    {
        var folder = Directory.CreateTempSubdirectory("maestro-configuration-").FullName;
        try
        {
            var path = Path.Combine(folder, "configuration.json");
            File.WriteAllText(path, text);
            return RunAsync(new SyncConfigurationChange { Group = "dmz", Document = Host.LoadConfiguration(path), RevertAfter = TimeSpan.FromSeconds(revertAfter) });
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    public PolicyDocument Document(string text)
    {
        var path = Path.GetTempFileName();
        try
        {
            File.WriteAllText(path, text);
            return Host.LoadPolicy(path);
        }
        finally
        {
            File.Delete(path);
        }
    }

    public async Task<IReadOnlyList<GroupMember>> MembersAsync(string group = "dmz") =>
        [.. (await Host.ObserveAsync(pending: false, CancellationToken.None)).Members.Where(m => m.SecurityGroup == group)];

    public ValueTask DisposeAsync() => Host.DisposeAsync();

    /// <summary>Forwards what the hosts route, but for one port; reached by SSH.</summary>
    public static string Forbidding(int port, string more = "") => $$"""
        table inet web {
            {{more}}
            chain forward {
                type filter hook forward priority 0; policy accept;
                tcp dport {{port}} drop
            }
        }
        """;
}
