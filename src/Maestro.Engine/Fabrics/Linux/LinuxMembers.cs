using Maestro.Engine.Model.Errors;
using Maestro.Engine.Operations.Plans;

namespace Maestro.Engine.Fabrics.Linux;

/// <summary>What can be done to one Linux member without a distribution: count it as active. Taking it out needs somebody who steers its traffic elsewhere.</summary>
internal sealed class LinuxMembers(LinuxHosts hosts) : IMemberActions
{
    public Task<Effect> SuspendAsync(FabricCall call, MemberRef member, DrainMode drain, string reason) => Task.FromResult(Cannot());

    public Task<Effect> ResumeAsync(FabricCall call, MemberRef member) => Task.FromResult(Cannot());

    public Task<Effect> RestartAsync(FabricCall call, MemberRef member) => Task.FromResult(Cannot());

    public async Task<Effect> ActivateAsync(FabricCall call, MemberRef member) => (await hosts.WriteAsync(call, member.Gateway, GatewayScripts.Activate(call.Epoch))).Effect;

    private static Effect Cannot() => Effect.Refused("nothing steers this group's traffic, so a member cannot be taken out of it", ErrorCatalogue.FabricCannot);
}
