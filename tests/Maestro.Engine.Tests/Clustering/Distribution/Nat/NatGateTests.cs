using Maestro.Engine.Clustering.Distribution;
using Maestro.Engine.Clustering.Distribution.Nat;
using Maestro.Engine.Clustering.Membership;
using Maestro.Engine.Fabrics;
using Maestro.Engine.Model.Distribution;
using Maestro.Engine.Model.Errors;
using Maestro.Engine.Model.Fabric;
using Maestro.Engine.Operations.Plans;
using Maestro.Engine.Synchronisation.Policy;
using Maestro.Engine.Tests.Worlds;

namespace Maestro.Engine.Tests.Clustering.Distribution.Nat;

/// <summary>Where the question is asked, of whom, and how it is waived.</summary>
public sealed class NatGateTests
{
    private static readonly FlowRules ByAddress = new(DistributionMode.AutoTopology, Layer4: false, Seed: 0);

    private static readonly AddressTranslation Hiding = new() { Place = "nat.nft:12", Words = "snat to 10.96.0.1", Kind = TranslationKind.Source, LeavesBy = ["eth1"] };

    private static readonly PolicyDocument Policy = new() { Fingerprint = "new0000000", Content = "table inet web { }", Source = "web.nft" };

    [Fact]
    public void A_policy_that_can_be_distributed_says_so()
    {
        var plan = new SyncPolicyChange { Group = "dmz", Document = Policy }.Plan(World(ByAddress));
        Assert.Contains(plan.Decisions, d => !d.Acts && d.Reason.Contains("both directions of a flow have one slot", StringComparison.Ordinal));
        Assert.Contains(plan.Warnings, w => w.StartsWith("nat.nft:12: also what members begin", StringComparison.Ordinal));
    }

    [Fact]
    public void One_that_cannot_be_is_refused_by_its_place()
    {
        var fault = Assert.Throws<MaestroException>(() => new SyncPolicyChange { Group = "dmz", Document = Policy }.Plan(World(FlowRules.Default)));
        Assert.Equal((ErrorCatalogue.NatNotDistributable, "dmz"), (fault.Code, fault.Target));
        Assert.StartsWith("nat.nft:12: 'snat to 10.96.0.1': in mode General", fault.Message, StringComparison.Ordinal);
        Assert.EndsWith("Nothing was sent.", fault.Message, StringComparison.Ordinal);
        Assert.Equal("Set-GroupDistribution -Mode AutoTopology -Layer4 $false. -SkipCheck Nat goes on in spite of it.", fault.Advice);
    }

    [Fact]
    public void Whoever_waives_it_has_it_in_the_journal()
    {
        var plan = new SyncPolicyChange { Group = "dmz", Document = Policy }.Plan(World(FlowRules.Default) with { SkippedChecks = ["nat"] });
        Assert.Contains(plan.Decisions, d => d.Reason.StartsWith("NAT that cannot be distributed is let through by -SkipCheck Nat: nat.nft:12", StringComparison.Ordinal));
    }

    [Fact]
    public void Groups_that_nobody_distributes_are_not_concerned()
    {
        var world = World(FlowRules.Default);
        var unsteered = world with { Deployed = world.Deployed with { Ports = [.. world.Deployed.Ports.Where(p => p.Side != "inside")] } };
        Assert.NotEmpty(new SyncPolicyChange { Group = "dmz", Document = Policy }.Plan(unsteered).Stages);
        Assert.NotEmpty(new SyncPolicyChange { Group = "dmz", Document = Policy }.Plan(world with { Traits = world.Traits with { CorrectsStrays = true } }).Stages);
        Assert.NotEmpty(new SyncPolicyChange { Group = "dmz", Document = Policy }.Plan(world with { Deployed = world.Deployed with { Members = [] } }).Stages);
        // Of two orchestrators with one side each neither stands between the sides.
        Assert.NotEmpty(new SyncPolicyChange { Group = "dmz", Document = Policy }.Plan(world with { Deployed = world.Deployed with { Ports = [.. world.Deployed.Ports.Select(p => p with { Orchestrator = p.Side })] } }).Stages);
    }

    [Fact]
    public void A_joiner_whose_devices_are_called_otherwise_is_refused()
    {
        var world = World(ByAddress);
        Assert.Contains(new AddMembersChange { Group = "dmz", Gateways = ["spare"] }.Plan(world).Decisions, d => d.Reason.Contains("one slot", StringComparison.Ordinal));
        var odd = world with { Deployed = world.Deployed with { Downlinks = [.. world.Deployed.Downlinks, new MemberDownlink("spare", "eth1", FlowSide.Inside, null)] } };
        Assert.Equal(ErrorCatalogue.NatNotDistributable, Assert.Throws<MaestroException>(() => new AddMembersChange { Group = "dmz", Gateways = ["spare"] }.Plan(odd)).Code);
        // It is none of theirs while it is no member.
        Assert.NotEmpty(new SyncPolicyChange { Group = "dmz", Document = Policy }.Plan(odd).Stages);
    }

    [Fact]
    public void Rules_that_would_part_the_directions_are_refused_and_others_are_not()
    {
        var world = World(ByAddress);
        Assert.Equal(ErrorCatalogue.NatNotDistributable, Assert.Throws<MaestroException>(() => new SetDistributionChange { Group = "dmz", Mode = DistributionMode.General }.Plan(world)).Code);
        Assert.Equal(ErrorCatalogue.NatNotDistributable, Assert.Throws<MaestroException>(() => new SetDistributionChange { Group = "dmz", Layer4 = true }.Plan(world)).Code);
        Assert.NotEmpty(new SetDistributionChange { Group = "dmz", SlotCount = 1024 }.Plan(world).Stages);
        Assert.NotEmpty(new SetDistributionChange { Group = "dmz", Mode = DistributionMode.AutoTopology, Layer4 = false }.Plan(World(FlowRules.Default)).Stages);
    }

    [Fact]
    public void Who_cannot_find_out_says_no()
    {
        var world = World(ByAddress) with { Translations = [new GroupTranslations("dmz", ByAddress, null)] };
        Assert.Contains("neither in the store nor on a member", Assert.Throws<MaestroException>(() => new AddMembersChange { Group = "dmz", Gateways = ["spare"] }.Plan(world)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Only_what_can_change_the_answer_asks()
    {
        Assert.Null(new SyncPolicyChange { Group = "dmz" }.Nat);
        Assert.Equal(("new0000000", "table inet web { }"), new SyncPolicyChange { Group = "dmz", Document = Policy }.Nat!.Policy);
        Assert.Null(new SetDistributionChange { Group = "dmz", SlotCount = 1024 }.Nat);
        Assert.Null(new SetGroupChange { Group = "dmz", Description = "x" }.Nat);
        Assert.Equal(["to"], new MoveMembersChange { Group = "dmz", Members = ["1_1"], Destination = "to" }.Nat!.Groups);
    }

    private static ObservedWorld World(FlowRules rules)
    {
        var world = new WorldBuilder().Group("dmz", policy: 4, fingerprint: "old", spare: 0).Member("dmz", "1_1", policy: 4, fingerprint: "old").Member("dmz", "1_2", policy: 4, fingerprint: "old").Free("spare").CarriesPolicyToJoiners().Build();
        var slots = RendezvousTable.Build(16, [new SlotMember(new(1, 1), 1), new SlotMember(new(1, 2), 1)], version: 1);
        return world with
        {
            Facets = [.. world.Facets, FabricFacet.Traffic],
            Deployed = world.Deployed with
            {
                Ports = [Uplink("1/1/1", "outside"), Uplink("1/1/2", "inside")],
                Downlinks = [.. world.Deployed.Members.SelectMany(m => new[] { new MemberDownlink(m.Gateway, "eth1", FlowSide.Outside, null), new MemberDownlink(m.Gateway, "eth2", FlowSide.Inside, null) })],
            },
            Distributions = [new GroupTraffic { SecurityGroup = "dmz", Table = new DistributionTable(rules, slots), ObservedAt = default }],
            Translations = [new GroupTranslations("dmz", rules, [Hiding])],
        };
    }

    private static OrchestratorPort Uplink(string id, string side) => new() { Id = id, Name = id, Orchestrator = "orch-1", Site = 1, Type = PortType.Uplink, Side = side };
}
