using Maestro.Engine.Fabrics.Linux.Inventory;
using Maestro.Engine.Fabrics.Linux.Redundancy;
using Maestro.Engine.Fabrics.Linux.Ssh;

namespace Maestro.Engine.Tests.Fabrics.Linux.Redundancy;

public sealed class RedundancyTests
{
    private static readonly InventoryOrchestrator First = Host("1_1", ("ens1", "198.51.100.2/24", "198.51.100.1/24"), ("ens1", "2001:db8::2/64", "2001:db8::1/64"), ("ens2", "203.0.113.2/24", "203.0.113.1/24"), ("ens5", "10.0.0.1/30", ""));
    private static readonly InventoryOrchestrator Second = Host("1_2", ("eth1", "198.51.100.3/24", "198.51.100.1/24"), ("eth1", "2001:db8::3/64", "2001:db8:0::1/64"), ("eth2", "203.0.113.3/24", "203.0.113.1/24"));

    [Fact]
    public void Two_that_share_an_address_have_one_virtual_router_and_know_one_another()
    {
        var (first, second) = (Routers(First, First, Second), Routers(Second, First, Second));
        Assert.Equal(first.Select(r => (r.Id, r.Virtual)), second.Select(r => (r.Id, r.Virtual)));
        Assert.Equal(["198.51.100.3", "2001:db8::3", "203.0.113.3"], first.Select(r => string.Join(",", r.Peers)));
        Assert.Equal(["198.51.100.2", "2001:db8::2", "203.0.113.2"], second.Select(r => string.Join(",", r.Peers)));
        Assert.Equal([(0, "ens1"), (1, "eth1")], new[] { (first[0].Place, first[0].Interface), (second[0].Place, second[0].Interface) });
    }

    [Fact]
    public void No_two_addresses_of_an_inventory_have_one_number_and_each_keeps_its_own_when_others_come()
    {
        InventoryOrchestrator[] pairs = [.. Enumerable.Range(1, 60).Select(n => Host($"1_{n}", ("e1", $"10.0.{n}.2/24", $"10.0.{n}.1/24"), ("e2", $"10.1.{n}.2/24", $"10.1.{n}.1/24")))];
        var all = pairs.SelectMany(p => Routers(p, pairs)).ToList();
        Assert.Equal(120, all.Select(r => r.Id).Distinct().Count());
        Assert.All(all, r => Assert.InRange(r.Id, 1, VirtualRouter.HighestId));
        var few = pairs.Take(10).SelectMany(p => Routers(p, pairs[..10])).ToList();
        // Those that had to give way are few.
        Assert.True(few.Count(f => all.Single(a => a.Virtual == f.Virtual).Id == f.Id) >= 12);
    }

    [Fact]
    public void All_instances_are_of_one_group_that_asks_before_it_takes_the_addresses()
    {
        var text = KeepalivedText.Of(Routers(First, First, Second));
        Assert.DoesNotContain('\r', text);
        Assert.Equal(3, text.Split("vrrp_instance maestro_").Length - 1);
        Assert.Equal(3, text.Split("    nopreempt\n").Length - 1);
        Assert.Single(text.Split("vrrp_sync_group maestro {").Skip(1));
        Assert.Single(text.Split("        maestro_steers\n").Skip(1));
        Assert.Contains("    unicast_src_ip 198.51.100.2\n    unicast_peer {\n        198.51.100.3\n    }\n", text);
        Assert.Contains("priority 120\n", text);
        Assert.Contains("priority 110\n", KeepalivedText.Of(Routers(Second, First, Second)));
    }

    /// <summary>Keepalived refuses a group of one.</summary>
    [Fact]
    public void One_address_alone_has_no_group_and_asks_all_the_same()
    {
        var text = KeepalivedText.Of(Routers(Host("1_1", ("e1", "10.0.0.2/24", "10.0.0.1/24")), Host("1_1", ("e1", "10.0.0.2/24", "10.0.0.1/24"))));
        Assert.DoesNotContain("vrrp_sync_group", text);
        Assert.DoesNotContain("unicast_peer", text);
        Assert.Contains("        maestro_steers\n", text);
        Assert.Equal("", KeepalivedText.Of([]));
    }

    [Fact]
    public void What_is_not_as_it_was_told_is_named()
    {
        var routers = Routers(First, First, Second);
        var well = new RedundancySight { HasKeepalived = true, Runs = true, Told = KeepalivedText.Of(routers), Addresses = ["127.0.0.1"] };
        Assert.Equal(("", "", false), (well.FaultOf(routers), well.Lack(routers), well.Holds(routers)));
        Assert.True((well with { Addresses = ["203.0.113.1"] }).Holds(routers));
        Assert.Equal("does not share its addresses yet", (well with { Told = "" }).FaultOf(routers));
        Assert.StartsWith("shares its addresses in another way", (well with { Told = well.Told + "#" }).FaultOf(routers));
        Assert.Equal("has no keepalived that runs", (well with { Runs = false }).FaultOf(routers));
        Assert.EndsWith(": no table", (well with { Unfit = "no table" }).FaultOf(routers));
        var without = new RedundancySight();
        Assert.Equal("", without.FaultOf(routers));
        Assert.Contains("apt-get install keepalived", without.Lack(routers));
        Assert.Equal(("", "", (bool?)null), (without.FaultOf([]), without.Lack([]), without.Holds([])));
        Assert.Contains("does not name", well.FaultOf([]));
    }

    [Fact]
    public void Addresses_are_read_without_their_lengths()
    {
        var answer = new ScriptAnswer(ScriptOutcome.Answered, 0, "@keepalived there\n@vrrp.runs yes\n@vrrp.unfit it steers no group\n");
        var sight = RedundancySight.Read(answer, new Dictionary<string, string> { ["vrrp"] = "x\n", ["addresses"] = "1: lo    inet 127.0.0.1/8 scope host lo\n2: e1    inet6 2001:db8::1/64 scope global nodad \n" })!;
        Assert.Null(RedundancySight.Read(new ScriptAnswer(ScriptOutcome.Answered, 0, "@version 3\n"), new Dictionary<string, string>()));
        Assert.Equal(["127.0.0.1", "2001:db8::1"], sight.Addresses);
        Assert.Equal((true, true, "it steers no group", "x\n"), (sight.HasKeepalived, sight.Runs, sight.Unfit, sight.Told));
    }

    private static IReadOnlyList<VirtualRouter> Routers(InventoryOrchestrator of, params InventoryOrchestrator[] all) => VirtualRouter.Of(new InventoryFile { Name = "fra", Gateways = [], Orchestrators = all }, of);

    private static InventoryOrchestrator Host(string id, params (string Interface, string Own, string Shared)[] ports) => new()
    {
        Host = new() { Id = id, Address = id, User = "root" },
        Ports = [.. ports.Select((p, n) => new InventoryPort($"{id}/{n}", p.Interface, "uplink", "inside", p.Own, p.Shared))],
    };
}
