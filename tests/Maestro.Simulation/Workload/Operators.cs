using System.Globalization;
using Maestro.Engine.Clustering.Distribution;
using Maestro.Engine.Clustering.Membership;
using Maestro.Engine.Fabrics.Simulation.World;
using Maestro.Engine.Hosting;
using Maestro.Engine.Model.Errors;
using Maestro.Engine.Model.Operations;
using Maestro.Engine.Operations;
using Maestro.Engine.Operations.Journal;
using Maestro.Engine.Operations.Plans;
using Maestro.Engine.Operations.Running;
using Maestro.Engine.Synchronisation.Policy;
using Maestro.Simulation.Controllers;
using Maestro.Simulation.Histories;
using Maestro.Simulation.Invariants;
using Maestro.Simulation.Scenarios;

namespace Maestro.Simulation.Workload;

/// <summary>People and runbooks, who want things at any moment and take no for an answer only after a while.</summary>
internal sealed class Operators(History history)
{
    private const int MostResumes = 3;

    private readonly Dictionary<string, int> _resumes = new(StringComparer.Ordinal);
    private readonly Wishes _wishes = new(history);

    public void Begin(ScenarioEntry entry) => _ = history.Scheduler.RunAsync(async () =>
    {
        await ActAsync(entry);
        return true;
    });

    /// <summary>A runbook that settles every group, until nothing is unfinished or the bound is reached.</summary>
    /// <param name="calm">A person clears away what stands in the way.</param>
    public async Task SettleAllAsync(Action calm)
    {
        var began = history.Now;
        await history.DelayAsync(TimeSpan.FromMinutes(2));
        while (true)
        {
            if (history.Witness.Operations.All(o => OperationStateMachine.IsEnd(o.State)) && history.World.State.Gateways.All(IsAtRest)) return;
            if (history.Now - began > History.Bound) return;
            calm();
            foreach (var controller in history.Controllers.GroupBy(c => c.Machine).Select(g => g.First()))
            {
                var open = history.Witness.Operations.Where(o => o.Machine == controller.Machine && !OperationStateMachine.IsEnd(o.State)).ToList();
                foreach (var operation in open) await SettleAsync(controller.Process, operation);
            }

            await history.DelayAsync(TimeSpan.FromMinutes(1));
        }
    }

    /// <summary>A person brings members to their group's policy and orchestrators to its table; then the watches have the time that they need to believe in who came back.</summary>
    /// <param name="calm">A person clears away what stands in the way.</param>
    public async Task TidyAsync(Action calm)
    {
        for (var round = 0; round < 3; round++)
        {
            foreach (var group in history.World.State.Groups.Select(g => g.Name).ToList())
            {
                foreach (var change in new ChangeRequest[] { new SyncPolicyChange { Group = group }, new SetDistributionChange { Group = group } })
                {
                    var process = history.Controllers[0].Process;
                    var answer = await process.OrDeathAsync(RunAsync(process.Host, change, new RunOptions { Source = "operator" }));
                    if (answer is not null) Judge(process, "tidy", answer.Fault ?? answer.Value?.Failure);
                }
            }

            await history.DelayAsync(TimeSpan.FromSeconds(90));
            await SettleAllAsync(calm);
        }

        await history.DelayAsync(TimeSpan.FromMinutes(2));
    }

    // Somebody who still tries has a claim before he has an operation.
    private bool IsAtRest(LabGateway gateway) => gateway.Transitions.Count == 0 && (gateway.Holder is null || gateway.Holder.Until <= history.Now);

    private async Task SettleAsync(ControllerProcess process, OperationFacts operation)
    {
        // A person who finds it at rest ends it; who finds it half-way resumes it, and ends it when that does not help.
        var tries = _resumes[operation.Id] = _resumes.GetValueOrDefault(operation.Id) + 1;
        var answer = await process.OrDeathAsync(SettleAsync(process.Host, operation, tries));
        if (answer is null) return;
        Judge(process, "settle " + operation.Id, answer.Fault);
    }

    private static async Task<bool> SettleAsync(EngineHost host, OperationFacts operation, int tries)
    {
        var options = new RunOptions { Source = "runbook" };
        var state = (await host.GetOperationAsync(operation.Id)).State;
        if (state is OperationState.Running or OperationState.Waiting || OperationStateMachine.IsEnd(state)) return false;
        if (state == OperationState.Paused || tries > MostResumes)
        {
            await host.StopAsync(operation.Id, options);
            return true;
        }

        var handle = await host.ResumeAsync(operation.Id, options);
        await handle.Completion;
        return true;
    }

    private async Task ActAsync(ScenarioEntry entry)
    {
        var random = new SeededRandom((ulong)(uint)entry.Salt).Stream(entry.What);
        var controller = history.Controllers[random.Next(history.Controllers.Count)];
        var process = controller.Process;
        if (process.IsDead) return;
        var intent = Enum.Parse<Intent>(entry.What);
        var options = new RunOptions
        {
            Source = "operator",
            Message = random.Next(3) == 0 ? "change " + random.Next(1000).ToString(CultureInfo.InvariantCulture) : "",
            Timeout = random.Next(8) == 0 ? TimeSpan.FromSeconds(5 + random.Next(300)) : null,
        };
        switch (intent)
        {
            case Intent.Look:
                await LookAsync(process);
                return;
            case Intent.PauseOperation or Intent.ResumeOperation or Intent.StopOperation or Intent.UndoOperation:
                await HandleAsync(process, intent, options, random);
                return;
            default:
                var change = _wishes.Make(intent, random);
                if (change is PublishPendingChange { IncludeForeign: true } or UndoPendingChange { IncludeForeign: true }) options = options with { Message = ForeignEditsStay.Told };
                if (change is not null) await ChangeAsync(process, intent, change, options, random);
                return;
        }
    }

    private async Task ChangeAsync(ControllerProcess process, Intent intent, ChangeRequest change, RunOptions options, SeededRandom random)
    {
        var tries = 1 + random.Next(10);
        var interrupted = random.Next(12) == 0 ? new CancellationTokenSource() : null;
        if (interrupted is not null)
        {
            options = options with { Rest = interrupted.Token };
            process.Clock.CreateTimer(_ => interrupted.Cancel(), null, TimeSpan.FromSeconds(1 + random.Next(120)), Timeout.InfiniteTimeSpan);
        }

        for (var i = 1; i <= tries; i++)
        {
            history.Trace.Add($"{process.Name} wants {intent} {Describe(change)}");
            var answer = await process.OrDeathAsync(RunAsync(process.Host, change, options));
            if (answer is null) return;
            Judge(process, intent.ToString(), answer.Fault ?? answer.Value?.Failure);
            if (answer.Fault is not MaestroException { Code: var code } || (code != ErrorCatalogue.LeaseHeld && code != ErrorCatalogue.ForeignChange)) return;
            await history.DelayAsync(TimeSpan.FromSeconds(5 + random.Next(40)));
            if (process.IsDead) return;
        }
    }

    private static async Task<OperationResult> RunAsync(EngineHost host, ChangeRequest change, RunOptions options)
    {
        var handle = await host.StartAsync(change, options);
        return await handle.Completion;
    }

    private async Task LookAsync(ControllerProcess process)
    {
        var answer = await process.OrDeathAsync(process.Host.ObserveAsync(pending: false, CancellationToken.None));
        if (answer is null) return;
        Judge(process, "look", answer.Fault);
        if (answer.Value is { } view) history.Tell(i => i.OnView(view));

        var list = await process.OrDeathAsync(process.Host.GetOperationsAsync(new OperationQuery { Newest = 5 }));
        if (list is not null) Judge(process, "list", list.Fault);
    }

    private async Task HandleAsync(ControllerProcess process, Intent intent, RunOptions options, SeededRandom random)
    {
        var known = history.Witness.Operations.Where(o => o.Machine == process.Machine && Suits(intent, o.State)).ToList();
        if (known.Count == 0) return;
        // Mostly a recent one.
        var operation = known[known.Count - 1 - random.Next(Math.Min(known.Count, 3))];
        history.Trace.Add($"{process.Name} wants {intent} {operation.Id} {operation.Record.Kind}");
        var bounded = options with { Timeout = TimeSpan.FromMinutes(5) };
        Task<bool> work = intent switch
        {
            Intent.PauseOperation => DoneAsync(process.Host.SuspendAsync(operation.Id, bounded)),
            Intent.StopOperation => DoneAsync(process.Host.StopAsync(operation.Id, bounded)),
            Intent.ResumeOperation => CompletedAsync(process.Host.ResumeAsync(operation.Id, options)),
            _ => CompletedAsync(process.Host.UndoAsync(operation.Id, options)),
        };
        var answer = await process.OrDeathAsync(work);
        if (answer is not null) Judge(process, intent.ToString(), answer.Fault);
    }

    private static bool Suits(Intent intent, OperationState state) => intent switch
    {
        Intent.PauseOperation => state == OperationState.Running,
        Intent.StopOperation => !OperationStateMachine.IsEnd(state),
        Intent.ResumeOperation => !OperationStateMachine.IsEnd(state) && state != OperationState.Running,
        _ => state is OperationState.Succeeded or OperationState.Paused or OperationState.Stopped or OperationState.Unsettled,
    };

    private static async Task<bool> DoneAsync(Task<MaestroOperation> operation)
    {
        await operation;
        return true;
    }

    private static async Task<bool> CompletedAsync(Task<OperationHandle> handle)
    {
        await (await handle).Completion;
        return true;
    }

    /// <summary>Whoever asks is told in the words of the catalogue, or that it was interrupted; anything else is a fault of ours.</summary>
    private void Judge(ControllerProcess process, string what, Exception? fault)
    {
        switch (fault)
        {
            case null:
                return;
            case MaestroException known:
                history.Trace.Add($"{process.Name} {what}: {known.Code.Id} {known.Message}");
                return;
            case OperationCanceledException:
                history.Trace.Add($"{process.Name} {what}: interrupted");
                return;
            default:
                history.Break(new InvariantBrokenException("Known errors", $"{what} on {process.Name} threw {fault.GetType().Name}: {fault.Message} at {fault.StackTrace?.Split('\n').FirstOrDefault()?.Trim()}"));
                return;
        }
    }

    private static string Describe(ChangeRequest change) => change.Kind + " " + change.SecurityGroup;
}
