using System.Globalization;
using Maestro.Engine.Fabrics.Simulation.World;
using Maestro.Engine.Model.Errors;
using Maestro.Engine.Model.Groups;

namespace Maestro.Engine.Fabrics.Simulation;

/// <summary>The orchestrators' topology: edits are pending until one apply of all of them, whoever staged them.</summary>
internal sealed class SimulationTopology(LabWorld world, TimeProvider time) : ITopology
{
    public Task<TopologyView> ObserveAsync(TopologyScope scope, CancellationToken cancellation)
    {
        world.Settle();
        var state = scope.Pending ? LabTopology.WithPending(world.State) : world.State;
        return Task.FromResult(LabViews.View(state, time.GetUtcNow(), scope.Pending));
    }

    public Task<IReadOnlyList<PendingChange>> ObservePendingAsync(CancellationToken cancellation)
    {
        world.Settle();
        IReadOnlyList<PendingChange> changes = [.. world.State.Pending.Select(p => Change(world.State, p))];
        return Task.FromResult(changes);
    }

    public async Task<Effect> StageAsync(FabricCall call, IReadOnlyList<TopologyEdit> edits)
    {
        if (await BeforeAsync("topology.stage", call) is { } fault) return fault;
        var added = 0;
        foreach (var edit in edits)
        {
            if (world.State.Pending.Any(p => p.Edit == edit) || Clustering.Membership.TopologyEdits.IsSeen(edit, LabViews.View(LabTopology.WithPending(world.State), world.Now, true))) continue;
            world.State.Pending.Add(new LabPendingEdit { Edit = edit, OperationId = call.OperationId, StagedBy = "maestro", StagedAt = world.Now });
            added++;
        }

        if (added == 0) return Effect.Already("pending or deployed already");
        return After("topology.stage", call, $"{added.ToString(CultureInfo.InvariantCulture)} edits are pending");
    }

    public async Task<Effect> ApplyAsync(FabricCall call)
    {
        if (await BeforeAsync("topology.apply", call) is { } fault) return fault;
        if (world.State.Pending.Count == 0) return Effect.Done("nothing was pending");
        world.ApplyPending();
        return After("topology.apply", call, "accepted");
    }

    public async Task<Effect> DiscardAsync(FabricCall call, string? operationId)
    {
        if (await BeforeAsync("topology.discard", call) is { } fault) return fault;
        var removed = world.State.Pending.RemoveAll(p => operationId is null || p.OperationId == operationId);
        return removed == 0 ? Effect.Already("nothing of it was pending") : After("topology.discard", call, $"{removed.ToString(CultureInfo.InvariantCulture)} edits discarded");
    }

    public async Task<Effect> SetPortAsync(FabricCall call, PortSettings settings)
    {
        if (await BeforeAsync("port.set", call) is { } fault) return fault;
        if (world.State.Ports.FirstOrDefault(p => p.Id == settings.PortId) is not { } port) return Effect.Refused($"there is no port {settings.PortId}", ErrorCatalogue.PortNotFound);
        port.Type = settings.Type ?? port.Type;
        port.Enabled = settings.Enabled ?? port.Enabled;
        port.Mtu = settings.Mtu ?? port.Mtu;
        port.QsfpMode = settings.QsfpMode ?? port.QsfpMode;
        port.AutoNegotiation = settings.AutoNegotiation ?? port.AutoNegotiation;
        return After("port.set", call, "live");
    }

    private async Task<Effect?> BeforeAsync(string name, FabricCall call)
    {
        var fault = world.Faults.Take(name, "");
        if (fault == LabFaultKind.LoseRequest) return Effect.Unknown("no answer");
        if (fault is LabFaultKind.Refuse or LabFaultKind.RefuseOnce) return Effect.Refused("the orchestrator refused it", transient: fault == LabFaultKind.RefuseOnce);
        await world.PassTimeAsync(name, 1, 3, call.Cancellation);
        world.Settle();
        if (fault == LabFaultKind.Lie) return Effect.Done("it says so");
        if (fault == LabFaultKind.LoseAnswer) world.Faults.Add(name + "/answer", "", LabFaultKind.LoseAnswer);
        return null;
    }

    private Effect After(string name, FabricCall call, string evidence)
    {
        world.Writes.Add($"{name} {call.OperationId}");
        world.Keep();
        return world.Faults.Take(name + "/answer", "") == LabFaultKind.LoseAnswer ? Effect.Unknown("no answer") : Effect.Done(evidence);
    }

    private static PendingChange Change(LabState state, LabPendingEdit pending)
    {
        var edit = pending.Edit;
        var group = state.Groups.FirstOrDefault(g => g.Name == edit.SecurityGroup);
        var gateway = state.Gateways.FirstOrDefault(g => g.Id == edit.Gateway);
        var view = group is null ? null : LabViews.View(state, pending.StagedAt, false).Groups.First(g => g.Name == group.Name);
        var (property, deployed, wanted) = edit.Kind switch
        {
            TopologyEditKind.CreateGroup => ("SecurityGroup", "", edit.SecurityGroup),
            TopologyEditKind.DeleteGroup => ("SecurityGroup", edit.SecurityGroup, ""),
            TopologyEditKind.SetGroup => (edit.Property, view is null ? "" : Clustering.Membership.TopologyEdits.GroupProperty(view, edit.Property) ?? "", edit.Value),
            TopologyEditKind.AssignGateway => ("Member", gateway?.Member ?? "", $"{edit.SecurityGroup} {edit.Member}"),
            TopologyEditKind.UnassignGateway => ("Member", $"{edit.SecurityGroup} {edit.Member}", ""),
            TopologyEditKind.SetGateway => (edit.Property, gateway?.Description ?? "", edit.Value),
            _ => (edit.Property, edit.Property == nameof(GroupMember.Weight) ? gateway?.Weight?.ToString(CultureInfo.InvariantCulture) ?? "" : gateway?.MemberDescription ?? "", edit.Value),
        };
        return new PendingChange
        {
            SecurityGroup = edit.SecurityGroup,
            Gateway = edit.Gateway,
            Property = property,
            Deployed = deployed,
            Pending = wanted,
            StagedBy = pending.StagedBy,
            StagedAt = pending.StagedAt,
            Operation = pending.OperationId,
        };
    }
}
