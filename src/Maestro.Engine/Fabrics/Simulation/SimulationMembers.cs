using Maestro.Engine.Fabrics.Simulation.World;
using Maestro.Engine.Model.Errors;
using Maestro.Engine.Model.Groups;
using Maestro.Engine.Operations.Plans;

namespace Maestro.Engine.Fabrics.Simulation;

/// <summary>Admin down and up, restart: as the domain sheet's section 4 tells it.</summary>
internal sealed class SimulationMembers(LabWorld world) : IMemberActions
{
    public Task<Effect> SuspendAsync(FabricCall call, MemberRef member, DrainMode drain, string reason) =>
        SimulationCalls.OnGatewayAsync(world, call, "suspend", member, 1, 2, gateway =>
        {
            if (gateway.State is MemberState.Suspended or MemberState.Draining) return Effect.Already();
            var colon = reason.IndexOf(':');
            gateway.SuspendedBy = colon < 0 ? reason : reason.Substring(0, colon);
            gateway.Reason = reason;
            world.Begin(gateway, MemberState.Draining, (drain == DrainMode.Wait ? world.Draw("drain", 30, 120) : world.Draw("drain", 2, 10), new LabTransition { To = MemberState.Suspended }));
            return Effect.Done("drains");
        });

    public Task<Effect> ResumeAsync(FabricCall call, MemberRef member) =>
        SimulationCalls.OnGatewayAsync(world, call, "resume", member, 1, 2, gateway =>
        {
            if (gateway.State == MemberState.Active) return Effect.Already();
            if (gateway.State is not (MemberState.Suspended or MemberState.Draining))
            {
                return Effect.Refused($"it is {gateway.State}, which no hand caused", ErrorCatalogue.MemberStateInvalid, transient: gateway.State is MemberState.Booting or MemberState.Joining or MemberState.Ready);
            }

            gateway.SuspendedBy = "";
            gateway.Reason = "";
            world.Begin(gateway, MemberState.Ready, (world.Draw("pull", 5, 20), new LabTransition { To = MemberState.Active, PullsPolicy = true }));
            return Effect.Done("fetches policy");
        });

    public Task<Effect> RestartAsync(FabricCall call, MemberRef member) =>
        SimulationCalls.OnGatewayAsync(world, call, "restart", member, 1, 2, gateway =>
        {
            if (gateway.LastRestartKey == call.IdempotencyKey) return Effect.Done("was restarted for this step already");
            gateway.LastRestartKey = call.IdempotencyKey;
            var boot = world.Draw("boot", 180, 360);
            if (gateway.SuspendedBy.Length > 0)
            {
                world.Begin(gateway, MemberState.Booting, (boot, new LabTransition { To = MemberState.Suspended, Boots = true }));
            }
            else
            {
                world.Begin(
                    gateway,
                    MemberState.Booting,
                    (boot, new LabTransition { To = MemberState.Ready, Boots = true }),
                    (world.Draw("pull", 5, 20), new LabTransition { To = MemberState.Active, PullsPolicy = true }));
            }

            return Effect.Done("restarts");
        });

    public Task<Effect> ActivateAsync(FabricCall call, MemberRef member) =>
        SimulationCalls.OnGatewayAsync(world, call, "activate", member, 0, 1, gateway =>
            gateway.State == MemberState.Active ? Effect.Already() : Effect.Done("becomes active by itself"));
}
