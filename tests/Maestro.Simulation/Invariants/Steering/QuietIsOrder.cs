using Maestro.Engine.Clustering.Distribution;
using Maestro.Engine.Fabrics.Simulation.World;
using Maestro.Engine.Model.Groups;
using Maestro.Engine.Model.Operations;
using Maestro.Engine.Operations;
using Maestro.Engine.Operations.Journal;
using Maestro.Simulation.Histories;
using Maestro.Simulation.Steering;

namespace Maestro.Simulation.Invariants.Steering;

/// <summary>
/// When nothing has gone wrong for a while, and nobody works on the group, every slot is carried by a member that is active and answers, and kept by another one; every
/// connection has its copy there; who is active and believed has its share; and in the end all orchestrators go by one table.
/// </summary>
internal sealed class QuietIsOrder(History history) : Invariant(history)
{
    /// <summary>Detection, failover, and a pass of all copies: what all of it may take.</summary>
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(90);

    /// <summary>Until a member that answers again is believed, and has its share.</summary>
    private static readonly TimeSpan Belief = Watches.Policy.LongestRecoveryDelay + Bound;

    private readonly Dictionary<string, string> _changed = new(StringComparer.Ordinal);
    private int _pulses;

    public override string Name => "Liveness of the distribution";

    private SteeredWorld Steered => History.Steered!;

    public override void OnPulse()
    {
        if (++_pulses % 20 != 0 || Steered.Quiet < Bound || !History.Watches!.AnyHealthyFor(Bound)) return;
        foreach (var group in World.Groups) Judge(group, inTheEnd: false);
    }

    /// <summary>Who says that a change of the table is done has told every member that takes part in it, or has said why not.</summary>
    public override void OnEntry(OperationFacts operation, JournalEntry entry)
    {
        if (entry.Kind != JournalEntryKind.StepEnded || entry.Outcome != nameof(StepOutcome.Done) || !_changed.TryGetValue(operation.Id + "/" + entry.StepId, out var group)) return;
        if (entry.Reason.Contains("neither sends nor keeps", StringComparison.Ordinal) || entry.Evidence.Contains("neither sends nor keeps", StringComparison.Ordinal)) return;
        var table = Steered.Newest(group)!;
        foreach (var host in table.Slots.Members.Select(m => Steered.HostOf(group, m)))
        {
            // One that is silent is no member that could be told; what another has changed meanwhile that one tells.
            if (host is not { Gateway.Answers: true, MissedTelling: false } || host.AnswersSince > Steered.Now - Bound.Ticks || Steered.LastChange(group)!.Key != operation.Id + "/" + entry.StepId) continue;
            Require(host.Told?.Version == table.Version, $"{operation.Id} {operation.Record.Kind} says Done of {entry.StepId}, and {host.Gateway.Member} of '{group}' copies by version {host.Told?.Version} instead of {table.Version}");
        }
    }

    public override void OnTableWritten(TableWrite write) => _changed[write.Call.IdempotencyKey] = write.Group;

    public override void AtEnd()
    {
        Require(Steered.Quiet >= Bound, $"the group does not come to rest: something was done {Steered.Quiet.TotalSeconds:0} s ago still");
        foreach (var group in World.Groups) Judge(group, inTheEnd: true);
    }

    private void Judge(LabGroup group, bool inTheEnd)
    {
        if (Steered.Newest(group.Name) is not { } table || History.Witness.Operations.Any(o => o.Record.SecurityGroup == group.Name && !OperationStateMachine.IsEnd(o.State))) return;
        if (inTheEnd)
        {
            foreach (var orchestrator in Steered.Orchestrators) Require(orchestrator.Tables[group.Name] == table, $"{orchestrator.Id} goes by version {orchestrator.Tables[group.Name].Version} of '{group.Name}', another one by {table.Version}");
        }

        var carrying = World.MembersOf(group.Name).Where(m => m.Carries).ToList();
        // Who has lost all its members, or too many at once, waits for a person; of weight 0 nobody takes anything.
        if (carrying.All(m => LabTraffic.WeightOf(m) == 0) || History.Now - History.Watches!.WithheldAt < Watches.Policy.BudgetWindow || History.Now - History.Watches.BlindAt < Bound) return;
        RequireCarried(group, table);
        RequireShares(group, table, carrying);
        RequireCopies(group, table);
    }

    private void RequireCarried(LabGroup group, DistributionTable table)
    {
        for (var slot = 0; slot < table.Slots.SlotCount; slot++)
        {
            var active = table.Slots.ActiveOf(slot);
            Require(active is not null, $"nobody carries slot {slot} of '{group.Name}', for {Steered.Quiet.TotalSeconds:0} s");
            var host = Steered.HostOf(group.Name, active);
            Require(Carries(host), $"slot {slot} of '{group.Name}' is carried by {active}, which is {(host is null ? "no member" : host.Gateway.Answers ? host.Gateway.State.ToString() : "silent")}, for {Steered.Quiet.TotalSeconds:0} s");
            if (table.Slots.Members.Count(m => m.TakesSlots) < 2) continue;
            var backup = table.Slots.BackupOf(slot);
            Require(Carries(Steered.HostOf(group.Name, backup)), $"slot {slot} of '{group.Name}' has {backup?.ToString() ?? "nobody"} for its backup, for {Steered.Quiet.TotalSeconds:0} s");
        }
    }

    // Who has its share and was about to be counted as active when a person stopped the operation is that person's.
    private bool Carries(SteeredHost? host) =>
        host is { Gateway.Carries: true } || (host is { Gateway: { Answers: true, State: MemberState.Joining } } && History.Witness.Operations.Any(o => o.Record.SecurityGroup == host.Gateway.Group && o.State == OperationState.Stopped && o.Record.Kind is "AddGroupMember" or "MoveGroupMember"));

    private void RequireShares(LabGroup group, DistributionTable table, List<LabGateway> carrying)
    {
        var newest = carrying.Max(m => m.Running?.Number);
        foreach (var member in carrying.Where(m => LabTraffic.WeightOf(m) > 0 && m.Running?.Number == newest))
        {
            var host = Steered.Host(member.Id);
            if (host.AnswersSince is not { } since || Steered.Now - since < Belief.Ticks || Steered.Quiet < Bound) continue;
            Require(table.Slots.Members.Any(m => m.Id.ToString() == member.Member), $"{member.Member} of '{group.Name}' is active, has answered for {TimeSpan.FromTicks(Steered.Now - since).TotalSeconds:0} s, and has no share");
        }
    }

    private void RequireCopies(LabGroup group, DistributionTable table)
    {
        foreach (var conversation in Steered.LivingIn(group.Name))
        {
            if (conversation.UnservedSince is not null || Steered.Now - conversation.Since < Bound.Ticks) continue;
            var slot = conversation.SlotIn(table);
            var owner = Steered.HostOf(group.Name, table.Slots.ActiveOf(slot))!;
            foreach (var backup in new[] { table.Slots.BackupOf(slot), table.Slots.RemoteBackupOf(slot) })
            {
                // Who was not told, for whoever was to tell him died or did not reach him, goes by what he has until the next change.
                if (Steered.HostOf(group.Name, backup) is not { MissedTelling: false } keeper || owner.MissedTelling || keeper.Told?.Version != table.Version || owner.Told?.Version != table.Version) continue;
                Require(conversation.IsKnownTo(keeper.Index), $"connection {conversation.Number} of '{group.Name}' is carried by {owner.Gateway.Member}, and its backup {keeper.Gateway.Member} does not know it, for {Steered.Quiet.TotalSeconds:0} s");
            }
        }
    }
}
