using System.Diagnostics;
using System.Globalization;
using Maestro.Engine.Clustering.Distribution;
using Maestro.Engine.Fabrics.Linux;
using Maestro.Engine.Fabrics.Linux.Inventory;
using Maestro.Engine.Fabrics.Linux.Replication;
using Maestro.Engine.Fabrics.Linux.Ssh;
using Maestro.Engine.Fabrics.Linux.Traffic;
using Maestro.Engine.Hosting;
using Maestro.Engine.Model.Distribution;
using Maestro.Engine.Model.Groups;

namespace Maestro.Engine.Tests.Fabrics.Linux.Replication;

public sealed class StateSyncTableTests
{
    [Fact]
    public void A_member_is_told_its_own_slots_by_who_keeps_their_copies_and_where_those_are()
    {
        MemberId[] members = [new(1, 1), new(1, 2), new(1, 3)];
        var group = new SteeredGroup { Id = 1, Name = "dmz", Members = [.. members.Select(Steered)], Uplinks = [] };
        var table = new DistributionTable(FlowRules.Default, RendezvousTable.Build(16, [.. members.Select(m => new SlotMember(m, 1))], version: 7));

        var lines = StateSyncTable.Of(group, table, group.Members[0], new StateSyncSettings { Services = [new SyncedService(Flow.Udp, 53, 60)] }).Split('\n', StringSplitOptions.RemoveEmptyEntries);

        Assert.Equal(["version 7", "self 1_1", "delay 3", "rate 2000", "service 17 53 60"], lines.Take(5));
        Assert.Contains("inside eth2", lines);
        Assert.Contains("own 10.90.2.1", lines);
        Assert.Equal(["peer 1_2 10.90.2.2 7422", "peer 1_3 10.90.2.3 7422"], lines.Where(l => l.StartsWith("peer ", StringComparison.Ordinal)));
        var told = lines.Where(l => l.StartsWith("slots ", StringComparison.Ordinal)).Select(l => l.Split(' ')).SelectMany(l => Slots(l[2]).Select(s => (Slot: s, Keeper: l[1]))).Order();
        Assert.Equal(Enumerable.Range(0, 16).Where(s => table.Slots.ActiveOf(s)!.Id == members[0]).Select(s => (s, table.Slots.BackupOf(s)!.ToString())), told);
    }

    [Fact]
    public void Slots_that_nobody_backs_up_are_told_too()
    {
        var group = new SteeredGroup { Id = 1, Name = "dmz", Members = [Steered(new(1, 1))], Uplinks = [] };
        var table = new DistributionTable(FlowRules.Default, RendezvousTable.Build(8, [new SlotMember(new(1, 1), 1)], version: 1));
        Assert.Contains("slots - 0-7\n", StateSyncTable.Of(group, table, group.Members[0], new StateSyncSettings()));
    }

    [Fact]
    public void The_program_finds_the_slots_that_the_engine_finds()
    {
        var folder = Directory.CreateTempSubdirectory("statesync").FullName;
        try
        {
            var program = Path.Combine(folder, "statesync.pl");
            using (var from = typeof(GatewayScripts).Assembly.GetManifestResourceStream("Maestro.Gateway.statesync.pl")!)
            using (var to = File.Create(program)) from.CopyTo(to);
            var random = new SeededRandom(7);
            for (var n = 0; n < 40; n++)
            {
                var rules = new FlowRules((DistributionMode)random.Next(4), random.Next(2) == 0, (uint)random.NextUInt64());
                var (slots, side) = (1 << (4 + random.Next(9)), random.Next(2) == 0 ? FlowSide.Inside : FlowSide.Outside);
                var isSix = random.Next(2) == 0;
                var flow = new Flow(Address(random, isSix), Address(random, isSix), random.Next(2) == 0 ? Flow.Tcp : Flow.Udp, (ushort)random.Next(65536), (ushort)random.Next(65536));
                string[] arguments = [program, "slot", rules.Mode.ToString(), rules.Layer4 ? "1" : "0", Text(rules.Seed), Text(slots), side == FlowSide.Inside ? "inside" : "outside", Text(flow.Protocol), flow.Source.ToString(), flow.Destination.ToString(), Text(flow.SourcePort), Text(flow.DestinationPort)];
                Assert.Equal(Text(rules.SlotOf(flow, side, slots)), Run("perl", arguments));
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static System.Net.IPAddress Address(SeededRandom random, bool isSix) => new([.. Enumerable.Range(0, isSix ? 16 : 4).Select(_ => (byte)random.Next(256))]);

    private static string Run(string program, string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
        var said = process.StandardOutput.ReadToEnd().Trim();
        process.WaitForExit();
        return said;
    }

    private static IEnumerable<int> Slots(string list) => list.Split(',').SelectMany(r => r.Split('-') is [var from, var to] ? Enumerable.Range(int.Parse(from, CultureInfo.InvariantCulture), int.Parse(to, CultureInfo.InvariantCulture) - int.Parse(from, CultureInfo.InvariantCulture) + 1) : [int.Parse(r, CultureInfo.InvariantCulture)]);

    private static SteeredMember Steered(MemberId id) => new(id, 1, MemberState.Active, new InventoryGateway
    {
        Host = new HostEndpoint { Id = "fw-a" + Text(id.Number), Address = "192.0.2." + Text(id.Number), User = "root" },
        Downlinks = [new("eth1", "outside", $"10.90.1.{Text(id.Number)}/24"), new("eth2", "inside", $"10.90.2.{Text(id.Number)}/24")],
    });

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
