using Maestro.Engine.Model.Errors;
using Maestro.Engine.Operations.Plans;

namespace Maestro.Engine.Fabrics.Linux;

/// <summary>The members' files on real hosts, written by scripts.</summary>
internal sealed class LinuxMemberFiles(LinuxHosts hosts) : IMemberFiles
{
    public async Task<Effect> SuspendAsync(FabricCall call, MemberRef member, string state, string reason) =>
        hosts.Find(member.Gateway) is null ? NotThere(member) : (await hosts.WriteAsync(call, member.Gateway, GatewayScripts.Suspend(call.Epoch, member.Member, state, LinuxGroup.Line(reason)))).Effect;

    public async Task<Effect> ActivateAsync(FabricCall call, MemberRef member) => (await hosts.WriteAsync(call, member.Gateway, GatewayScripts.Activate(call.Epoch))).Effect;

    public async Task<Effect> RestartAsync(FabricCall call, MemberRef member) =>
        hosts.Find(member.Gateway) is null ? NotThere(member) : (await hosts.WriteAsync(call, member.Gateway, GatewayScripts.Restart(call.Epoch, member.Member, call.IdempotencyKey))).Effect;

    private static Effect NotThere(MemberRef member) => Effect.Refused($"the inventory has no gateway '{member.Gateway}'", ErrorCatalogue.GatewayNotFound);
}
