using Maestro.Engine.Fabrics;
using Maestro.Engine.Fabrics.Simulation.World;
using Maestro.Engine.Model.Operations;
using Maestro.Engine.Operations.Journal;
using Maestro.Engine.Operations.Plans;
using Maestro.Simulation.Controllers;
using Maestro.Simulation.Faults;

namespace Maestro.Simulation.Histories;

/// <summary>An operation as it stands in its store, with all that was written of it.</summary>
internal sealed class OperationFacts(Machine machine, OperationRecord record)
{
    private readonly HashSet<string> _open = new(StringComparer.Ordinal);

    public Machine Machine { get; } = machine;

    public OperationRecord Record { get; } = record;

    public string Id => Record.Id;

    public Plan Plan { get; } = PlanSerializer.FromJson(record.PlanJson);

    /// <summary>Its row in the table of what was covered: a sync that may leave members behind, or asks first, goes other ways than the plain one.</summary>
    public string Row => field ??= Record.Kind + (Mode.Length > 0 ? " " + Mode : Plan.AllSteps.Any(s => s.Kind == "probe") ? " Probed" : "");

    /// <summary>How many members a sync needs, by name; empty for all.</summary>
    public string Mode => Plan.Attributes.Get("mode");

    public List<JournalEntry> Entries { get; } = [];

    public OperationState State { get; set; } = record.State;

    public string Reason { get; set; } = "";

    public IReadOnlyList<string> Unsettled { get; set; } = [];

    /// <summary>The run that has it gave its lease back, or tried to.</summary>
    public bool IsReleased { get; set; }

    /// <summary>When the run that has it began.</summary>
    public DateTimeOffset RunBegan { get; set; }

    /// <summary>Who wrote last.</summary>
    public required ControllerProcess Process { get; set; }

    /// <summary>Whether the journal says that this step, or the taking back of the step that it is the inverse of, is under way.</summary>
    public bool IsOpen(string stepId) => IsOpenExactly(stepId) || (stepId.LastIndexOf('/') is > 0 and var at && IsOpen(stepId[..at]));

    private bool IsOpenExactly(string stepId) => _open.Contains(stepId) || (Plan.AllSteps.FirstOrDefault(s => s.Inverse?.Id == stepId) is { } undone && _open.Contains("undo " + undone.Id));

    /// <summary>The step, or inverse, of that id.</summary>
    public PlanStep? Step(string stepId) => Plan.AllSteps.FirstOrDefault(s => s.Id == stepId) ?? Plan.AllSteps.FirstOrDefault(s => s.Inverse?.Id == stepId)?.Inverse;

    public void Add(JournalEntry entry)
    {
        Entries.Add(entry);
        switch (entry.Kind)
        {
            case JournalEntryKind.StepStarting: _open.Add(entry.StepId); break;
            case JournalEntryKind.StepEnded: _open.Remove(entry.StepId); break;
            case JournalEntryKind.UndoStarting: _open.Add("undo " + entry.StepId); break;
            case JournalEntryKind.UndoEnded: _open.Remove("undo " + entry.StepId); break;
        }
    }
}

/// <summary>A request to the fabric as it left its controller.</summary>
internal sealed record SentCall(ControllerProcess Process, Place Place, FabricCall Call, DateTimeOffset At)
{
    private static readonly TimeSpan JustNow = TimeSpan.FromSeconds(5);

    /// <summary>Its sender stood still between his look and this request: what no fabric without a fence of its own can notice.</summary>
    public bool WasHeldUp => Process.StoodStillIn(At - JustNow, At);
}

/// <summary>Knows what was written and sent, by whom and when; tells the invariants.</summary>
internal sealed class Witness(History history)
{
    private readonly Dictionary<string, OperationFacts> _operations = new(StringComparer.Ordinal);
    private readonly Dictionary<string, SentCall> _sent = new(StringComparer.Ordinal);
    private readonly HashSet<string> _givenUp = new(StringComparer.Ordinal);
    private int _seenCalls;

    /// <summary>In the order of their beginning.</summary>
    public List<OperationFacts> Operations { get; } = [];

    /// <summary>Steps and ways back that were begun.</summary>
    public long Steps { get; private set; }

    /// <summary>The gateway that a call of ours changed in this event; empty for none.</summary>
    public string ActedOn { get; private set; } = "";

    /// <summary>How long ago the call of ours was sent that applied the topology in this event; null when none did.</summary>
    public TimeSpan? Applied { get; private set; }

    public string KindOf(string operationId) => _operations.TryGetValue(operationId, out var facts) ? facts.Record.Kind : "";

    /// <summary>As <see cref="OperationFacts.Row"/>.</summary>
    public string RowOf(string operationId) => _operations.TryGetValue(operationId, out var facts) ? facts.Row : "";

    public OperationFacts? Find(string operationId) => _operations.GetValueOrDefault(operationId);

    public SentCall? FindSent(string operationId, string stepId) => _sent.GetValueOrDefault(operationId + "/" + stepId);

    public void Began(ControllerProcess process, OperationRecord record, JournalEntry started)
    {
        history.Steered?.Disturb();
        var facts = new OperationFacts(process.Machine, record) { Process = process };
        facts.Add(started);
        _operations[record.Id] = facts;
        Operations.Add(facts);
        history.Coverage.Ran(facts.Row);
        history.Trace.Add($"{process.Name} begins {record.Id} {record.Kind} '{record.SecurityGroup}' epoch {record.Epoch}: {started.Reason}");
        history.Tell(i => i.OnBegan(facts));
    }

    public void Appended(ControllerProcess process, JournalEntry entry)
    {
        history.Steered?.Disturb();
        var facts = _operations[entry.OperationId];
        facts.Process = process;
        facts.Add(entry);
        if (entry.Kind is JournalEntryKind.StepStarting or JournalEntryKind.UndoStarting) Steps++;
        history.Trace.Add($"{process.Name} {entry.OperationId} {entry.Kind} {entry.StepId}{(entry.Outcome.Length > 0 ? " " + entry.Outcome : "")}{(entry.Reason.Length > 0 ? ": " + entry.Reason : "")}");
        history.Tell(i => i.OnEntry(facts, entry));
    }

    public void Moved(ControllerProcess process, JournalEntry entry, OperationState state, string reason, IReadOnlyList<string> unsettled)
    {
        history.Steered?.Disturb();
        var facts = _operations[entry.OperationId];
        facts.Process = process;
        facts.Add(entry);
        facts.State = state;
        facts.Reason = reason;
        facts.Unsettled = unsettled;
        history.Trace.Add($"{process.Name} {entry.OperationId} {facts.Record.Kind} is {state}{(reason.Length > 0 ? ": " + reason : "")}{(unsettled.Count > 0 ? " unsettled " + string.Join(",", unsettled) : "")}");
        history.Tell(i => i.OnState(facts));
    }

    public void TakenOver(ControllerProcess process, JournalEntry entry)
    {
        history.Steered?.Disturb();
        var facts = _operations[entry.OperationId];
        history.Tell(i => i.OnTakenOver(facts, process));
        facts.Process = process;
        facts.IsReleased = false;
        facts.RunBegan = history.Now;
        facts.State = OperationState.Running;
        facts.Add(entry);
        history.Trace.Add($"{process.Name} takes over {entry.OperationId} {facts.Record.Kind}: {entry.Reason}");
    }

    public void Released(ControllerProcess process, string operationId)
    {
        if (!_operations.TryGetValue(operationId, out var facts)) _givenUp.Add(operationId);
        else if (facts.Process == process) facts.IsReleased = true;
    }

    /// <summary>Whether an operation that had leases was given up before it began: its plan could not be made, or was not wanted.</summary>
    public bool WasGivenUp(string operationId) => _givenUp.Contains(operationId) && !_operations.ContainsKey(operationId);

    /// <summary>Learns what was written as the power failed, and was acknowledged to nobody.</summary>
    public void Reread(Machine machine)
    {
        foreach (var record in machine.Store.FindOperationsAsync(new OperationQuery()).GetAwaiter().GetResult().Reverse())
        {
            if (!_operations.TryGetValue(record.Id, out var facts))
            {
                facts = new OperationFacts(machine, record) { Process = history.Controllers.First(c => c.Machine == machine).Process };
                _operations[record.Id] = facts;
                Operations.Add(facts);
            }

            foreach (var entry in machine.Store.ReadJournalAsync(record.Id).GetAwaiter().GetResult().Skip(facts.Entries.Count)) facts.Add(entry);
            facts.State = record.State;
            facts.Reason = record.Reason;
            facts.Unsettled = record.UnsettledMembers;
        }
    }

    public void Claimed(ControllerProcess process, string name, ClaimRequest request, ClaimAnswer answer)
    {
        if (name != "claim" && answer.Granted) return;
        if (name == "renew claim" && (answer.HeldBy is not null || answer.Epoch > request.Epoch)) history.Tell(i => i.OnClaimLost(process, request.OperationId));
        history.Trace.Add($"{process.Name} {name} {request.Resource} for {request.OperationId}: {(answer.Granted ? "granted " + answer.Epoch : "not granted " + answer.Reason)}");
    }

    public void Sent(ControllerProcess process, Place place, FabricCall call)
    {
        var sent = new SentCall(process, place, call, history.Now);
        _sent[call.IdempotencyKey] = sent;
        history.Tell(i => i.OnSent(sent));
    }

    /// <summary>Looks at what the world logged since the last event.</summary>
    public void ReadLog()
    {
        var calls = history.World.Log.Calls;
        (ActedOn, Applied) = ("", null);
        if (calls.Count == _seenCalls) return;
        // The log forgets its oldest tenth when it is full.
        if (calls.Count < _seenCalls) _seenCalls = Math.Max(0, _seenCalls - 10_000);
        for (; _seenCalls < calls.Count; _seenCalls++)
        {
            var call = calls[_seenCalls];
            if (call.OperationId.Length == 0 || call.Name is "claim.renew" or "claim.release") continue;
            if (call.Name != "claim.take") history.Trace.Add($"world {call.Name} {call.Subject} {call.Arguments} epoch {call.Epoch} {call.OperationId} {call.StepId} -> {call.Answer}{(call.Changed ? " *" : "")}");
            if (call.Changed && call.Name == "topology.apply") Applied = FindSent(call.OperationId, call.StepId) is { } sent ? history.Now - sent.At : TimeSpan.Zero;
            else if (call.Changed) ActedOn = call.Subject;
            history.Tell(i => i.OnCall(call));
            // Two machines may work on the topology side by side, and what one has seen the other changes.
            if (call.Changed && call.Name is "topology.apply" or "topology.discard" && history.Machines.Count > 1) history.LastIncident = history.Now;
        }
    }
}
