using System.Globalization;
using Maestro.Engine.Fabrics.Simulation.World;
using Maestro.Engine.Model.Errors;
using Maestro.Engine.Operations.Plans;

namespace Maestro.Engine.Fabrics.Simulation;

/// <summary>What every call that changes something goes through: faults, reach, the epoch, the passing of time, the log.</summary>
internal sealed class SimulationCalls(LabWorld world)
{
    public LabWorld World => world;

    /// <summary>A call to one gateway, which takes between so many seconds.</summary>
    public Task<Effect> OnGatewayAsync(FabricCall call, string name, MemberRef member, string arguments, int fromSeconds, int toSeconds, Func<LabGateway, Effect> act) =>
        RunAsync(call, name, member.Gateway, arguments, fromSeconds, toSeconds, fault =>
        {
            if (world.State.FindGateway(member.Gateway) is not { } gateway) return Effect.Refused($"there is no gateway {member.Gateway}", ErrorCatalogue.GatewayNotFound);
            if (!gateway.Answers)
            {
                var boots = gateway.UnreachableSince is null;
                return Effect.Refused(boots ? "it boots; nothing was sent" : "no answer; nothing was sent", ErrorCatalogue.MemberUnreachable, transient: true) with { IsComing = boots };
            }

            if (gateway.Group != member.SecurityGroup) return Effect.Refused($"{member.Gateway} is no member of '{member.SecurityGroup}'", ErrorCatalogue.MemberNotFound);
            if (call.Epoch < gateway.Epoch) return Stale(call, gateway);
            if (fault == LabFaultKind.Crash)
            {
                world.Life.Boot(gateway);
                return Effect.Unknown("the connection broke");
            }

            gateway.Epoch = call.Epoch;
            return fault == LabFaultKind.Lie ? null : act(gateway);
        });

    /// <summary>A call to the orchestrators. Nothing of the answer says who was asked: they share one topology.</summary>
    public Task<Effect> OnOrchestratorAsync(FabricCall call, string name, string subject, string arguments, Func<Effect> act) =>
        RunAsync(call, name, subject, arguments, 1, 3, fault => fault == LabFaultKind.Lie ? null : act());

    public Effect Stale(FabricCall call, LabGateway gateway) => Effect.Refused(
        $"{gateway.Id} has accepted epoch {Text(gateway.Epoch)}; {Text(call.Epoch)} is too old",
        ErrorCatalogue.LeaseLost);

    /// <summary>Logs a look.</summary>
    public void Looked(string name, string subject) => world.Log.Add(new LabCall(world.Now, name, subject, "", 0, "", "", "", Changed: false));

    // Null from the act says that the device lies: it claims to have done it.
    private async Task<Effect> RunAsync(FabricCall call, string name, string subject, string arguments, int fromSeconds, int toSeconds, Func<LabFaultKind?, Effect?> act)
    {
        var fault = world.Faults.Take(name, subject);
        var left = call.Deadline - world.Now;
        var takes = world.Draw(name, subject, fromSeconds, toSeconds);
        var late = fault is LabFaultKind.Slow or LabFaultKind.LoseRequest or LabFaultKind.LoseAnswer || takes > left;
        await world.DelayAsync(late ? Max(left, TimeSpan.Zero) : takes, call.Cancellation);
        world.Life.Settle();

        var effect = fault switch
        {
            LabFaultKind.LoseRequest => Effect.Unknown("no answer"),
            LabFaultKind.Refuse or LabFaultKind.RefuseOnce => Effect.Refused("it was refused", transient: fault == LabFaultKind.RefuseOnce),
            _ => act(fault) ?? Effect.Done("it says so"),
        };
        var changed = effect.Kind == EffectKind.Done && fault != LabFaultKind.Lie;
        world.Keep();
        var answer = late && effect.Kind is not EffectKind.Refused ? Effect.Unknown("no answer in time") : effect;
        world.Log.Add(new LabCall(world.Now, name, subject, arguments, call.Epoch, call.OperationId, call.StepId, answer.Kind.ToString(), changed, call.Attempt));
        return answer;
    }

    private static TimeSpan Max(TimeSpan a, TimeSpan b) => a > b ? a : b;

    private static string Text(long value) => value.ToString(CultureInfo.InvariantCulture);
}
