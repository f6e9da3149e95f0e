using Maestro.Engine.Fabrics;
using Maestro.Engine.Fabrics.Simulation;
using Maestro.Engine.Model.Configuration;
using Maestro.Engine.Model.Errors;
using Maestro.Engine.Operations.Plans;
using Maestro.Engine.Synchronisation.Configuration;
using Maestro.Engine.Tests.Worlds;

namespace Maestro.Engine.Tests.Synchronisation;

/// <summary>What a sync of a configuration plans, and how configurations are compared.</summary>
public sealed class SyncConfigurationPlanTests
{
    private static readonly ConfigurationDocument New = new() { Fingerprint = "new0000000", Content = "{}", Source = "gateways.json" };

    [Fact]
    public void It_is_the_protocol_of_a_policy_with_steps_of_its_own()
    {
        var plan = new SyncConfigurationChange { Group = "dmz", Document = New, RevertAfter = TimeSpan.FromSeconds(30) }.Plan(World());
        Assert.Equal("SyncConfiguration", plan.Kind);
        Assert.Equal(["record", "stage", "commit", "check", "extend", "confirm", "agree", "close"], plan.Stages.Select(s => s.Name));
        Assert.All(plan.AllSteps.Where(s => s.Id != "health"), s => Assert.StartsWith("configuration.", s.Kind, StringComparison.Ordinal));
        Assert.Equal([false, false, false, false, true, true, true, true], plan.Stages.Select(s => s.AfterDecision));
        Assert.All(plan.Stages.Single(s => s.Name == "commit").Steps, s => Assert.Equal(("30", ""), (s.Arguments["revertAfter"], s.Arguments.Get("connections"))));
        Assert.Equal(("2", "1"), (plan.Attributes["generation"], plan.Attributes["parent"]));
        Assert.Contains(plan.Decisions, d => d.ToString() == "member 1_2: gets #2 new00000 (has #1, but its read-back shows something else)");
    }

    [Fact]
    public void Without_a_document_only_who_drifted_is_healed_and_a_group_that_has_none_is_told()
    {
        var plan = new SyncConfigurationChange { Group = "dmz" }.Plan(World());
        Assert.Equal(["1_2"], plan.Stages.Single(s => s.Name == "commit").Steps.Select(s => s.Member));
        Assert.DoesNotContain(plan.Stages, s => s.Name is "record" or "close");
        var world = new WorldBuilder().Group("dmz").Member("dmz", "1_1").Build();
        Assert.Equal(ErrorCatalogue.ConfigurationNotFound, Assert.Throws<MaestroException>(() => new SyncConfigurationChange { Group = "dmz" }.Plan(world with { Facets = [.. world.Facets, FabricFacet.ConfigurationCarrier] })).Code);
        Assert.Equal(FabricFacet.ConfigurationCarrier, Asked(w => new SyncConfigurationChange { Group = "dmz", Document = New }.Plan(w), world));
    }

    [Fact]
    public void Contents_are_compared_for_all_and_for_a_member_where_its_own_differ_otherwise()
    {
        var lab = OpenLab.Open(new LabOptions(), ownThread: false);
        var comparison = ConfigurationComparer.Contents(
            lab.Fabric.Configurations!,
            "dmz",
            "old",
            """{ "version": 1, "sysctl": { "a.b": "1", "a.c": "1" }, "members": { "1_2": { "sysctl": { "a.b": "5" } } } }""",
            "new",
            """{ "version": 1, "sysctl": { "a.b": "2", "a.d": "1" }, "members": { "1_2": { "sysctl": { "a.b": "5", "a.c": "9" } } } }""",
            "s");
        Assert.Equal(
            [
                ("", ConfigurationChange.Changed, "sysctl a.b", "1", "2"), ("", ConfigurationChange.Missing, "sysctl a.c", "1", null), ("", ConfigurationChange.Extra, "sysctl a.d", null, "1"),
                ("1_2", ConfigurationChange.Changed, "sysctl a.c", "1", "9"),
            ],
            comparison.Difference.Select(d => (d.Member, d.Change, d.Item, d.Intended, d.Actual)));
        Assert.StartsWith("--- old\n+++ new\n", Assert.Single(comparison.Unified), StringComparison.Ordinal);
    }

    [Fact]
    public void A_member_that_reads_back_all_but_would_restart_with_another_version_differs_in_its_generation()
    {
        var same = new[] { new ConfigurationValue("sysctl a.b", "1") };
        var seen = new GenerationObservation { Answered = true, RunningGeneration = 2, ProvenFingerprint = "bbbbbbbbbb", ConfirmedGeneration = 1, ConfirmedFingerprint = "aaaaaaaaaa" };
        var listing = new ConfigurationListing { Answered = true, Intended = same, Confirmed = [new ConfigurationValue("sysctl a.b", "0")], Actual = same };
        var difference = Assert.Single(ConfigurationComparer.Member("dmz", "1_1", (2, "bbbbbbbbbb"), seen, listing, "s").Difference);
        Assert.Equal(("generation", "#2 bbbbbbbb", "#1 aaaaaaaa", "#2 bbbbbbbb"), (difference.Item, difference.Intended, difference.Confirmed, difference.Actual));
    }

    /// <summary>1_1 has version 1 proven, 1_2 has it no more.</summary>
    private static ObservedWorld World()
    {
        var world = new WorldBuilder().Group("dmz").Member("dmz", "1_1").Member("dmz", "1_2").Build();
        return world with
        {
            Facets = [.. world.Facets, FabricFacet.ConfigurationCarrier],
            Deployed = world.Deployed with
            {
                Groups = [.. world.Deployed.Groups.Select(g => g with { ConfigurationVersion = 1, ConfigurationFingerprint = "old0000000" })],
                Members = [.. world.Deployed.Members.Select(m => m with { ConfigurationVersion = 1, ConfigurationFingerprint = m.Member == "1_1" ? "old0000000" : "" })],
            },
        };
    }

    private static FabricFacet? Asked(Func<ObservedWorld, Plan> plan, ObservedWorld world)
    {
        FabricFacet? asked = null;
        Assert.Throws<MaestroException>(() => plan(world with
        {
            MissingFacet = facet =>
            {
                asked = facet;
                return new MaestroException(ErrorCatalogue.FabricCannot, "no");
            },
        }));
        return asked;
    }
}
