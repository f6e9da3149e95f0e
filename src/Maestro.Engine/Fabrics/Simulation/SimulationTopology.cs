using System.Globalization;
using Maestro.Engine.Clustering.Membership;
using Maestro.Engine.Fabrics.Simulation.World;
using Maestro.Engine.Model.Errors;
using Maestro.Engine.Model.Groups;

namespace Maestro.Engine.Fabrics.Simulation;

/// <summary>The orchestrators' topology: edits are pending until one apply of all of them, whoever staged them (Gaia sheet, section 7.1).</summary>
internal sealed class SimulationTopology(SimulationCalls calls) : ITopology
{
    private const int KeysRemembered = 100;

    // What was shown last, by whether it was the pending topology: most looks find nothing new.
    private readonly (long Version, long Minute, TopologyView? View)[] _shown = new (long, long, TopologyView?)[2];

    private LabWorld World => calls.World;

    private LabState State => calls.World.State;

    public Task<TopologyView> ObserveAsync(TopologyScope scope, CancellationToken cancellation)
    {
        World.Life.Settle();
        calls.Looked("topology.observe", scope.Pending ? "pending" : "");
        return Task.FromResult(View(scope.Pending));
    }

    public Task<IReadOnlyList<PendingChange>> ObservePendingAsync(CancellationToken cancellation)
    {
        World.Life.Settle();
        calls.Looked("topology.pending", "");
        return Task.FromResult(LabPending.Differences(State));
    }

    public Task<Effect> StageAsync(FabricCall call, IReadOnlyList<TopologyEdit> edits) =>
        calls.OnOrchestratorAsync(call, "topology.stage", "", string.Join("; ", edits.Select(TopologyEdits.Describe)), () =>
        {
            var fresh = new List<LabPendingEdit>();
            var pending = LabTopology.WithPending(State);
            foreach (var edit in edits)
            {
                if (TopologyEdits.IsSeen(edit, LabViews.View(pending, World.Now))) continue;
                if (Fence(call, edit) is { } stale) return stale;
                if (LabTopology.Judge(State, pending, edit) is { } refusal) return refusal;
                var complete = LabTopology.Complete(State, pending, edit);
                LabTopology.Apply(pending, complete);
                fresh.Add(new LabPendingEdit { Edit = complete, OperationId = call.OperationId, StagedBy = "maestro", StagedAt = World.Now });
            }

            if (fresh.Count == 0) return Effect.Already("pending or deployed already");
            State.Pending.AddRange(fresh);
            LabPending.Prune(State);
            return Effect.Done($"{Text(fresh.Count)} edits are pending");
        });

    public Task<Effect> ApplyAsync(FabricCall call) =>
        calls.OnOrchestratorAsync(call, "topology.apply", "", "", () =>
        {
            if (State.AppliedKeys.Contains(call.IdempotencyKey)) return Effect.Already("was applied for this step already");
            if (State.Pending.Count == 0) return Effect.Already("nothing is pending");
            if (State.Pending.Where(p => p.OperationId == call.OperationId).Select(p => Fence(call, p.Edit)).FirstOrDefault(e => e is not null) is { } stale) return stale;
            State.AppliedKeys.Add(call.IdempotencyKey);
            if (State.AppliedKeys.Count > KeysRemembered) State.AppliedKeys.RemoveAt(0);
            World.Life.ApplyPending();
            return Effect.Done("accepted");
        });

    public Task<Effect> DiscardAsync(FabricCall call, string? operationId) =>
        calls.OnOrchestratorAsync(call, "topology.discard", operationId ?? "*", "", () =>
        {
            var removed = State.Pending.RemoveAll(p => operationId is null || p.OperationId == operationId);
            LabPending.Prune(State);
            return removed == 0 ? Effect.Already("nothing of it was pending") : Effect.Done($"{Text(removed)} edits discarded");
        });

    public Task<Effect> SetPortAsync(FabricCall call, PortSettings settings) =>
        calls.OnOrchestratorAsync(call, "port.set", settings.PortId, Words(settings), () =>
        {
            if (State.Ports.FirstOrDefault(p => p.Id == settings.PortId) is not { } port) return Effect.Refused($"there is no port {settings.PortId}", ErrorCatalogue.PortNotFound);
            var (was, shall) = (Settings(port), Settings(port, settings));
            if (was == shall) return Effect.Already("has these settings");
            port.Type = shall.Type!.Value;
            port.Enabled = shall.Enabled!.Value;
            port.Mtu = shall.Mtu!.Value;
            port.QsfpMode = shall.QsfpMode!;
            port.AutoNegotiation = shall.AutoNegotiation!.Value;
            return Effect.Done("live");
        });

    private TopologyView View(bool pending)
    {
        var now = World.Now;
        // The load goes by the minute, and how long somebody has been silent by the second.
        var minute = now.UtcTicks / TimeSpan.TicksPerMinute;
        ref var shown = ref _shown[pending ? 1 : 0];
        if (shown.View is { } same && shown.Version == World.Version && shown.Minute == minute && State.Gateways.All(g => g.UnreachableSince is null)) return same with { ObservedAt = now };
        var view = LabViews.View(pending ? LabTopology.WithPending(State) : State, now);
        shown = (World.Version, minute, view);
        return view;
    }

    /// <summary>
    /// An edit of a group's membership or properties is refused under an epoch that any of its members has left behind. A gateway's
    /// description is nobody's lease.
    /// </summary>
    private Effect? Fence(FabricCall call, TopologyEdit edit)
    {
        if (edit.Kind == TopologyEditKind.SetGateway) return null;
        var newer = State.Gateways.FirstOrDefault(g => g.Epoch > call.Epoch && (g.Id == edit.Gateway || (edit.SecurityGroup.Length > 0 && g.Group == edit.SecurityGroup)));
        return newer is null ? null : calls.Stale(call, newer);
    }

    private static PortSettings Settings(LabPort port, PortSettings? over = null) => new()
    {
        PortId = port.Id,
        Type = over?.Type ?? port.Type,
        Enabled = over?.Enabled ?? port.Enabled,
        Mtu = over?.Mtu ?? port.Mtu,
        QsfpMode = over?.QsfpMode ?? port.QsfpMode,
        AutoNegotiation = over?.AutoNegotiation ?? port.AutoNegotiation,
    };

    private static string Words(PortSettings settings) => string.Join(
        " ",
        new[] { settings.Type?.ToString(), settings.Enabled is { } on ? (on ? "enabled" : "disabled") : null, settings.Mtu is { } mtu ? Text(mtu) : null, settings.QsfpMode, settings.AutoNegotiation is { } auto ? (auto ? "auto" : "manual") : null }
            .Where(w => w is not null));

    private static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);
}
