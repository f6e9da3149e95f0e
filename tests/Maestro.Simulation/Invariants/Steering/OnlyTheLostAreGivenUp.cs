using Maestro.Engine.Fabrics.Simulation.World;
using Maestro.Engine.Model.Operations;
using Maestro.Engine.Operations.Journal;
using Maestro.Engine.Operations.Leases;
using Maestro.Simulation.Controllers;
using Maestro.Simulation.Histories;
using Maestro.Simulation.Steering;

namespace Maestro.Simulation.Invariants.Steering;

/// <summary>
/// A failover is one leading watch's; it takes nothing from a member that has answered all the time, leaves somebody, gives no more up than may be without a person, and
/// gives nothing to one that comes back with an older policy.
/// </summary>
internal sealed class OnlyTheLostAreGivenUp(History history) : Invariant(history)
{
    /// <summary>So long a member must have answered before a failover began for its watch to have heard it.</summary>
    private static readonly TimeSpan Heard = TimeSpan.FromSeconds(10);

    /// <summary>So long what observers missed may be held against a member.</summary>
    private static readonly TimeSpan Doubt = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan Led = TimeSpan.FromMinutes(3);

    private readonly Dictionary<(ControllerProcess, string), List<(string Member, DateTimeOffset At)>> _spent = [];
    private readonly Dictionary<(ControllerProcess, string), HashSet<string>> _lost = [];

    private readonly Dictionary<(ControllerProcess, string), string> _members = [];

    public override string Name => "Only the lost are given up";

    public override void OnBegan(OperationFacts operation)
    {
        if (operation.Record.Kind != Failovers.Kind) return;
        var (process, group) = (operation.Process, operation.Record.SecurityGroup);
        var holders = operation.Machine.Store.FindLeasesAsync([Resource.Watch(group)]).GetAwaiter().GetResult();
        Require(
            holders.Any(h => h.Owner.ProcessId == process.Self.ProcessId) || process.StoodStillIn(History.Now - Doubt, History.Now),
            $"{operation.Id} was begun by {process.Name}, and {(holders.Count == 0 ? "nobody" : holders[0].Owner.User)} leads the watches of '{group}'");
        Spend(operation, process, group);
    }

    public override void OnTableWritten(TableWrite write)
    {
        if (Failovers.Of(History, write.Call) is not { } lost || History.Witness.Find(write.Call.OperationId) is not { } operation) return;
        foreach (var member in lost) RequireLost(write, operation, member);
        RequireFit(write, operation);
    }

    /// <summary>Between its two tables there may be nobody, where who is back takes over from the last who was lost.</summary>
    public override void OnEntry(OperationFacts operation, JournalEntry entry)
    {
        if (operation.Record.Kind != Failovers.Kind || entry.Kind != JournalEntryKind.StepEnded || entry.Outcome != nameof(StepOutcome.Done)) return;
        var group = operation.Record.SecurityGroup;
        Require(History.Steered!.Newest(group)!.Slots.Members.Any(m => m.TakesSlots) || World.MembersOf(group).All(m => !m.Carries || LabTraffic.WeightOf(m) == 0), $"{operation.Id} leaves nobody in '{group}'");
    }

    private void Spend(OperationFacts operation, ControllerProcess process, string group)
    {
        var (lost, notYet) = (Named("lost"), Named("notYet"));
        var key = (process, group);
        if (!_spent.TryGetValue(key, out var spent)) _spent[key] = spent = [];
        // Who watches other members begins anew with all that it knew of the others.
        var members = string.Join(",", World.MembersOf(group).Select(m => m.Id));
        if (_members.GetValueOrDefault(key) != members) spent.Clear();
        _members[key] = members;
        // Watches count from when they judge, and may get the lead, and begin, some minutes later.
        spent.RemoveAll(s => History.Now - s.At > Watches.Policy.BudgetWindow - Led);
        var before = spent.Count;
        if (!_lost.TryGetValue(key, out var given)) _lost[key] = given = [];
        // Who only answers again is lost until it gets its share.
        given.IntersectWith(lost.Union(notYet));
        foreach (var member in lost) if (given.Add(member)) spent.Add((member, History.Now));
        var allowed = Math.Max(1, (int)Math.Floor((World.MembersOf(group).Count() + before) * Watches.Policy.BudgetShare));
        Require(spent.Count <= allowed, $"{operation.Id} gives {string.Join(", ", lost)} of '{group}' up, {spent.Count} within {Watches.Policy.BudgetWindow.TotalMinutes} min, and {allowed} may be");

        string[] Named(string argument) => operation.Plan.AllSteps.First().Arguments.Get(argument).Split(',', StringSplitOptions.RemoveEmptyEntries);
    }

    private void RequireLost(TableWrite write, OperationFacts operation, string member)
    {
        var host = History.Steered!.Hosts.FirstOrDefault(h => h.Gateway.Group == write.Group && h.Gateway.Member == member);
        var had = write.Before?.Slots.Members.Any(m => m.Id.ToString() == member && write.Before.Slots.SlotsOf(m.Id).Count > 0) == true;
        if (host is not { AnswersSince: { } since } || !had || write.After.Slots.Members.Any(m => m.Id.ToString() == member)) return;
        var began = operation.RunBegan == default ? operation.Record.StartedAt : operation.RunBegan;
        if (History.Probes.TroubledSince(began - Doubt) > 1 || operation.Process.StoodStillIn(began, History.Now)) return;
        var answers = began - (History.Now - TimeSpan.FromTicks(History.Steered.Now - since));
        Require(answers <= Heard, $"{operation.Id} takes the slots of {member} of '{write.Group}', which had answered for {answers.TotalSeconds:0} s when it began");
    }

    private void RequireFit(TableWrite write, OperationFacts operation)
    {
        if (write.Before is not { } before || History.Witness.Operations.Any(o => o.Record.Kind is "SyncPolicy" && o.Record.SecurityGroup == write.Group && !Engine.Operations.OperationStateMachine.IsEnd(o.State))) return;
        var hosts = History.Steered!;
        var newest = write.After.Slots.Members.Select(m => hosts.HostOf(write.Group, m)).Where(h => h is { Gateway.Carries: true }).Max(h => h!.Gateway.Running?.Number) ?? 0;
        foreach (var member in write.After.Slots.Members.Where(m => m.TakesSlots && before.Slots.Members.All(b => b.Id != m.Id)))
        {
            if (hosts.HostOf(write.Group, member) is not { Gateway.Answers: true } host) continue;
            Require((host.Gateway.Running?.Number ?? 0) >= newest, $"{operation.Id} gives {member} of '{write.Group}' its share, and it runs #{host.Gateway.Running?.Number} where others run #{newest}");
        }
    }
}
