using Maestro.Engine.Fabrics;
using Maestro.Engine.Hosting;
using Maestro.Engine.Model.Errors;
using Maestro.Engine.Operations.Leases;
using Maestro.Engine.Operations.Plans;
using Maestro.Simulation.Faults;
using Maestro.Simulation.Histories;

namespace Maestro.Simulation.Controllers;

/// <summary>What every call to the fabric goes through: death and pauses of the caller, the network, the device's moods.</summary>
internal sealed class ControllerCalls(ControllerProcess process)
{
    private readonly SeededRandom _random = process.Random.Stream("calls");

    private static readonly FaultKind[] OnTheWay =
    [
        FaultKind.LoseRequest, FaultKind.LoseAnswer, FaultKind.Duplicate, FaultKind.Delay, FaultKind.Refuse, FaultKind.RefuseOnce, FaultKind.Lie, FaultKind.BreakBefore, FaultKind.BreakAfter, FaultKind.Reorder,
    ];

    private static readonly FaultKind[] OnTheWayToOrchestrators = [.. OnTheWay, FaultKind.ServerError, FaultKind.SessionExpires, FaultKind.TaskFails];

    private History History => process.History;

    /// <summary>A question to the orchestrators. The answer is as old as its way back is long.</summary>
    public Task<T> LookAsync<T>(Func<Task<T>> look) => LookAsync<T>(Network.Orchestrators, look, () => throw Silent("the orchestrator did not answer"));

    /// <summary>A question to a gateway.</summary>
    /// <param name="gateway">Empty for the orchestrators.</param>
    /// <param name="look">Asks.</param>
    /// <param name="nobody">What is known when nothing comes back.</param>
    public async Task<T> LookAsync<T>(string gateway, Func<Task<T>> look, Func<T> nobody)
    {
        var orchestrator = gateway == Network.Orchestrators;
        await process.PassAsync();
        var place = new Place(process, "", "look");
        History.FabricCalls++;
        await History.DelayAsync(Milliseconds(5, 60));
        await process.PassAsync();
        if (orchestrator && History.OrchestratorsRestart) throw Befallen(FaultKind.OrchestratorRestart, "the orchestrator restarts");
        if (orchestrator && History.Network.IsExpired(process.Name)) throw Befallen(FaultKind.SessionExpires, "HTTP 401");
        if (History.Faults.Take(place, FaultKind.Blind) is not null) throw Silent("the question got no answer");
        // A question that is lost on its way there and one that is lost on its way back look the same to who asks.
        if (History.Network.LosesRequest(process.Name, gateway) is not null || History.Network.LosesAnswer(process.Name, gateway) is not null)
        {
            await History.DelayAsync(Milliseconds(1000, 5000));
            await process.PassAsync();
            return nobody();
        }

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

        var answer = await AskAsync(place, request, ask);
        History.Witness.Claimed(process, name, request, answer);
        await DieOrPauseAsync(place, FaultKind.KillAfterCall);
        return answer;
    }

    /// <summary>Whom the request does not reach keeps no claim; whose answer is lost keeps it, and is not counted.</summary>
    private async Task<ClaimAnswer> AskAsync(Place place, ClaimRequest request, Func<ClaimRequest, Task<ClaimAnswer>> ask)
    {
        var reached = request.Participants.Where(p => Arrives(History.Network.LosesRequest(process.Name, p.Gateway))).ToList();
        if (ClaimMajority.FindLack(request, reached) is not null) return TooFew([.. request.Participants.Except(reached)]);
        var answer = await ask(reached.Count == request.Participants.Count ? request : request with { Participants = reached });
        var heard = reached.Where(p => Arrives(History.Network.LosesAnswer(process.Name, p.Gateway))).ToList();
        if (heard.Count == request.Participants.Count) return answer;
        var silent = request.Participants.Where(p => !heard.Contains(p) || answer.Silent.Contains(p)).ToList();
        return answer.Granted && ClaimMajority.FindLack(request, request.Participants.Except(silent)) is not null ? TooFew(silent) : answer with { Silent = silent };

        bool Arrives(FaultKind? lost)
        {
            if (lost is { } kind) History.Faults.Note(place, kind);
            return lost is null;
        }

        static ClaimAnswer TooFew(IReadOnlyList<MemberRef> silent) => new() { Granted = false, Silent = silent, Reason = "too few answered" };
    }

    /// <summary>A call that changes something.</summary>
    /// <param name="call">Whose.</param>
    /// <param name="name">Its name in traces.</param>
    /// <param name="gateway">Empty for the orchestrators.</param>
    /// <param name="send">Does it.</param>
    /// <param name="sendPart">Does what a task does of it that then fails; null for nothing.</param>
    public async Task<Effect> SendAsync(FabricCall call, string name, string gateway, Func<FabricCall, Task<Effect>> send, Func<FabricCall, Task<Effect>>? sendPart = null)
    {
        await process.PassAsync();
        var place = new Place(process, call.OperationId, name, gateway);
        History.FabricCalls++;
        await DieOrPauseAsync(place, FaultKind.KillBeforeCall);
        // What was sent arrives, whether its sender still waits or not; and devices keep their own time.
        var sent = call with { Deadline = call.Deadline - process.Clock.Offset, Cancellation = CancellationToken.None };
        History.Witness.Sent(process, place, sent);
        var answer = await GiveUpOnAsync(call.Cancellation, ThroughTheNetworkAsync(place, sent, send, sendPart));
        if (History.Faults.Take(place, FaultKind.KillAfterCall) is { } late) History.Kill(process, late, "after " + place.Call);
        await process.PassAsync();
        return answer;
    }

    private async Task<Effect> ThroughTheNetworkAsync(Place place, FabricCall call, Func<FabricCall, Task<Effect>> send, Func<FabricCall, Task<Effect>>? sendPart)
    {
        if (place.Gateway == Network.Orchestrators) History.Network.Changes(process.Name);
        if (History.Network.LosesRequest(process.Name, place.Gateway) is { } there)
        {
            History.Faults.Note(place, there);
            await UntilAsync(call.Deadline);
            return Effect.Unknown("no answer");
        }

        var answer = await ToTheDeviceAsync(place, call, Passing(send), sendPart is null ? null : Passing(sendPart));
        if (History.Network.LosesAnswer(process.Name, place.Gateway) is not { } back) return answer;
        History.Faults.Note(place, back);
        await UntilAsync(call.Deadline);
        return Effect.Unknown("no answer");
    }

    private Func<FabricCall, Task<Effect>> Passing(Func<FabricCall, Task<Effect>> send) => async call =>
    {
        var effect = await send(call);
        History.Network.Passed(process.Name);
        return effect;
    };

    private async Task<Effect> ToTheDeviceAsync(Place place, FabricCall call, Func<FabricCall, Task<Effect>> send, Func<FabricCall, Task<Effect>>? sendPart)
    {
        // Death right after sending: the request is under way.
        if (place.Gateway.Length == 0 && History.OrchestratorsRestart)
        {
            History.Faults.Note(place, FaultKind.OrchestratorRestart);
            await History.DelayAsync(Milliseconds(100, 3000));
            return Effect.Refused("the orchestrator restarts; nothing was done", transient: true);
        }

        if (place.Gateway.Length == 0 && History.Network.IsExpired(process.Name))
        {
            History.Faults.Note(place, FaultKind.SessionExpires);
            return await Unauthorised();
        }

        if (History.Faults.TakeAny(place, place.Gateway.Length == 0 ? OnTheWayToOrchestrators : OnTheWay) is not { } fault) return await send(call);
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

            case FaultKind.Reorder:
                await History.Network.UntilOvertakenAsync(process.Name, call.Deadline);
                return await send(call);

            case FaultKind.SessionExpires:
                History.Network.Expire(process.Name, TimeSpan.FromSeconds(1 + fault.Random.Next(40)));
                return await Unauthorised();

            case FaultKind.ServerError:
                if (fault.Random.Next(2) == 0) await send(call);
                else await History.DelayAsync(Milliseconds(100, 3000));
                return Effect.Unknown("HTTP 500");

            case FaultKind.Lie:
                await History.DelayAsync(Milliseconds(100, 3000));
                return Effect.Done("it says so");

            case FaultKind.TaskFails:
                if (sendPart is null) await History.DelayAsync(Milliseconds(100, 3000));
                else await sendPart(call);
                return Effect.Done("succeeded");

            case FaultKind.BreakBefore:
                await History.DelayAsync(Milliseconds(10, 1000));
                throw new IOException("the connection broke");

            default:
                await send(call);
                throw new IOException("the connection broke");
        }

        async Task<Effect> Unauthorised()
        {
            await History.DelayAsync(Milliseconds(100, 3000));
            return Effect.Refused("HTTP 401", transient: true);
        }
    }

    private async Task DieOrPauseAsync(Place place, FaultKind death)
    {
        if (History.Faults.Take(place, death) is { } end) History.Kill(process, end, (death == FaultKind.KillBeforeCall ? "before " : "after ") + place.Call);
        if (History.Faults.Take(place, FaultKind.PauseAtCall) is { } still) History.Pause(process, still, place.Call);
        await process.PassAsync();
    }

    /// <summary>A look does not say which operation asks: it befalls what the process runs.</summary>
    private MaestroException Befallen(FaultKind fault, string why)
    {
        History.Befell(fault, o => o.Process == process);
        return Silent(why);
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
