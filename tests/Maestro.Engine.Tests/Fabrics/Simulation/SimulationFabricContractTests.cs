using Maestro.Engine.Fabrics.Simulation;
using Maestro.Engine.Tests.Store;
using Maestro.Fabrics.Contract.Fabric;

namespace Maestro.Engine.Tests.Fabrics.Simulation;

/// <summary>The lab keeps every fabric's promises.</summary>
public sealed class SimulationFabricContractTests : FabricContract
{
    protected override Task<FabricUnderTest> CreateAsync()
    {
        var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("one.nft"), "table inet web {\n  chain forward { type filter hook forward priority 0; policy drop; tcp dport 443 accept; }\n}\n");
        File.WriteAllText(folder.File("two.nft"), "table inet web {\n  chain forward { type filter hook forward priority 0; policy drop; tcp dport 80 accept; }\n}\n");
        File.WriteAllText(folder.File("broken.nft"), "table inet web {\n  chain forward {\n");
        var lab = OpenLab.Open(new LabOptions());
        return Task.FromResult(new FabricUnderTest
        {
            Fabric = lab.Fabric,
            Scheduler = lab.Scheduler,
            FreeGateways = [.. lab.Fabric.World.State.Gateways.Where(g => g.Site == 1).Select(g => g.Id)],
            PolicyPath = folder.File("one.nft"),
            OtherPolicyPath = folder.File("two.nft"),
            BrokenPolicyPath = folder.File("broken.nft"),
            SilenceAsync = gateway => lab.Scheduler.RunAsync(() =>
            {
                lab.Fabric.World.Incidents.Lose(gateway);
                return Task.FromResult(true);
            }),
            CloseAsync = () =>
            {
                folder.Dispose();
                return Task.CompletedTask;
            },
        });
    }
}
