using System.Globalization;
using Maestro.Engine.Clustering.Membership;
using Maestro.Engine.Fabrics.Linux.Traffic;
using Maestro.Engine.Model.Errors;
using Maestro.Engine.Model.Groups;

namespace Maestro.Engine.Fabrics.Linux;

/// <summary>
/// Groups of Linux hosts. What is deployed lies with the hosts themselves; the store keeps what is pending, groups that have no member, and
/// the last known place of hosts that do not answer.
/// </summary>
internal sealed class LinuxTopology(LinuxHosts hosts, LinuxLedger ledger, LinuxTables? tables, TimeProvider time, string user) : ISteeredTopology
{
    public async Task<TopologyView> ObserveAsync(TopologyScope scope, CancellationToken cancellation)
    {
        // Who is in a hurry does not wait for orchestrators either, and needs no more of them than they are asked for anyway.
        var listing = scope.Patience is null ? tables?.ListAsync(cancellation) : null;
        var seen = await hosts.ObserveAllAsync(cancellation, scope);
        var state = Deployed(seen, await ledger.ReadAsync());
        if (scope.Pending) state = state.With((await ledger.ReadPendingAsync()).Select(p => p.Edit));
        return LinuxViews.View(hosts.Inventory, seen, state, time.GetUtcNow(), listing is null ? null : await listing);
    }

    public async Task<TopologyView> ObserveSurvivorsAsync(FabricCall call, string securityGroup, IReadOnlyCollection<MemberId> lost)
    {
        var known = (await ledger.ReadAsync()).Assignments.Where(a => a.Value.Group == securityGroup && MemberId.TryParse(a.Value.Member, out var id) && lost.Contains(id));
        return await ObserveAsync(TopologyScope.Hurried(known.Select(a => a.Key), call.Attempt), call.Cancellation);
    }

    public async Task<IReadOnlyList<PendingChange>> ObservePendingAsync(CancellationToken cancellation)
    {
        var pending = await ledger.ReadPendingAsync();
        if (pending.Count == 0) return [];
        var deployed = await ObserveAsync(TopologyScope.Deployed, cancellation);
        return [.. pending.Select(p => LinuxViews.Change(p, deployed))];
    }

    public async Task<Effect> StageAsync(FabricCall call, IReadOnlyList<TopologyEdit> edits)
    {
        var pending = (await ledger.ReadPendingAsync()).ToList();
        var added = edits.Where(e => !pending.Any(p => p.Edit == e)).ToList();
        if (added.Count > 0)
        {
            var seen = await hosts.ObserveAllAsync(call.Cancellation);
            var deployed = Deployed(seen, await ledger.ReadAsync());
            var before = deployed.With(pending.Select(p => p.Edit));
            var view = LinuxViews.View(hosts.Inventory, seen, before, time.GetUtcNow());
            added.RemoveAll(e => TopologyEdits.IsSeen(e, view));
            // Whose removal is pending has its number still: it may stay after all.
            foreach (var edit in added.Where(e => e.Kind == TopologyEditKind.AssignGateway))
            {
                if ((before.HolderOf(edit) ?? deployed.HolderOf(edit)) is { } holder) return Effect.Refused($"{edit.Member} of '{edit.SecurityGroup}' is {holder}", ErrorCatalogue.PendingConflict);
            }
        }

        if (added.Count == 0) return Effect.Already("pending or deployed already");
        pending.AddRange(added.Select(e => new LinuxPendingEdit { Edit = e, OperationId = call.OperationId, StagedBy = user, StagedAt = time.GetUtcNow() }));
        await ledger.WritePendingAsync(call, pending);
        return Effect.Done($"{added.Count.ToString(CultureInfo.InvariantCulture)} edits are pending", verified: true);
    }

    public async Task<Effect> DiscardAsync(FabricCall call, string? operationId)
    {
        var pending = await ledger.ReadPendingAsync();
        var left = pending.Where(p => operationId is not null && p.OperationId != operationId).ToList();
        if (left.Count == pending.Count) return Effect.Already("nothing of it was pending");
        await ledger.WritePendingAsync(call, left);
        return Effect.Done("discarded", verified: true);
    }

    public async Task<Effect> ApplyAsync(FabricCall call)
    {
        var seen = await hosts.ObserveAllAsync(call.Cancellation);
        var remembered = await ledger.ReadAsync();
        var before = Deployed(seen, remembered);
        var edits = (await ledger.ReadPendingAsync()).Select(p => p.Edit).ToList();
        var after = before.With(edits);
        foreach (var edit in edits)
        {
            if (edit.Kind == TopologyEditKind.AssignGateway && after.Assignments.TryGetValue(edit.Gateway, out var joining)) joining.Epoch = call.Epoch;
            if (edit.Property == TopologyEdits.LeftBehind && seen.All(s => s.Gateway.Host.Id != edit.Gateway || !s.Answered)) after.Leave(edit.Gateway, new LinuxLeft(edit.SecurityGroup, edit.Member, call.Epoch));
        }

        after.Teach();
        // What was decided is remembered first: a host that is reached only later must not be forgotten by a controller that dies now.
        await ledger.WriteAsync(call, remembered, after);
        var steered = await SteerAsync(call, edits, seen, before, after);
        if (steered.Kind is EffectKind.Refused or EffectKind.Unknown) return steered;
        var effects = await Task.WhenAll(hosts.Inventory.Gateways.Select(g => BringAsync(call, g, before, after, Find(seen, g.Host.Id))));
        var evidence = string.Join("\n", effects.Prepend(steered).Where(e => e.Evidence.Length > 0).Select(e => e.Evidence));
        var open = effects.FirstOrDefault(e => e.Kind == EffectKind.Refused && !e.Transient) ?? effects.FirstOrDefault(e => e.Kind is EffectKind.Refused or EffectKind.Unknown);
        if (open is not null) return open with { Evidence = evidence };
        await ledger.WritePendingAsync(call, []);
        return Effect.Done(evidence);
    }

    public Task<Effect> SetPortAsync(FabricCall call, PortSettings settings) =>
        Task.FromResult(Effect.Refused("The ports of Linux orchestrating hosts belong to their own system.", ErrorCatalogue.FabricCannot));

    /// <summary>The distribution goes before: nobody leaves who is still sent packets.</summary>
    private async Task<Effect> SteerAsync(FabricCall call, IReadOnlyList<TopologyEdit> edits, IReadOnlyList<HostObservation> seen, LinuxState before, LinuxState after) => tables is null
        ? Effect.Already()
        : await tables.FollowEditsAsync(call, edits, LinuxViews.View(hosts.Inventory, seen, before, time.GetUtcNow()), LinuxViews.View(hosts.Inventory, seen, after, time.GetUtcNow()));

    private async Task<Effect> BringAsync(FabricCall call, Inventory.InventoryGateway gateway, LinuxState before, LinuxState after, HostObservation seen)
    {
        var id = gateway.Host.Id;
        var was = before.Assignments.TryGetValue(id, out var old) && old.Group.Length > 0 ? old : null;
        var shall = after.Assignments.TryGetValue(id, out var wanted) && wanted.Group.Length > 0 ? wanted : null;
        if (wanted is { MayBeLeft: true } && shall is null && !seen.Answered) return Effect.Already() with { Evidence = $"{id}: left behind, it does not answer: {seen.Silence}" };
        if (was is null && shall is not null && seen.Answered && seen.File("member").Count > 0)
        {
            // It comes back from a membership that ended without it: what that placed there goes first.
            var (cleaned, answer) = await hosts.WriteAsync(call, id, GatewayScripts.Leave(call.Epoch, keepPolicy: false));
            if (cleaned.Kind is EffectKind.Refused or EffectKind.Unknown) return Named(cleaned, id);
        }

        if (was is not null && (shall is null || shall.Group != was.Group))
        {
            var (left, answer) = await hosts.WriteAsync(call, id, GatewayScripts.Leave(call.Epoch, wanted?.KeepPolicy ?? false));
            if (left.Kind is EffectKind.Refused or EffectKind.Unknown) return Named(left, id);
            if (shall is null) return left with { Evidence = $"{id}: removed {string.Join(", ", answer.Words("removed"))}; left {answer.Word("left")}" };
            was = null;
        }

        if (shall is null) return Effect.Already();
        var group = after.Groups[shall.Group];
        if (was is null || was.Member != shall.Member)
        {
            var (joined, answer) = await hosts.WriteAsync(call, id, GatewayScripts.Join(
                call.Epoch, shall.Member, shall.Weight, LinuxGroup.Line(shall.Description), group.ToFile(), GatewayScripts.InitialPolicy(gateway.Host.Port)));
            return Named(joined with { Evidence = $"{id}: boot step: {answer.Word("boot")}" }, id);
        }

        // What the host itself holds decides: it may have been silent when the group's file was written last.
        var sameGroup = seen.Answered ? LinuxGroup.FromFile(seen.File("group"))?.ToFile() == group.ToFile() : before.Groups.TryGetValue(shall.Group, out var oldGroup) && oldGroup.ToFile() == group.ToFile();
        if (sameGroup && was.Weight == shall.Weight && was.Description == shall.Description) return Effect.Already();
        if (!seen.Answered) return Effect.Refused($"{id} does not answer: {seen.Silence}", ErrorCatalogue.MemberUnreachable, transient: true);
        return Named((await hosts.WriteAsync(call, id, GatewayScripts.Set(call.Epoch, group.ToFile(), shall.Weight, LinuxGroup.Line(shall.Description)))).Effect, id);
    }

    private static Effect Named(Effect effect, string gateway) => effect.Reason.Length == 0 ? effect : effect with { Reason = $"{gateway}: {effect.Reason}" };

    /// <summary>What the hosts say; for those that are silent, what was last known.</summary>
    private static LinuxState Deployed(IReadOnlyList<HostObservation> seen, LinuxState remembered)
    {
        var state = new LinuxState();
        foreach (var pair in remembered.Groups) state.Groups[pair.Key] = pair.Value;
        foreach (var pair in remembered.GatewayDescriptions) state.GatewayDescriptions[pair.Key] = pair.Value;
        foreach (var pair in remembered.Left) state.Left[pair.Key] = pair.Value;
        foreach (var host in seen)
        {
            if (host.Answered && LinuxGroup.FromFile(host.File("group")) is { } carried) state.Learn(carried);
        }

        foreach (var host in seen)
        {
            var id = host.Gateway.Host.Id;
            if (!host.Answered)
            {
                if (remembered.Assignments.TryGetValue(id, out var last) && !state.IsLeft(id, last.Group, last.Epoch)) state.Assignments[id] = last;
                continue;
            }

            var member = host.File("member");
            if (!member.TryGetValue("id", out var memberId) || LinuxGroup.FromFile(host.File("group")) is not { } group) continue;
            var epoch = member.TryGetValue("epoch", out var joined) && long.TryParse(joined, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
            if (state.IsLeft(id, group.Name, epoch)) continue;
            state.Groups[group.Name] = group;
            state.Assignments[id] = new LinuxAssignment
            {
                Group = group.Name,
                Member = memberId,
                Epoch = epoch,
                Weight = member.TryGetValue("weight", out var weight) ? weight : "",
                Description = member.TryGetValue("description", out var description) ? description : "",
            };
        }

        state.Teach();
        return state;
    }

    private static HostObservation Find(IReadOnlyList<HostObservation> seen, string gateway) => seen.First(s => s.Gateway.Host.Id == gateway);
}
