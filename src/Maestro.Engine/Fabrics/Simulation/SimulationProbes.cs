using Maestro.Engine.Fabrics.Probes;
using Maestro.Engine.Model.Errors;
using Maestro.Engine.Operations.Plans;

namespace Maestro.Engine.Fabrics.Simulation;

/// <summary>A lab has no network and no shells: scripts are run here, the commands <c>true</c> and <c>false</c> answer as they do anywhere, and what cannot be asked is refused.</summary>
internal sealed class SimulationProbes(SimulationCalls calls, HereProbes here) : IProbes
{
    public Task<Effect> AskAsync(FabricCall call, Probe probe, MemberRef? member)
    {
        if (member is null)
        {
            return probe.Kind == ProbeKind.Script
                ? Task.FromResult(here.RunScript(probe))
                : Task.FromResult(Effect.Refused($"a lab has no network in which '{probe}' could be asked", ErrorCatalogue.FabricCannot));
        }

        return calls.OnGatewayAsync(call, "probe", member, probe.What, 1, 2, _ => probe.What switch
        {
            "true" => Effect.Already("it ended with 0"),
            "false" => HereProbes.Failed("it ended with 1", ""),
            _ => Effect.Refused($"a lab's gateways run no commands but true and false, so not '{probe.What}'", ErrorCatalogue.FabricCannot),
        });
    }
}
