using Maestro.Engine.Fabrics.Simulation;
using Maestro.Engine.Model.Fabric;

namespace Maestro.Engine.Tests.Fabrics.Simulation;

/// <summary>The lab on its first day.</summary>
public sealed class LabWorldTests
{
    [Fact]
    public void It_has_two_sites_four_orchestrators_twelve_free_gateways_and_no_group()
    {
        using var lab = new DrivenLab();
        var view = lab.View();
        Assert.Equal(["1_1", "1_2", "2_1", "2_2"], view.Orchestrators.Select(o => o.Id));
        Assert.Equal(12, view.Gateways.Count);
        Assert.Equal(6, view.Gateways.Count(g => g.Site == 2));
        Assert.All(view.Gateways, g => Assert.Equal((GatewayState.Unassigned, "UNASSIGNED", ""), (g.State, g.RawState, g.SecurityGroup)));
        Assert.Empty(view.Groups);
        Assert.Empty(view.Members);
    }

    [Fact]
    public void Its_gateways_are_of_two_models_with_cores_of_their_own_and_unlike_versions()
    {
        using var lab = new DrivenLab();
        var gateways = lab.View().Gateways;
        Assert.Equal(2, gateways.Select(g => g.Model).Distinct().Count());
        Assert.Equal(2, gateways.Select(g => (g.Model, g.CoreCount)).Distinct().Count());
        Assert.Contains(gateways, g => g.Version.StartsWith("R82", StringComparison.Ordinal));
        Assert.Contains(gateways, g => g.Version.StartsWith("R81.20", StringComparison.Ordinal));
        Assert.Equal(12, gateways.Select(g => g.Id).Distinct().Count());
        Assert.Equal(12, gateways.Select(g => g.Address).Distinct().Count());
    }

    [Fact]
    public void Its_orchestrators_have_uplinks_a_management_port_sync_ports_and_a_downlink_to_each_gateway()
    {
        using var lab = new DrivenLab();
        var view = lab.View();
        Assert.Equal(view.Ports.Count, view.Ports.Select(p => p.Id).Distinct().Count());
        Assert.Equal("eth1-05", view.Ports.Single(p => p.Id == "1/5/1").Name);
        foreach (var orchestrator in view.Orchestrators)
        {
            var types = view.Ports.Where(p => p.Orchestrator == orchestrator.Id).Select(p => p.Type).Distinct();
            Assert.Equal([PortType.Uplink, PortType.Downlink, PortType.Management, PortType.SiteSync, PortType.InternalSync], types.OrderBy(t => t));
        }

        var downlinks = view.Ports.Where(p => p.Type == PortType.Downlink).ToDictionary(p => p.Id, p => p.Site);
        Assert.All(view.Gateways, g => Assert.Equal([g.Site, g.Site], g.Downlink.Select(d => downlinks[d])));
        Assert.Equal(24, view.Gateways.SelectMany(g => g.Downlink).Distinct().Count());
    }

    [Fact]
    public void Another_seed_is_another_world()
    {
        using var one = new DrivenLab(new LabOptions { Seed = 1 });
        using var two = new DrivenLab(new LabOptions { Seed = 2 });
        using var again = new DrivenLab(new LabOptions { Seed = 1 });
        Assert.NotEqual(one.View().Gateways.Select(g => g.Id), two.View().Gateways.Select(g => g.Id));
        Assert.Equal(one.View().Gateways.Select(g => g.Id), again.View().Gateways.Select(g => g.Id));
    }
}
