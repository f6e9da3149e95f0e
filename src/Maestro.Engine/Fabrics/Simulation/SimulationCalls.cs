using Maestro.Engine.Fabrics.Simulation.World;
using Maestro.Engine.Model.Errors;
using Maestro.Engine.Operations.Plans;

namespace Maestro.Engine.Fabrics.Simulation;

/// <summary>What every call to one simulated gateway goes through: faults, reach, the epoch, the passing of time.</summary>
internal static class SimulationCalls
{
    public static async Task<Effect> OnGatewayAsync(LabWorld world, FabricCall call, string name, MemberRef member, int fromSeconds, int toSeconds, Func<LabGateway, Effect> act)
    {
        var fault = world.Faults.Take(name, member.Gateway);
        if (fault == LabFaultKind.LoseRequest) return Effect.Unknown("no answer");
        if (fault is LabFaultKind.Refuse or LabFaultKind.RefuseOnce) return Effect.Refused("the gateway refused it", transient: fault == LabFaultKind.RefuseOnce);
        await world.PassTimeAsync(name, fromSeconds, toSeconds, call.Cancellation);
        world.Settle();
        if (world.Gateway(member.Gateway) is not { } gateway) return Effect.Refused($"there is no gateway {member.Gateway}", ErrorCatalogue.GatewayNotFound);
        if (!gateway.Reachable) return Effect.Refused("no answer; nothing was sent", ErrorCatalogue.MemberUnreachable, transient: true);
        if (gateway.Group != member.SecurityGroup) return Effect.Refused($"{member.Gateway} is no member of '{member.SecurityGroup}'", ErrorCatalogue.MemberNotFound);
        if (call.Epoch < gateway.Epoch) return Effect.Refused($"epoch {gateway.Epoch} was accepted there; {call.Epoch} is too old", ErrorCatalogue.LeaseLost);
        gateway.Epoch = call.Epoch;
        if (fault == LabFaultKind.Lie) return Effect.Done("it says so");
        var effect = act(gateway);
        if (effect.Kind == EffectKind.Done) world.Writes.Add($"{name} {gateway.Id} epoch {call.Epoch}");
        world.Keep();
        return fault == LabFaultKind.LoseAnswer ? Effect.Unknown("no answer") : effect;
    }
}
