using Maestro.Engine.Fabrics.Probes;
using Maestro.Engine.Operations.Plans;

namespace Maestro.Engine.Fabrics.Linux;

/// <summary>Probes from here, and commands on the hosts themselves.</summary>
internal sealed class LinuxProbes(LinuxHosts hosts, HereProbes here) : IProbes
{
    private static readonly TimeSpan CommandLimit = TimeSpan.FromSeconds(10);

    public async Task<Effect> AskAsync(FabricCall call, Probe probe, MemberRef? member)
    {
        if (member is null) return await here.AskAsync(call, probe);
        var answer = await hosts.ReadAsync(member.Gateway, GatewayScripts.Probe(probe.What, CommandLimit), call.Cancellation);
        var effect = LinuxHosts.EffectOf(answer, member.Gateway);
        return effect.Kind is EffectKind.Done or EffectKind.Already
            ? effect
            : HereProbes.Failed(effect.Reason.Length > 0 ? effect.Reason : $"{member.Gateway} did not answer", effect.Evidence);
    }
}
