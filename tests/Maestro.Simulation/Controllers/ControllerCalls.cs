using Maestro.Engine.Fabrics;
using Maestro.Engine.Hosting;
using Maestro.Engine.Model.Errors;
using Maestro.Simulation.Faults;
using Maestro.Simulation.Histories;

namespace Maestro.Simulation.Controllers;

/// <summary>What every call to the fabric goes through: death and pauses of the caller, the network, the device's moods.</summary>
internal sealed class ControllerCalls(ControllerProcess process)
{
    private readonly SeededRandom _random = process.Random.Stream("calls");

    private static readonly FaultKind[] OnTheWay =
    [
        FaultKind.LoseRequest, FaultKind.LoseAnswer, FaultKind.Duplicate, FaultKind.Delay, FaultKind.Refuse, FaultKind.RefuseOnce, FaultKind.Lie, FaultKind.BreakBefore, FaultKind.BreakAfter,
    ];

    private History History => process.History;

    /// <summary>A question. The answer is as old as its way back is long.</summary>
    public async Task<T> LookAsync<T>(bool orchestrator, Func<Task<T>> look)
    {
        await process.PassAsync();
        var place = new Place(process, "", "look");
        History.FabricCalls++;
        await History.DelayAsync(Milliseconds(5, 60));
        await process.PassAsync();
        if (orchestrator && History.OrchestratorsRestart) throw Silent("the orchestrator restarts");
        if (History.Faults.Take(place, FaultKind.Blind) is not null) throw Silent("the question got no answer");
        var answer = await look();
        await History.DelayAsync(Milliseconds(5, 200));
        await process.PassAsync();
        return answer;
    }

    public async Task<ClaimAnswer> ClaimAsync(string name, ClaimRequest request, Func<ClaimRequest, Task<ClaimAnswer>> ask)
    {
        await process.PassAsync();
        var place = new Place(process, request.OperationId, name);
        History.FabricCalls++;
        await DieOrPauseAsync(place, FaultKind.KillBeforeCall);
        if (History.Faults.Take(place, FaultKind.LoseClaim) is { } lost)
        {
            // Half of them arrive all the same.
            if (lost.Random.Next(2) == 0) await ask(request);
            return new ClaimAnswer { Granted = false, Silent = request.Participants, Reason = "nobody answered" };
        }

        var answer = await ask(request);
        History.Witness.Claimed(process, name, request, answer);
        await DieOrPauseAsync(place, FaultKind.KillAfterCall);
        return answer;
    }

    /// <summary>A call that changes something; <paramref name="gateway"/> is empty for the orchestrators.</summary>
    public async Task<Effect> SendAsync(FabricCall call, string name, string gateway, Func<FabricCall, Task<Effect>> send)
    {
        await process.PassAsync();
        var place = new Place(process, call.OperationId, name, gateway);
        History.FabricCalls++;
        await DieOrPauseAsync(place, FaultKind.KillBeforeCall);
        // What was sent arrives, whether its sender still waits or not; and devices keep their own time.
        var sent = call with { Deadline = call.Deadline - process.Clock.Offset, Cancellation = CancellationToken.None };
        History.Witness.Sent(process, place, sent);
        var answer = await GiveUpOnAsync(call.Cancellation, ThroughTheNetworkAsync(place, sent, send));
        if (History.Faults.Take(place, FaultKind.KillAfterCall) is { } late) History.Kill(process, late, "after " + place.Call);
        await process.PassAsync();
        return answer;
    }

    private async Task<Effect> ThroughTheNetworkAsync(Place place, FabricCall call, Func<FabricCall, Task<Effect>> send)
    {
        // Death right after sending: the request is under way.
        if (place.Gateway.Length == 0 && History.OrchestratorsRestart)
        {
            History.Faults.Note(place, FaultKind.OrchestratorRestart);
            await History.DelayAsync(Milliseconds(100, 3000));
            return Effect.Refused("the orchestrator restarts; nothing was done", transient: true);
        }

        if (History.Faults.TakeAny(place, OnTheWay) is not { } fault) return await send(call);
        switch (fault.Kind)
        {
            case FaultKind.LoseRequest:
                await UntilAsync(call.Deadline);
                return Effect.Unknown("no answer");

            case FaultKind.LoseAnswer:
                await send(call);
                await UntilAsync(call.Deadline);
                return Effect.Unknown("no answer");

            case FaultKind.Duplicate:
                var first = await send(call);
                await send(call);
                return first;

            case FaultKind.Delay:
                var left = Math.Max(0, (call.Deadline - History.Now).TotalMilliseconds);
                await History.DelayAsync(TimeSpan.FromMilliseconds(Math.Floor(left * fault.Random.NextDouble())));
                return await send(call);

            case FaultKind.Refuse or FaultKind.RefuseOnce:
                await History.DelayAsync(Milliseconds(100, 3000));
                return Effect.Refused("HTTP 500", transient: fault.Kind == FaultKind.RefuseOnce);

            case FaultKind.Lie:
                await History.DelayAsync(Milliseconds(100, 3000));
                return Effect.Done("it says so");

            case FaultKind.BreakBefore:
                await History.DelayAsync(Milliseconds(10, 1000));
                throw new IOException("the connection broke");

            default:
                await send(call);
                throw new IOException("the connection broke");
        }
    }

    private async Task DieOrPauseAsync(Place place, FaultKind death)
    {
        if (History.Faults.Take(place, death) is { } end) History.Kill(process, end, (death == FaultKind.KillBeforeCall ? "before " : "after ") + place.Call);
        if (History.Faults.Take(place, FaultKind.PauseAtCall) is { } still) History.Pause(process, still, place.Call);
        await process.PassAsync();
    }

    private static MaestroException Silent(string why) => new(ErrorCatalogue.MemberUnreachable, why);

    private Task UntilAsync(DateTimeOffset moment) => moment <= History.Now ? Task.CompletedTask : History.DelayAsync(moment - History.Now);

    private TimeSpan Milliseconds(int from, int to) => TimeSpan.FromMilliseconds(from + _random.Next(to - from));

    /// <summary>Whoever gives up waiting does not call back what he sent.</summary>
    private static Task<Effect> GiveUpOnAsync(CancellationToken cancellation, Task<Effect> sent)
    {
        if (!cancellation.CanBeCanceled || sent.IsCompleted) return sent;
        var first = new TaskCompletionSource<Effect>(TaskCreationOptions.RunContinuationsAsynchronously);
        var registration = cancellation.Register(() => first.TrySetCanceled(cancellation));
        WatchAsync();
        return first.Task;

        async void WatchAsync()
        {
            try
            {
                first.TrySetResult(await sent);
            }
            catch (Exception fault)
            {
                first.TrySetException(fault);
            }

            registration.Dispose();
        }
    }
}
