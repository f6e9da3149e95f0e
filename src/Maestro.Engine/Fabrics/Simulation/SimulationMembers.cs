using Maestro.Engine.Fabrics.Simulation.World;
using Maestro.Engine.Model.Errors;
using Maestro.Engine.Model.Groups;
using Maestro.Engine.Operations.Plans;

namespace Maestro.Engine.Fabrics.Simulation;

/// <summary>Admin down and up, restart: as the domain sheet's section 4 tells it.</summary>
internal sealed class SimulationMembers(SimulationCalls calls) : IMemberActions
{
    private LabLife Life => calls.World.Life;

    public Task<Effect> SuspendAsync(FabricCall call, MemberRef member, DrainMode drain, string reason) =>
        calls.OnGatewayAsync(call, "suspend", member, $"{drain} '{reason}'", 1, 2, gateway =>
        {
            switch (gateway.State)
            {
                case MemberState.Suspended:
                    return Effect.Already($"by {gateway.SuspendedBy}");
                case MemberState.Draining:
                    return Effect.Done("drains already");
                case MemberState.Active or MemberState.Standby or MemberState.Ready or MemberState.Down:
                    var colon = reason.IndexOf(':');
                    Life.Suspend(gateway, drain, colon < 0 ? reason : reason.Substring(0, colon), reason);
                    return Effect.Done(gateway.State == MemberState.Draining ? "drains" : "carried no traffic");
                default:
                    return NotNow(gateway);
            }
        });

    public Task<Effect> ResumeAsync(FabricCall call, MemberRef member) =>
        calls.OnGatewayAsync(call, "resume", member, "", 1, 2, gateway =>
        {
            // g_clusterXL_admin up clears what a hand did; it cannot mend hardware or software (domain sheet, section 4.3).
            if (gateway.Pnotes.Count > 0) return Effect.Refused($"it is down for {string.Join(", ", gateway.Pnotes)}, which no hand caused", ErrorCatalogue.MemberStateInvalid);
            switch (gateway.State)
            {
                case MemberState.Active:
                    return Effect.Already();
                case MemberState.Suspended or MemberState.Draining:
                    Life.Resume(gateway);
                    return Effect.Done("fetches policy");
                case MemberState.Ready:
                    return Effect.Done("fetches policy already");
                default:
                    return NotNow(gateway);
            }
        });

    public Task<Effect> RestartAsync(FabricCall call, MemberRef member) =>
        calls.OnGatewayAsync(call, "restart", member, "", 1, 2, gateway =>
        {
            if (gateway.LastRestartKey == call.IdempotencyKey) return Effect.Done("was restarted for this step already");
            gateway.LastRestartKey = call.IdempotencyKey;
            Life.Boot(gateway);
            return Effect.Done("restarts");
        });

    public Task<Effect> ActivateAsync(FabricCall call, MemberRef member) =>
        calls.OnGatewayAsync(call, "activate", member, "", 0, 1, gateway => gateway.State == MemberState.Active ? Effect.Already() : NotNow(gateway));

    private static Effect NotNow(LabGateway gateway) => Effect.Refused(
        $"it is {gateway.State} and becomes active by itself",
        ErrorCatalogue.MemberStateInvalid,
        transient: gateway.State is MemberState.Joining or MemberState.Ready);
}
