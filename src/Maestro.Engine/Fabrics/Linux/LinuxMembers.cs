using Maestro.Engine.Fabrics.Linux.Traffic;
using Maestro.Engine.Model.Errors;
using Maestro.Engine.Operations.Plans;

namespace Maestro.Engine.Fabrics.Linux;

/// <summary>What can be done to one Linux member: count it as active, with its share of the traffic where orchestrating hosts steer that.</summary>
internal sealed class LinuxMembers(LinuxHosts hosts, LinuxTraffic? traffic) : IMemberActions
{
    public Task<Effect> SuspendAsync(FabricCall call, MemberRef member, DrainMode drain, string reason) => Task.FromResult(Cannot());

    public Task<Effect> ResumeAsync(FabricCall call, MemberRef member) => Task.FromResult(Cannot());

    public Task<Effect> RestartAsync(FabricCall call, MemberRef member) => Task.FromResult(Cannot());

    public async Task<Effect> ActivateAsync(FabricCall call, MemberRef member)
    {
        // Its share first: a controller that dies in between leaves a joiner behind, which the next one activates.
        var share = traffic is null ? Effect.Already() : await traffic.JoinAsync(call, member);
        if (share.Kind is EffectKind.Refused or EffectKind.Unknown) return share;
        var (effect, _) = await hosts.WriteAsync(call, member.Gateway, GatewayScripts.Activate(call.Epoch));
        return effect.Kind == EffectKind.Already && share.Kind == EffectKind.Done ? share : effect with { Evidence = string.Join("\n", new[] { effect.Evidence, share.Evidence }.Where(e => e.Length > 0)) };
    }

    private static Effect Cannot() => Effect.Refused("nothing copies what this member knows of its connections to others, so it cannot be taken out", ErrorCatalogue.FabricCannot);
}
