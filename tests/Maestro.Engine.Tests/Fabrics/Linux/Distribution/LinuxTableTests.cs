using Maestro.Engine.Clustering.Distribution;
using Maestro.Engine.Fabrics;
using Maestro.Engine.Model.Distribution;
using Maestro.Engine.Model.Errors;
using Maestro.Engine.Model.Fabric;
using Maestro.Engine.Model.Groups;
using Maestro.Testbeds;

namespace Maestro.Engine.Tests.Fabrics.Linux.Distribution;

/// <summary>The table of a group on a pair of orchestrators: in step, read back, and put back where it was lost.</summary>
public sealed class LinuxTableTests
{
    [TestbedFact]
    public async Task A_table_that_kernels_or_stores_lost_goes_on_from_what_is_left_of_it()
    {
        await using var steered = await SteeredBed.StartAsync();
        await steered.SetAsync(DistributionMode.AutoTopology);
        var known = await steered.ObserveAsync();
        Assert.Empty(known.OutOfStep);
        Assert.True(known.Table.Version > 3, "three members that joined, and a mode");

        // A store that never saw it reads all of it from the kernels.
        await using var stranger = LinuxSession.Open(steered.Bed, "b");
        Assert.Equal(known.Table, (await steered.ObserveAsync(stranger)).Table);

        // One kernel lost it: the other's counts, and a change brings both in step.
        await steered.LoseTableAsync(steered.Bed.Orchestrators[0]);
        var seen = await steered.ObserveAsync();
        Assert.Equal(known.Table, seen.Table);
        Assert.Equal(["orch-1 has no table"], seen.OutOfStep);
        await steered.SetAsync(DistributionMode.AutoTopology);
        seen = await steered.ObserveAsync();
        Assert.Equal(known.Table, seen.Table);
        Assert.Empty(seen.OutOfStep);

        // Both lost it: the version goes on from what the store remembers.
        foreach (var orchestrator in steered.Bed.Orchestrators) await steered.LoseTableAsync(orchestrator);
        seen = await steered.ObserveAsync();
        Assert.Equal(known.Table, seen.Table);
        Assert.Equal(["orch-1 has no table", "orch-2 has no table"], seen.OutOfStep);
        await steered.SetAsync(DistributionMode.General);
        seen = await steered.ObserveAsync(stranger);
        Assert.Equal((known.Table.Version + 1, DistributionMode.General), (seen.Table.Version, seen.Table.Rules.Mode));
        Assert.True(known.Table.Slots.WithVersion(seen.Table.Version).Equals(seen.Table.Slots));

        // Nobody knows it: one is made from the members.
        foreach (var orchestrator in steered.Bed.Orchestrators) await steered.LoseTableAsync(orchestrator);
        seen = await steered.ObserveAsync(stranger);
        Assert.Equal((1L, 3), (seen.Table.Version, seen.Table.Slots.Members.Count));
        await steered.SetAsync(DistributionMode.AutoTopology, session: stranger);
        Assert.Equal(2, (await steered.ObserveAsync(stranger)).Table.Version);
    }

    [TestbedFact]
    public async Task What_somebody_changed_by_hand_is_told_and_put_back()
    {
        await using var steered = await SteeredBed.StartAsync();
        var (first, second) = (steered.Bed.Orchestrators[0], steered.Bed.Orchestrators[1]);
        await steered.Bed.NftLoadAsync(first, "flush chain inet maestro_traffic_1 outside_ports\n");
        await steered.Bed.RunInsideAsync(second, "ip route flush table all proto 177");

        var seen = await steered.ObserveAsync();

        Assert.StartsWith("orch-1 lacks the rule 'outside_ports: mark jhash", seen.OutOfStep[0]);
        Assert.StartsWith("orch-2 lacks the route to ", seen.OutOfStep[1]);
        await steered.SetAsync(DistributionMode.General);
        Assert.Empty((await steered.ObserveAsync()).OutOfStep);
        Assert.Equal(seen.Table, (await steered.ObserveAsync()).Table);
    }

    [TestbedFact]
    public async Task A_change_that_is_planned_waits_for_both_of_a_pair_and_a_loss_does_not()
    {
        await using var steered = await SteeredBed.StartAsync();
        var before = (await steered.ObserveAsync()).Table;
        await steered.Bed.PowerOffAsync(steered.Bed.Orchestrators[1]);
        var view = await steered.Session.Host.ObserveAsync(pending: false, CancellationToken.None);
        Assert.Equal([("orch-1", OrchestratorState.Up), ("orch-2", OrchestratorState.Unreachable)], view.Orchestrators.Select(o => (o.Id, o.State)));
        await steered.WithFabricAsync("pair", async (fabric, lease) =>
        {
            var traffic = fabric.Traffic!;
            var wanted = before.With(before.Rules with { Layer4 = false }, before.Slots.SlotCount);

            var planned = await traffic.ApplyAsync(SteeredBed.Call(lease), "dmz", wanted, before.Version);
            Assert.Equal((EffectKind.Refused, ErrorCatalogue.MemberUnreachable, true), (planned.Kind, planned.Code, planned.Transient));
            Assert.Contains("orch-2", planned.Reason);
            Assert.Equal(before, (await traffic.ObserveAsync("dmz", CancellationToken.None)).Table);

            await steered.Bed.PowerOffAsync(steered.Bed.Gateways[0]);
            var failover = await traffic.FollowAsync(SteeredBed.Call(lease, "failover"), "dmz", ["1_1"], []);
            Assert.Equal(EffectKind.Done, failover.Kind);
            Assert.Contains("orch-2 was left out", failover.Reason);
            var after = await traffic.ObserveAsync("dmz", CancellationToken.None);
            Assert.Equal(["1_2", "1_3"], after.Table.Slots.Members.Select(m => m.ToString()));
            foreach (var slot in before.Slots.SlotsOf(new(1, 1))) Assert.Equal(before.Slots.BackupOf(slot)!.Id, after.Table.Slots.ActiveOf(slot)!.Id);

            await steered.Bed.PowerOnAsync(steered.Bed.Orchestrators[1]);
            // It comes up with what it had, which is not the group's table any more.
            Assert.StartsWith("orch-2 ", Assert.Single((await traffic.ObserveAsync("dmz", CancellationToken.None)).OutOfStep), StringComparison.Ordinal);
            Assert.Equal(EffectKind.Done, (await traffic.FollowAsync(SteeredBed.Call(lease, "back"), "dmz", [], [])).Kind);
            var again = await traffic.ObserveAsync("dmz", CancellationToken.None);
            Assert.Empty(again.OutOfStep);
            Assert.Equal(after.Table, again.Table);

            // Who is there again gets nothing while he is not believed, and keeps what he has been given all the same.
            await steered.Bed.PowerOnAsync(steered.Bed.Gateways[0]);
            await OnHosts.UntilAsync(async () => (await steered.Session.MembersAsync()).Single(m => m.Member == "1_1").State == MemberState.Active);
            Assert.Equal(EffectKind.Already, (await traffic.FollowAsync(SteeredBed.Call(lease, "not yet"), "dmz", [], ["1_1"])).Kind);
            Assert.Equal(EffectKind.Done, (await traffic.FollowAsync(SteeredBed.Call(lease, "share"), "dmz", [], [])).Kind);
            Assert.Equal(EffectKind.Already, (await traffic.FollowAsync(SteeredBed.Call(lease, "keeps"), "dmz", [], ["1_1"])).Kind);
            Assert.Equal(["1_1", "1_2", "1_3"], (await traffic.ObserveAsync("dmz", CancellationToken.None)).Table.Slots.Members.Select(m => m.ToString()));
            return true;
        });
    }

    [TestbedFact]
    public async Task Of_controllers_that_write_at_once_one_has_it_and_the_others_are_told_that_it_moved()
    {
        await using var steered = await SteeredBed.StartAsync();
        var before = (await steered.ObserveAsync()).Table;
        DistributionTable[] wanted = [.. new[] { DistributionMode.AutoTopology, DistributionMode.General, DistributionMode.AutoTopology }.Select((mode, n) => before.With(before.Rules with { Mode = mode, Seed = (uint)n }, before.Slots.SlotCount))];

        var effects = await Task.WhenAll(wanted.Select((table, n) => steered.WithFabricAsync("race-" + n, (fabric, lease) => fabric.Traffic!.ApplyAsync(SteeredBed.Call(lease), "dmz", table, before.Version))));

        var winner = Assert.Single(effects, e => e.Kind == EffectKind.Done);
        Assert.All(effects.Where(e => e != winner), e => Assert.Equal((EffectKind.Refused, ErrorCatalogue.DistributionMoved), (e.Kind, e.Code)));
        var seen = await steered.ObserveAsync();
        Assert.Empty(seen.OutOfStep);
        Assert.Equal(wanted[Array.IndexOf(effects, winner)], seen.Table);
    }
}
