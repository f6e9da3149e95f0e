using Maestro.Engine.Fabrics;
using Maestro.Engine.Fabrics.Linux;
using Maestro.Engine.Fabrics.Simulation;
using Maestro.Engine.Fabrics.Simulation.World;
using Maestro.Engine.Model.Errors;
using Maestro.Engine.Model.Groups;
using Maestro.Engine.Operations.Plans;
using Maestro.Simulation.Controllers;

namespace Maestro.Simulation.Steering;

/// <summary>The simulated hosts' own files, fenced by the epoch. Their gateway's state is what the file says.</summary>
internal sealed class SteeredMemberFiles(HostCalls hosts, ControllerCalls calls) : IMemberFiles
{
    private readonly SimulationCalls _world = new(hosts.History.World);

    public Task<Effect> SuspendAsync(FabricCall call, MemberRef member, string state, string reason)
    {
        // The first of the two is the suspend that invariants know.
        var name = state == "draining" ? "suspend" : state;
        return SendAsync(call, name, member, $"'{reason}'", gateway =>
        {
            switch (gateway.State)
            {
                case MemberState.Suspended:
                    return Effect.Already($"by {gateway.SuspendedBy}");
                case MemberState.Draining when state == "draining":
                    return Effect.Already("drains already");
                case MemberState.Joining:
                    return Effect.Refused("it has not joined yet", ErrorCatalogue.MemberStateInvalid);
            }

            if (gateway.State != MemberState.Draining) gateway.Reason = reason;
            var colon = gateway.Reason.IndexOf(':', StringComparison.Ordinal);
            gateway.SuspendedBy = colon < 0 ? gateway.Reason : gateway.Reason[..colon];
            hosts.History.World.Life.Stop(gateway, state == "draining" ? MemberState.Draining : MemberState.Suspended);
            return Effect.Done(state, verified: true);
        });
    }

    public Task<Effect> ActivateAsync(FabricCall call, MemberRef member) => SendAsync(call, "resume", member, "", gateway =>
    {
        if (gateway.State == MemberState.Active) return Effect.Already();
        (gateway.SuspendedBy, gateway.Reason) = ("", "");
        hosts.History.World.Life.Stop(gateway, MemberState.Active);
        return Effect.Done("active", verified: true);
    });

    public Task<Effect> RestartAsync(FabricCall call, MemberRef member) => SendAsync(call, "restart", member, "", gateway =>
    {
        if (gateway.LastRestartKey == call.IdempotencyKey) return Effect.Done("was restarted for this step already");
        gateway.LastRestartKey = call.IdempotencyKey;
        hosts.World.LoseKernel(hosts.World.Host(gateway.Id));
        var state = gateway.State;
        hosts.History.World.Life.Boot(gateway);
        // As its file says, whoever it was that wrote it; nobody fetches anything.
        if (gateway.Transitions.Count > 1) gateway.Transitions.RemoveRange(1, gateway.Transitions.Count - 1);
        gateway.Transitions[0].To = state is MemberState.Down ? MemberState.Active : state;
        return Effect.Done("restarts");
    });

    private async Task<Effect> SendAsync(FabricCall call, string name, MemberRef member, string arguments, Func<LabGateway, Effect> act)
    {
        try
        {
            return await calls.SendAsync(call, name, member.Gateway, c => _world.OnGatewayAsync(c, name, member, arguments, 0, 1, act));
        }
        catch (IOException broken)
        {
            return Effect.Unknown("the answer was lost", broken.Message);
        }
    }
}
