using Maestro.Engine.Clustering.Distribution;
using Maestro.Engine.Fabrics.Linux;
using Maestro.Engine.Fabrics.Linux.Inventory;
using Maestro.Engine.Fabrics.Linux.Replication;
using Maestro.Engine.Fabrics.Linux.Ssh;
using Maestro.Engine.Fabrics.Linux.Traffic;
using Maestro.Engine.Model.Groups;
using Maestro.Engine.Operations.Leases;
using Maestro.Engine.Tests.Fabrics.Linux.Distribution;

namespace Maestro.Engine.Tests.Fabrics.Linux.Replication;

public sealed class LinuxCopyHostsTests
{
    [Theory]
    [InlineData("@version 7\n", "")]
    [InlineData("@version 6\n", "1_1 neither sends nor keeps copies by the new table: it says that it goes by it, and lists version 6")]
    [InlineData("", "1_1 neither sends nor keeps copies by the new table: it says that it goes by it, and lists none")]
    public async Task Who_says_that_it_was_told_must_list_the_table(string listed, string fault)
    {
        var gateway = new InventoryGateway
        {
            Host = new HostEndpoint { Id = "fw-a1", Address = "192.0.2.1", User = "root" },
            Downlinks = [new InventoryDownlink("eth1", "inside", "10.90.1.1/24")],
        };
        var member = new SteeredMember(new MemberId(1, 1), 1, MemberState.Active, gateway);
        var group = new SteeredGroup { Id = 1, Name = "dmz", Members = [member], Uplinks = [] };
        var table = new DistributionTable(FlowRules.Default, RendezvousTable.Build(SlotTable.DefaultSlotCount, [new SlotMember(member.Id, 1)], version: 7));
        var hosts = new LinuxCopyHosts(new LinuxHosts(new InventoryFile { Name = "t", Gateways = [gateway], Orchestrators = [] }, new Answering(listed), TimeProvider.System), new StateSyncSettings());
        var call = SteeredBed.Call(new LeaseToken { OperationId = "op-1", Epoch = 1, Resources = [] });

        Assert.Equal(fault, await hosts.TellAsync(call, group, table, member, ""));
    }

    private sealed class Answering(string listed) : IGatewayTransport
    {
        public Task<ScriptAnswer> RunAsync(HostEndpoint host, ShellScript script, TimeSpan timeout, CancellationToken cancellation) =>
            Task.FromResult(new ScriptAnswer(ScriptOutcome.Answered, 0, listed + "@outcome done\n"));

        public ValueTask DisposeAsync() => default;
    }
}
