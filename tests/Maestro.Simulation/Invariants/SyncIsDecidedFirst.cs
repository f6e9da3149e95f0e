using Maestro.Engine.Fabrics.Simulation.World;
using Maestro.Engine.Model.Groups;
using Maestro.Engine.Model.Operations;
using Maestro.Engine.Operations.Journal;
using Maestro.Engine.Operations.Plans;
using Maestro.Engine.Synchronisation;
using Maestro.Simulation.Histories;

namespace Maestro.Simulation.Invariants;

/// <summary>
/// A sync decides only when every member holds the generation, or as many as its mode needs, and every question was answered well; it tells none to keep it
/// before the decision is in the journal, decides over nobody who stopped to carry meanwhile, has none disarm before all that are not left behind have put their timers off, and never goes back once a member has
/// confirmed.
/// </summary>
internal sealed class SyncIsDecidedFirst(History history) : Invariant(history)
{
    /// <summary>As old as the last look at a member may be when the decision is written.</summary>
    private static readonly TimeSpan Sight = TimeSpan.FromSeconds(10);

    private readonly Dictionary<(string Gateway, bool Configuration), (LabGeneration? Running, DateTimeOffset Since)> _running = [];

    /// <summary>As old as the last look at the group may be: it asks them all, and some answer late.</summary>
    private static readonly TimeSpan GroupSight = TimeSpan.FromSeconds(20);

    /// <summary>So long a member must have carried for every look at the start of an operation to have seen it.</summary>
    private static readonly TimeSpan Settled = TimeSpan.FromMinutes(1);

    private readonly Dictionary<string, (Standing Is, DateTimeOffset Since)> _standing = new(StringComparer.Ordinal);

    private readonly Dictionary<string, IReadOnlyList<string>> _carried = new(StringComparer.Ordinal);

    private readonly HashSet<string> _held = new(StringComparer.Ordinal);

    public override string Name => "I4 a sync is decided first";

    public override bool WatchesWorld => true;

    public override void AfterEvent()
    {
        foreach (var gateway in World.Gateways)
        {
            var standing = StandingOf(gateway);
            if (!_standing.TryGetValue(gateway.Id, out var was) || was.Is != standing) _standing[gateway.Id] = (standing, History.Now);
            foreach (var (key, running) in new[] { ((gateway.Id, false), gateway.Running), ((gateway.Id, true), gateway.Configuration.Running) })
            {
                if (!_running.TryGetValue(key, out var before) || before.Running != running) _running[key] = (running, History.Now);
            }
        }
    }

    public override void OnEntry(OperationFacts operation, JournalEntry entry)
    {
        if (!IsSync(operation)) return;
        if (!_carried.ContainsKey(operation.Id))
        {
            _carried[operation.Id] = [.. World.Gateways.Where(g => g.Group == operation.Record.SecurityGroup && _standing.TryGetValue(g.Id, out var s) && s.Is == Standing.Carries && History.Now - s.Since >= Settled).Select(g => g.Id)];
        }

        if (entry.Kind != JournalEntryKind.Decided) return;
        foreach (var step in operation.Plan.Stages.Where(s => !s.AfterDecision).SelectMany(s => s.Steps))
        {
            // Who may be left behind is counted below; he is not asked either.
            var mayBeBehind = operation.Mode.Length > 0 && step.Member.Length > 0 && (step.Kind != "probe" || Steps(operation, "commit").Any(s => s.Member == step.Member && !IsDone(operation, s.Id)));
            Require(mayBeBehind || IsDone(operation, step.Id), $"{operation.Id} is decided, and its {step.Id} is not done");
        }

        Require(operation.Plan.Attributes.Get("prepareOnly") != "true", $"{operation.Id} was to prepare only, and is decided");
        // In a group without members there is nothing to hold.
        Require(operation.Plan.Attributes.Get("hold") != "true" || !Steps(operation, "commit").Any() || _held.Contains(operation.Id), $"{operation.Id} was to be held for a last word, and is decided without");
        if (operation.Process.StoodStillIn(History.Now - Sight, History.Now)) return;
        RequireHealth(operation);
        var behind = 0;
        var configures = operation.Record.Kind == "SyncConfiguration";
        foreach (var step in Steps(operation, "commit"))
        {
            if (World.FindGateway(step.Gateway) is not { } gateway || gateway.Group != step.SecurityGroup || (configures ? gateway.Configuration : gateway.Policy).Running == Generation(step)) continue;
            var since = _running.TryGetValue((gateway.Id, configures), out var seen) ? History.Now - seen.Since : TimeSpan.MaxValue;
            if (since >= Sight) behind++;
            Require(since < Sight || operation.Mode.Length > 0, $"{operation.Id} is decided, and {step.Member} has not held #{Generation(step).Number} for {since.TotalSeconds:0} s");
        }

        var holding = operation.Plan.Participants.Count - behind;
        Require(
            behind == 0 || (operation.Mode == nameof(SyncMode.RequireQuorum) ? holding * 2 > operation.Plan.Participants.Count : behind < Steps(operation, "commit").Count()),
            $"{operation.Id} is decided with {operation.Mode}, and {behind} of {operation.Plan.Participants.Count} members have not held it for {Sight.TotalSeconds} s");
    }

    public override void OnSent(SentCall sent)
    {
        var call = sent.Place.Call.Split(' ') is [var verb, "configuration"] ? verb : sent.Place.Call;
        if (call is not ("commit" or "extend" or "confirm") || History.Witness.Find(sent.Call.OperationId) is not { } operation || !IsSync(operation)) return;
        if (operation.Step(sent.Call.StepId) is null) return;
        if (call == "commit")
        {
            Require(operation.Plan.Attributes.Get("prepareOnly") != "true", $"{operation.Id} was to prepare only, and commits on {sent.Place.Gateway}");
            return;
        }

        Require(operation.Entries.Any(e => e.Kind == JournalEntryKind.Decided), $"{sent.Place.Call} {sent.Place.Gateway} of {operation.Id} was sent before the decision");
        // Whoever wakes under an old epoch is refused, whatever he sends.
        if (call != "confirm" || sent.Process != operation.Process) return;
        foreach (var step in Steps(operation, "confirm"))
        {
            // Whom a mode left behind was asked in vain, or not at all.
            var isBehind = operation.Mode.Length > 0 && step.Gateway != sent.Place.Gateway && !operation.IsOpen($"extend/{step.Member}");
            Require(isBehind || IsDone(operation, $"extend/{step.Member}"), $"confirm {sent.Place.Gateway} of {operation.Id} was sent before the timer of {step.Member} was put off");
        }
    }

    public override void OnState(OperationFacts operation)
    {
        if (operation.State == OperationState.Held) _held.Add(operation.Id);
        if (operation.State is not OperationState.RolledBack || !IsSync(operation)) return;
        var kept = Steps(operation, "confirm").FirstOrDefault(s => IsDone(operation, s.Id));
        Require(kept is null, $"{operation.Id} is rolled back though {kept?.Member} has confirmed");
    }

    /// <summary>Who carried when it was planned, and does not any more by nobody's hand, is seen and not decided over; more of them than the mode may leave behind, that is.</summary>
    private void RequireHealth(OperationFacts operation)
    {
        if (!Steps(operation, "commit").Any()) return;
        var members = operation.Plan.Participants.Count;
        var spare = operation.Mode switch { nameof(SyncMode.RequireQuorum) => (members - 1) / 2, nameof(SyncMode.BestEffort) => members - 1, _ => 0 };
        var harmed = _carried[operation.Id].Where(id => World.FindGateway(id)?.Group == operation.Record.SecurityGroup && _standing[id] is { Is: Standing.Harmed } s && History.Now - s.Since >= GroupSight).ToList();
        Require(harmed.Count <= spare, $"{operation.Id} is decided, and {string.Join(", ", harmed)} carried when it was planned and is down");
    }

    private static Standing StandingOf(LabGateway gateway) =>
        gateway.Carries ? Standing.Carries
        : gateway.SuspendedBy.Length > 0 || gateway.State is MemberState.Draining or MemberState.Suspended or MemberState.Leaving ? Standing.Out
        : Standing.Harmed;

    private enum Standing { Carries, Out, Harmed }

    private static bool IsSync(OperationFacts operation) => operation.Record.Kind is "SyncPolicy" or "SyncConfiguration";

    private static IEnumerable<PlanStep> Steps(OperationFacts operation, string stage) => operation.Plan.Stages.Where(s => s.Name == stage).SelectMany(s => s.Steps);

    private static LabGeneration Generation(PlanStep step) => new(step.Arguments.GetInt32("generation"), step.Arguments["fingerprint"]);

    private static bool IsDone(OperationFacts operation, string stepId) =>
        operation.Entries.FindLast(e => e.StepId == stepId && e.Kind is JournalEntryKind.StepEnded or JournalEntryKind.UndoEnded)?.Outcome is nameof(StepOutcome.Done) or nameof(StepOutcome.Already);
}
