using Maestro.Engine.Operations.Plans;

namespace Maestro.Engine.Fabrics.Linux;

/// <summary>What a member's own file says of it: whether it carries, is on its way out, or is out. Every change is fenced by the epoch.</summary>
internal interface IMemberFiles
{
    /// <summary>Writes that it is <c>draining</c> or <c>suspended</c>, and for what.</summary>
    Task<Effect> SuspendAsync(FabricCall call, MemberRef member, string state, string reason);

    /// <summary>Writes that it carries.</summary>
    Task<Effect> ActivateAsync(FabricCall call, MemberRef member);

    /// <summary>Tells the machine to restart, once for each step.</summary>
    Task<Effect> RestartAsync(FabricCall call, MemberRef member);
}
