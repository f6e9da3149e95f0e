using Maestro.Engine.Operations.Plans;

namespace Maestro.Engine.Fabrics;

public enum DrainMode
{
    /// <summary>State is copied, flows are moved.</summary>
    Move,

    /// <summary>Flows end by themselves first.</summary>
    Wait,
}

/// <summary>What can be done to one member.</summary>
public interface IMemberActions
{
    /// <summary>Takes the member out of the distribution; survives restarts. <paramref name="reason"/> is who and why, as other tools will show it.</summary>
    Task<Effect> SuspendAsync(FabricCall call, MemberRef member, DrainMode drain, string reason);

    /// <summary>Lets it carry traffic again. Refused for a cause that is not administrative.</summary>
    Task<Effect> ResumeAsync(FabricCall call, MemberRef member);

    /// <summary>Restarts the machine; answers when the restart was accepted.</summary>
    Task<Effect> RestartAsync(FabricCall call, MemberRef member);

    /// <summary>Counts a prepared joiner as active. Where members become active by themselves this answers Already once they are.</summary>
    Task<Effect> ActivateAsync(FabricCall call, MemberRef member);
}
