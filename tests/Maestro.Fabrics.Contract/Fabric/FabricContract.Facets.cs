using Maestro.Engine.Fabrics;
using Maestro.Engine.Model.Errors;

namespace Maestro.Fabrics.Contract.Fabric;

public abstract partial class FabricContract
{
    [SkippableFact]
    public void A_missing_facet_says_which_fabric_lacks_it_and_the_way_out()
    {
        foreach (var facet in Enum.GetValues<FabricFacet>())
        {
            var fault = Fabric.MissingFacet(facet);
            Assert.Equal(ErrorCatalogue.FabricCannot, fault.Code);
            Assert.Contains(Fabric.Traits.Name, fault.Message, StringComparison.OrdinalIgnoreCase);
            Assert.NotEqual("", fault.Advice);
        }
    }

    [SkippableFact]
    public void The_traits_name_the_fabric_and_bound_its_waits()
    {
        Assert.Contains(Fabric.Traits.Name, (string[])["Lab", "Linux", "CheckPoint"]);
        Assert.NotEqual("", Fabric.Traits.Endpoint);
        Assert.True(Fabric.Traits.DefaultTimeout > TimeSpan.Zero);
        Assert.Equal(Fabric.Policies is not null, Fabric.Traits.Capability.Contains("Policy"));
        Assert.Equal(Fabric.Configurations is not null, Fabric.Traits.Capability.Contains("Configuration"));
        Assert.Equal(Fabric.Traffic is not null, Fabric.Traits.Capability.Contains("Distribution"));
        Assert.Equal(Fabric.Claims is not null, Fabric.Traits.Capability.Contains("Fencing"));
    }
}
