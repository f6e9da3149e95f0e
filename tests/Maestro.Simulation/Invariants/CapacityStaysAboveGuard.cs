using Maestro.Engine.Fabrics;
using Maestro.Engine.Fabrics.Simulation.World;
using Maestro.Engine.Model.Groups;
using Maestro.Simulation.Histories;

namespace Maestro.Simulation.Invariants;

/// <summary>No step of ours takes a member out of service when the group could not spare it, as seen at most so long before (faults are not ours).</summary>
internal sealed class CapacityStaysAboveGuard(History history) : Invariant(history)
{
    /// <summary>The architecture's two seconds, and the way of an answer and a request.</summary>
    private static readonly TimeSpan Sight = TimeSpan.FromSeconds(3);

    private readonly Dictionary<string, (int Carrying, DateTimeOffset Since)> _carrying = new(StringComparer.Ordinal);

    public override string Name => "I1 capacity stays above the guard";

    public override bool WatchesWorld => true;

    public override void AfterEvent()
    {
        foreach (var group in World.Groups)
        {
            var carrying = 0;
            foreach (var gateway in World.Gateways)
            {
                if (gateway.Carries && gateway.Group == group.Name) carrying++;
            }

            // Only a fall is news that a step must not overlook.
            if (!_carrying.TryGetValue(group.Name, out var before) || before.Carrying != carrying) _carrying[group.Name] = (carrying, History.Now);
        }
    }

    public override void OnSent(SentCall sent)
    {
        if (sent.Place.Call == "apply") RequireSpared(sent);
        if (sent.Place.Call != "suspend" || History.Witness.Find(sent.Call.OperationId) is not { } operation) return;
        // One that is replaced leaves no gap: its replacement carries already.
        if (sent.Call.StepId.StartsWith("replaced/", StringComparison.Ordinal)) return;
        // An inverse puts back what was out before.
        if (operation.Plan.AllSteps.All(s => s.Id != sent.Call.StepId)) return;
        if (World.FindGateway(sent.Place.Gateway) is not { Carries: true } gateway || World.FindGroup(gateway.Group) is not { } group) return;
        Require(sent, operation, group, [gateway]);
    }

    /// <summary>An apply takes out whoever still carries and is pending to leave.</summary>
    private void RequireSpared(SentCall sent)
    {
        if (History.Witness.Find(sent.Call.OperationId) is not { } operation || operation.Record.Message == ForeignEditsStay.Told) return;
        // As below: what replaces is there already, and an inverse puts back what was before.
        if (sent.Call.StepId.StartsWith("replaced/", StringComparison.Ordinal) || operation.Plan.AllSteps.All(s => s.Id != sent.Call.StepId)) return;
        var pending = LabTopology.WithPending(World);
        foreach (var group in World.Groups.Where(g => pending.FindGroup(g.Name) is not null))
        {
            var leaving = World.Gateways.Where(g => g.Carries && g.Group == group.Name && pending.FindGateway(g.Id)?.Group != group.Name).ToList();
            if (leaving.Count > 0) Require(sent, operation, group, leaving);
        }
    }

    private void Require(SentCall sent, OperationFacts operation, LabGroup group, IReadOnlyList<LabGateway> leaving)
    {
        if (sent.WasHeldUp || !_carrying.TryGetValue(group.Name, out var seen) || History.Now - seen.Since <= Sight) return;
        var carrying = World.Gateways.Count(g => g.Carries && g.Group == group.Name);
        var left = carrying - leaving.Count;
        var bearing = left - group.Spare;
        Require(left > 0 && (bearing > 0 || group.Spare == 0), $"{operation.Id} {operation.Record.Kind} takes {string.Join(", ", leaving.Select(g => g.Member))} out of '{group.Name}' though only {carrying} carry and {group.Spare} are spare, for {(History.Now - seen.Since).TotalSeconds:0} s");
    }
}
