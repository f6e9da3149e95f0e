using Maestro.Engine.Fabrics;
using Maestro.Engine.Operations.Journal;
using Maestro.Engine.Operations.Leases;
using Maestro.Engine.Operations.Plans;
using Maestro.Engine.Operations.Steps;
using Maestro.Engine.Store;

namespace Maestro.Engine.Operations.Running;

/// <summary>What one run of one operation works with: its lease, its journal, its feed of events.</summary>
internal sealed class RunSurroundings
{
    private readonly object _gate = new();

    public required string OperationId { get; init; }

    public required Plan Plan { get; init; }

    public required LeaseToken Token { get; init; }

    public required IFabric Fabric { get; init; }

    public required IStore Store { get; init; }

    public required TimeProvider Time { get; init; }

    public required SharedObservation Topology { get; init; }

    public required string Actor { get; init; }

    public required string Message { get; init; }

    public required IReadOnlyDictionary<string, string> Contents { get; init; }

    /// <summary>The journal so far, folded; kept in step with what is appended.</summary>
    public required OperationHistory History { get; init; }

    public Action<OperationEvent>? Events { get; init; }

    /// <param name="step">The step.</param>
    /// <param name="limits">Its kind's limits.</param>
    /// <param name="cancellation">Ends a call whose answer no longer matters.</param>
    /// <param name="atMost">A call is given no longer than that, whatever the limits say; null: as they say.</param>
    /// <param name="attempt">Which attempt the call is for.</param>
    public StepContext ContextFor(PlanStep step, StepLimits limits, CancellationToken cancellation, TimeSpan? atMost = null, int attempt = 1) => new()
    {
        OperationId = OperationId,
        Step = step,
        Fabric = Fabric,
        Store = Store,
        Token = Token,
        Time = Time,
        Topology = Topology,
        Actor = Actor,
        Message = Message,
        Contents = Contents,
        IsClaimed = Fabric.Claims is null || Plan.Participants.Count > 0,
        LeftBehind = () => [.. Plan.AllSteps.Where(s => Carriage.All.Any(c => c.Steps.Confirm == s.Kind) && !History[s.Id].IsDone).Select(s => s.Gateway)],
        Call = new FabricCall
        {
            OperationId = OperationId,
            StepId = step.Id,
            Attempt = attempt,
            Epoch = Token.Epoch,
            Lease = Token,
            Deadline = Time.GetUtcNow() + CallTimeout(step, limits, atMost),
            Cancellation = cancellation,
        },
    };

    private TimeSpan CallTimeout(PlanStep step, StepLimits limits, TimeSpan? atMost)
    {
        var timeout = step.Arguments.GetOptionalInt32(StepArgumentNames.CallTimeout) is { } seconds ? TimeSpan.FromSeconds(seconds)
            : limits.MovesTraffic && Fabric.Traits.LongestMove > limits.CallTimeout ? Fabric.Traits.LongestMove
            : limits.CallTimeout;
        return atMost < timeout ? atMost.Value : timeout;
    }

    public async Task AppendAsync(params JournalEntry[] entries)
    {
        await Store.AppendAsync(Token, entries);
        lock (_gate)
        {
            foreach (var entry in entries) History.Apply(entry);
        }
    }

    public Task AppendAsync(JournalEntryKind kind, string reason) =>
        AppendAsync(new JournalEntry { OperationId = OperationId, At = Time.GetUtcNow(), Kind = kind, Reason = reason });

    public void Publish(OperationEventKind kind, PlanStep step, string stage, string text) => Publish(kind, text, step.Id, stage, step.Member);

    public void Publish(OperationEventKind kind, string text, string stepId = "", string stage = "", string member = "")
    {
        if (Events is null) return;
        int done, total;
        lock (_gate)
        {
            total = Plan.AllSteps.Count();
            done = Plan.AllSteps.Count(s => History[s.Id].IsDone);
        }

        Events(new OperationEvent
        {
            Kind = kind,
            At = Time.GetUtcNow(),
            OperationId = OperationId,
            OperationKind = Plan.Kind,
            SecurityGroup = Plan.SecurityGroup,
            StepId = stepId,
            Stage = stage,
            Member = member,
            Text = text,
            StepsDone = done,
            StepsTotal = total,
        });
    }
}
