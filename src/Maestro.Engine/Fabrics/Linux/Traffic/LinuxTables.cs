using System.Globalization;
using Maestro.Engine.Clustering.Distribution;
using Maestro.Engine.Clustering.Membership;
using Maestro.Engine.Fabrics.Linux.Inventory;
using Maestro.Engine.Fabrics.Linux.Replication;
using Maestro.Engine.Model.Errors;
using Maestro.Engine.Model.Groups;
using Maestro.Engine.Store;

namespace Maestro.Engine.Fabrics.Linux.Traffic;

/// <summary>A group's table as it was found.</summary>
/// <param name="Table">The group's.</param>
/// <param name="OutOfStep">Who does not go by it.</param>
/// <param name="Seen">All hosts that steer it.</param>
/// <param name="Remembered">The newest whose change this store saw to its end; null for none.</param>
internal sealed record FoundTable(DistributionTable Table, IReadOnlyList<string> OutOfStep, IReadOnlyList<SteeringSight> Seen, DistributionTable? Remembered)
{
    // One change makes two versions at most, one for who is lost and one for the shares; and who finishes it makes one on top.
    private const int VersionsAChange = 3;

    /// <summary>
    /// A controller of this store may have died between a change of the table and the end of its hand-over: then connections that began in between still lie
    /// with who carried them. A table that is further on is other controllers' work.
    /// </summary>
    public bool IsUnfinished => Remembered is not null && Table.Version - Remembered.Version is > 0 and <= VersionsAChange;

    /// <summary>Nobody answers, so nobody knows what they go by.</summary>
    public bool IsSilent => Seen.Count > 0 && !Seen.Any(s => s.Listing is not null);

    public IEnumerable<SteeringSight> Silent => Seen.Where(s => s.Listing is null);

    /// <summary>Who lacks what would give its addresses to another host, and why.</summary>
    public IEnumerable<string> Unshared => Seen.Where(s => s.Listing is not null).Select(s => (s.Id, Lack: s.Listing!.Redundancy?.Lack(s.Routers) ?? "")).Where(s => s.Lack.Length > 0).Select(s => $"{s.Id}: {s.Lack}");
}

/// <summary>
/// The tables of groups on all hosts that steer them: which one is a group's, and how it becomes another. Each host takes a table only on top of the version that
/// was seen there, so that of two controllers one is told that it moved, whatever their stores say.
/// </summary>
internal sealed class LinuxTables(ISteering steering, IKernelConnections connections, LinuxReplication? replication, IStore store, TimeProvider time)
{
    // Of this controller's own steps one at a time: members that join at once would only refuse one another. Waited for without a token, for a wait with one leaves the scheduler.
    private readonly SemaphoreSlim _gate = new(1, 1);

    public InventoryFile Inventory => steering.Inventory;

    public Task<SteeringOverview> ListAsync(CancellationToken cancellation) => steering.ListAsync(cancellation);

    /// <exception cref="MaestroException"><c>MemberUnreachable</c>: no orchestrator answers, and what they go by is not known.</exception>
    public async Task<FoundTable> FindAsync(SteeredGroup group, CancellationToken cancellation)
    {
        var found = await LookAsync(group, cancellation);
        return found.IsSilent
            ? throw new MaestroException(ErrorCatalogue.MemberUnreachable, Silence(group, found), group.Name, "Bring one of them back; what it goes by is known then.")
            : found;
    }

    private async Task<FoundTable> LookAsync(SteeredGroup group, CancellationToken cancellation, TimeSpan? patience = null)
    {
        var seen = await steering.SeeAsync(group, cancellation, patience);
        var remembered = (await TableHistory.ReadAsync(store, group.Name)).FirstOrDefault();
        var sights = seen.Select(s => new OrchestratorSight(s.Id, s.Listing?.Table, steering.FaultOf(group, s))).ToList();
        var (table, outOfStep) = TableRecovery.Choose(sights, remembered, seen.Count == 0 ? [] : group.CarryingOf(null, []));
        return new FoundTable(table, outOfStep, seen, remembered);
    }

    public async Task<Effect> ApplyAsync(FabricCall call, SteeredGroup group, DistributionTable table, long expectedVersion)
    {
        await _gate.WaitAsync();
        try
        {
            call.Cancellation.ThrowIfCancellationRequested();
            var found = await LookAsync(group, call.Cancellation);
            if (found.IsSilent) return Unreachable(Silence(group, found));
            if (found.Seen.Count == 0) return Effect.Refused($"no orchestrator of the inventory has uplinks of '{group.Name}' on both sides", ErrorCatalogue.FabricCannot);
            var current = found.Table;
            if (current != table)
            {
                if (current.Version != expectedVersion) return Effect.Refused($"the table has version {Text(current.Version)} by now", ErrorCatalogue.DistributionMoved, transient: true);
                if (table.Version <= current.Version) return Effect.Refused($"version {Text(table.Version)} does not come after {Text(current.Version)}", ErrorCatalogue.DistributionMoved);
            }
            else if (found.OutOfStep.Count == 0)
            {
                return found.IsUnfinished ? await FinishAsync(call, group, found) : Effect.Already($"version {Text(table.Version)}");
            }

            return await WriteAsync(call, group, table, found, group.Members, mayLeaveOut: false);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Brings the table to the group's members as they were observed. A group without uplinks has nothing to bring.</summary>
    /// <param name="call">The call.</param>
    /// <param name="group">With the members that it has from now on.</param>
    /// <param name="lost">Judged to be lost: their slots go to the backups, and an orchestrator that is lost as well does not hinder that.</param>
    /// <param name="joining">Counted as active already.</param>
    /// <param name="leavers">Who are members no more, and may still know connections.</param>
    /// <param name="notYet">Not counted as carrying where they have no slots; where they have, they get of the lost only what nobody else has copies of.</param>
    /// <param name="leaving">Not counted as carrying any more.</param>
    public async Task<Effect> FollowAsync(
        FabricCall call, SteeredGroup group, IReadOnlyCollection<MemberId> lost, MemberId? joining = null, IReadOnlyList<SteeredMember>? leavers = null, IReadOnlyCollection<MemberId>? notYet = null, MemberId? leaving = null)
    {
        await _gate.WaitAsync();
        try
        {
            call.Cancellation.ThrowIfCancellationRequested();
            if (!group.OrchestratorsOf(steering.Inventory).Any()) return Effect.Already();
            var found = await LookAsync(group, call.Cancellation, lost.Count > 0 ? TopologyScope.HurryOf(call.Attempt) : null);
            if (found.IsSilent) return Unreachable(Silence(group, found));
            var members = MembersBut(group, leavers, lost);
            Effect? promotion = null;
            if (TableFollowing.Promote(found.Table.Slots, lost, notYet) is { } promoted)
            {
                // What has nobody goes first. What the living pass on to one another is copied before, and takes its time.
                promotion = await WriteAsync(call, group, found.Table with { Slots = promoted }, found, members, mayLeaveOut: true, isLast: false);
                if (promotion.Kind is EffectKind.Refused or EffectKind.Unknown) return promotion;
                found = await LookAsync(group, call.Cancellation, TopologyScope.HurryOf(call.Attempt));
                if (found.IsSilent) return Unreachable(Silence(group, found));
                // What is not remembered yet is no dead controller's: its connections were brought just now.
                if (found.Table.Version == promoted.Version) found = found with { Remembered = found.Table };
            }

            List<MemberId> without = [.. lost, .. (notYet ?? []).Where(n => found.Table.Slots.Members.All(m => m.Id != n))];
            if (leaving is { } left) without.Add(left);
            var carrying = group.CarryingOf(found.Table.Slots, without, joining);
            // A table for nobody saves no packet, and a member that comes back would have lost its slots with the connections in them.
            var isStranded = group.Members.Any(m => lost.Contains(m.Id)) && !carrying.Any(m => m.TakesSlots);
            var slots = isStranded ? found.Table.Slots : TableFollowing.Follow(found.Table.Slots, carrying, lost, notYet);
            var table = ReferenceEquals(slots, found.Table.Slots) ? found.Table : found.Table with { Slots = slots };
            if (table.Version == 0 || (table == found.Table && found.OutOfStep.Count == 0 && !found.IsUnfinished))
            {
                return promotion is null ? Effect.Already($"version {Text(table.Version)}") : await EndAsync(call, group, table, members, promotion);
            }

            return await WriteAsync(call, group, table, found, members, mayLeaveOut: lost.Count > 0);
        }
        finally
        {
            _gate.Release();
        }
    }

    public async Task<Effect> YieldAsync(FabricCall call, SteeredGroup group, string orchestrator) =>
        group.OrchestratorsOf(Inventory).FirstOrDefault(o => o.Host.Id == orchestrator) is { } found
            ? await steering.YieldAsync(call, found)
            : Effect.Refused($"{orchestrator} does not steer '{group.Name}'", ErrorCatalogue.OrchestratorNotFound);

    public Task<Effect> RemoveAsync(FabricCall call, SteeredGroup group) => steering.RemoveAsync(call, group);

    /// <summary>Brings the tables of the groups that are edited to the members that these are about to have: nobody leaves who is still sent packets.</summary>
    /// <param name="call">The call.</param>
    /// <param name="edits">What is about to be applied.</param>
    /// <param name="was">As it is.</param>
    /// <param name="becomes">As it will be.</param>
    public async Task<Effect> FollowEditsAsync(FabricCall call, IReadOnlyList<TopologyEdit> edits, TopologyView was, TopologyView becomes)
    {
        var evidence = new List<string>();
        foreach (var name in edits.Select(e => e.SecurityGroup).Where(n => n.Length > 0).Distinct().OrderBy(n => n, StringComparer.Ordinal))
        {
            var gone = SteeredGroup.Of(was, Inventory, name);
            var stays = SteeredGroup.Of(becomes, Inventory, name);
            var lost = edits.Where(e => e.SecurityGroup == name && e.Property == TopologyEdits.LeftBehind).Select(e => MemberId.Parse(e.Member)).ToList();
            var effect = stays is not null ? await FollowAsync(call, stays, lost, leavers: gone?.Members.Where(g => stays.Members.All(s => s.Id != g.Id)).ToList()) : gone is not null ? await RemoveAsync(call, gone) : Effect.Already();
            if (effect.Kind is EffectKind.Refused or EffectKind.Unknown) return effect;
            if (effect.Kind == EffectKind.Done && effect.Evidence.Length > 0) evidence.Add($"{name}: {effect.Evidence}");
        }

        return Effect.Done(string.Join("\n", evidence));
    }

    private static List<SteeredMember> MembersBut(SteeredGroup group, IEnumerable<SteeredMember>? leavers, IReadOnlyCollection<MemberId> lost) =>
        [.. group.Members.Concat(leavers ?? []).Where(m => !lost.Contains(m.Id))];

    private async Task<Effect> WriteAsync(FabricCall call, SteeredGroup group, DistributionTable table, FoundTable found, IReadOnlyList<SteeredMember> members, bool mayLeaveOut, bool isLast = true)
    {
        if (group.Id is < 1 or > SteeringMarks.HighestGroup) return Effect.Refused($"'{group.Name}' has the id {Text(group.Id)}; groups that are distributed have ids from 1 to {Text(SteeringMarks.HighestGroup)}", ErrorCatalogue.FabricCannot);
        if (table.Slots.Members.FirstOrDefault(m => group.Members.All(g => g.Id != m.Id)) is { } stranger) return Effect.Refused($"{stranger} is no member of '{group.Name}'", ErrorCatalogue.MemberStateInvalid);
        if (!mayLeaveOut && found.Silent.FirstOrDefault() is { } silent)
        {
            return Unreachable($"{silent.Id} {steering.FaultOf(group, silent)}; two that go by different tables would part the directions of flows, so no table was sent");
        }

        // Else nobody could tell later what this change began with.
        if (found.Table.Version > 0 && (found.Remembered is null || (!found.IsUnfinished && found.Remembered.Version < found.Table.Version))) await TableHistory.AddAsync(store, call.Lease, group.Name, found.Table);
        // Straight to who will carry: who took over by the change that was not finished may be the one that is lost.
        if (found.IsUnfinished && await SweepAsync(call, found.Remembered!, table, members) is { } unfinished) return unfinished;
        var moving = new ConnectionHandOver(connections, call, new FlowMoves(found.Table, table), members, time);
        // After a loss nothing waits for those who are there.
        if (await moving.CopyAsync() is { } unable && !mayLeaveOut) return unable;
        if (!mayLeaveOut && moving.Deaf is { } deaf) return Unreachable($"{deaf} does not answer, and would carry connections that it cannot be given; no table was sent");

        var writing = WriteAsync(call, group, table, found, mayLeaveOut);
        await moving.KeepUpAsync(writing);
        if (await writing is { Kind: EffectKind.Refused or EffectKind.Unknown } unwritten) return unwritten;
        if (await moving.SweepAsync() is { } open && !mayLeaveOut) return open;
        var written = Effect.Done($"version {Text(table.Version)}; {moving.Words}", verified: true) with
        {
            Reason = string.Join("; ", found.Silent.Select(s => $"{s.Id} was left out, it {steering.FaultOf(group, s)}").Concat(found.Unshared)),
        };
        return isLast ? await EndAsync(call, group, table, members, written) : written;
    }

    /// <summary>Members are told whose copies they keep. Only then the table is remembered: who finds it changed and not remembered finishes what is left.</summary>
    private async Task<Effect> EndAsync(FabricCall call, SteeredGroup group, DistributionTable table, IReadOnlyList<SteeredMember> members, Effect written)
    {
        var unprotected = await ProtectAsync(call, group, table, members);
        await TableHistory.AddAsync(store, call.Lease, group.Name, table);
        return Protected(written, unprotected);
    }

    private async Task<IReadOnlyList<string>> ProtectAsync(FabricCall call, SteeredGroup group, DistributionTable table, IReadOnlyList<SteeredMember> members) =>
        replication is null ? [] : await replication.BringAsync(call, group, table, members);

    private static Effect Protected(Effect written, IReadOnlyList<string> unprotected) =>
        written with { Reason = string.Join("; ", unprotected.Prepend(written.Reason).Where(r => r.Length > 0)) };

    /// <summary>One after another: of two controllers that write at once the first host takes one's table, and the other's is nowhere.</summary>
    private async Task<Effect> WriteAsync(FabricCall call, SteeredGroup group, DistributionTable table, FoundTable found, bool isHurried)
    {
        var isAhead = found.Silent.Any();
        foreach (var seen in found.Seen.Where(s => s.Listing is not null).OrderBy(s => s.Id, StringComparer.Ordinal))
        {
            var effect = await steering.WriteAsync(call, group, table, seen, isAhead, isHurried);
            if (effect.Kind is EffectKind.Refused or EffectKind.Unknown) return effect;
        }

        return Effect.Done();
    }

    /// <summary>What a controller that died left of the change of the table that is there.</summary>
    private async Task<Effect> FinishAsync(FabricCall call, SteeredGroup group, FoundTable found) =>
        await SweepAsync(call, found.Remembered!, found.Table, group.Members) ?? await EndAsync(call, group, found.Table, group.Members, Effect.Done($"version {Text(found.Table.Version)}", verified: true));

    /// <returns>Null when nobody who carries lacks what others have.</returns>
    private Task<Effect?> SweepAsync(FabricCall call, DistributionTable before, DistributionTable after, IReadOnlyList<SteeredMember> members) =>
        new ConnectionHandOver(connections, call, new FlowMoves(before, after), members, time).SweepAsync();

    private static Effect Unreachable(string words) => Effect.Refused(words, ErrorCatalogue.MemberUnreachable, transient: true);

    private string Silence(SteeredGroup group, FoundTable found) => $"No orchestrator of '{group.Name}' answers: {found.Seen[0].Id} {steering.FaultOf(group, found.Seen[0])}";

    private static string Text(long value) => value.ToString(CultureInfo.InvariantCulture);
}
