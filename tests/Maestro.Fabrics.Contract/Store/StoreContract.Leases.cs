using Maestro.Engine.Model.Errors;
using Maestro.Engine.Operations.Leases;

namespace Maestro.Fabrics.Contract.Store;

public abstract partial class StoreContract
{
    [Fact]
    public async Task A_lease_names_its_resources_in_ordinal_order_and_once()
    {
        var token = await HoldAsync("op-1", 1, "topology", "change:dmz", "topology", "change:Dmz");
        Assert.Equal(["change:Dmz", "change:dmz", "topology"], token.Resources);
        Assert.Equal("op-1", token.OperationId);
    }

    [Fact]
    public async Task A_second_run_is_refused_while_the_lease_is_held_and_told_by_whom_and_since_when()
    {
        await HoldAsync("op-1", 1, "change:dmz", "topology");
        var since = Time.GetUtcNow();
        Time.Pass(TimeSpan.FromSeconds(20));
        var answer = await Store.AcquireLeasesAsync(Request("op-2", 2, "change:dmz", "topology"));
        Assert.Null(answer.Token);
        Assert.Empty(answer.TakenOverFrom);
        Assert.Equal(["change:dmz", "topology"], answer.HeldBy.Select(h => h.Resource));
        Assert.All(answer.HeldBy, h => Assert.Equal(("op-1", TestIdentity.Process(1), since), (h.OperationId, h.Owner, h.Since)));
    }

    [Fact]
    public async Task Another_operation_of_the_same_process_is_refused_too()
    {
        await HoldAsync("op-1", 1, "change:dmz");
        Assert.Single((await Store.AcquireLeasesAsync(Request("op-2", 1, "change:dmz"))).HeldBy);
    }

    [Fact]
    public async Task All_resources_are_taken_or_none()
    {
        await HoldAsync("op-1", 1, "change:b");
        Assert.Null((await Store.AcquireLeasesAsync(Request("op-2", 2, "change:a", "change:b", "change:c"))).Token);
        Assert.Equal(["change:b"], (await Store.FindLeasesAsync(["change:a", "change:b", "change:c"])).Select(h => h.Resource));
    }

    [Fact]
    public async Task A_lease_on_nothing_is_refused()
    {
        await Assert.ThrowsAsync<ArgumentException>(() => Store.AcquireLeasesAsync(Request("op-1", 1)));
        await Assert.ThrowsAsync<ArgumentException>(() => Store.AppendAsync(new LeaseToken { OperationId = "op-1", Epoch = 1, Resources = [] }, [Entry("op-1")]));
    }

    [Fact]
    public async Task A_lease_that_was_given_back_is_free()
    {
        var token = await HoldAsync("op-1", 1, "change:dmz");
        await Store.ReleaseLeasesAsync(token);
        Assert.Empty(await Store.FindLeasesAsync(["change:dmz"]));
        var answer = await Store.AcquireLeasesAsync(Request("op-2", 2, "change:dmz"));
        Assert.NotNull(answer.Token);
        Assert.Empty(answer.TakenOverFrom);
    }

    [Fact]
    public async Task Giving_back_what_another_took_over_leaves_it_with_the_other()
    {
        var stale = await HoldAsync("op-1", 1, "change:dmz");
        Identity.Dead.Add(1);
        await HoldAsync("op-2", 2, "change:dmz");
        await Store.ReleaseLeasesAsync(stale);
        await Store.ReleaseLeasesAsync(stale);
        Assert.Equal("op-2", Assert.Single(await Store.FindLeasesAsync(["change:dmz"])).OperationId);
    }

    [Fact]
    public async Task The_lease_of_a_dead_process_is_taken_over_at_once_and_its_operation_named()
    {
        await HoldAsync("op-1", 1, "change:dmz", "topology");
        Identity.Dead.Add(1);
        Assert.Empty(await Store.FindLeasesAsync(["change:dmz"]));
        var answer = await Store.AcquireLeasesAsync(Request("op-2", 2, "change:dmz", "topology"));
        Assert.NotNull(answer.Token);
        Assert.Equal(["op-1"], answer.TakenOverFrom);
    }

    [Fact]
    public async Task The_lease_of_an_earlier_boot_is_dead_even_when_its_machine_cannot_be_asked()
    {
        await Store.AcquireLeasesAsync(Request("op-1", 1, "change:dmz") with { Owner = TestIdentity.Process(7, boot: "boot-0", machine: "another name") });
        Assert.Equal(["op-1"], (await Store.AcquireLeasesAsync(Request("op-2", 2, "change:dmz"))).TakenOverFrom);
    }

    [Fact]
    public async Task A_process_that_cannot_be_looked_at_keeps_its_lease_until_it_expires()
    {
        Identity.Hidden.Add(3);
        await HoldAsync("op-1", 3, "change:dmz");
        Time.Pass(LeaseTimes.TimeToLive - TimeSpan.FromMilliseconds(1));
        Assert.Single((await Store.AcquireLeasesAsync(Request("op-2", 2, "change:dmz"))).HeldBy);
        Time.Pass(TimeSpan.FromMilliseconds(1));
        Assert.Equal(["op-1"], (await Store.AcquireLeasesAsync(Request("op-2", 2, "change:dmz"))).TakenOverFrom);
    }

    [Fact]
    public async Task A_lease_lives_thirty_seconds_and_each_renewal_gives_it_thirty_more()
    {
        var token = await HoldAsync("op-1", 1, "change:dmz");
        Time.Pass(TimeSpan.FromSeconds(29));
        await Store.RenewLeasesAsync(token);
        Time.Pass(TimeSpan.FromSeconds(29));
        Assert.Single(await Store.FindLeasesAsync(["change:dmz"]));
        Time.Pass(TimeSpan.FromSeconds(1));
        Assert.Empty(await Store.FindLeasesAsync(["change:dmz"]));
    }

    [Fact]
    public async Task A_lease_that_expired_but_was_not_taken_can_be_renewed()
    {
        var token = await HoldAsync("op-1", 1, "change:dmz");
        Time.Pass(TimeSpan.FromMinutes(5));
        await Store.RenewLeasesAsync(token);
        Assert.Single((await Store.AcquireLeasesAsync(Request("op-2", 2, "change:dmz"))).HeldBy);
    }

    [Fact]
    public async Task A_requested_time_to_live_holds_for_renewals_too()
    {
        var token = (await Store.AcquireLeasesAsync(Request("op-1", 1, "traffic:dmz") with { TimeToLive = TimeSpan.FromSeconds(5) })).Token!;
        Time.Pass(TimeSpan.FromSeconds(4));
        await Store.RenewLeasesAsync(token);
        Time.Pass(TimeSpan.FromSeconds(4));
        Assert.Single(await Store.FindLeasesAsync(["traffic:dmz"]));
        Time.Pass(TimeSpan.FromSeconds(1));
        Assert.Empty(await Store.FindLeasesAsync(["traffic:dmz"]));
    }

    [Theory]
    [InlineData(-3650)]
    [InlineData(3650)]
    public async Task Setting_the_clock_neither_ends_nor_extends_a_lease(int days)
    {
        await HoldAsync("op-1", 1, "change:dmz");
        Time.SetClock(TimeSpan.FromDays(days));
        Assert.Single(await Store.FindLeasesAsync(["change:dmz"]));
        Time.Pass(TimeSpan.FromSeconds(30));
        Assert.Empty(await Store.FindLeasesAsync(["change:dmz"]));
    }

    [Fact]
    public async Task Every_grant_has_a_higher_epoch_than_any_before_on_whatever_resource()
    {
        var epochs = new List<long>();
        for (var i = 0; i < 5; i++)
        {
            var token = await HoldAsync("op-" + i, 1, "change:" + (i % 2));
            epochs.Add(token.Epoch);
            if (i == 2) epochs.Add((token = await Store.RaiseEpochAsync(token, 100)).Epoch);
            await Store.ReleaseLeasesAsync(token);
        }

        Assert.Equal(epochs.Order().Distinct(), epochs);
        Assert.Equal(100, epochs[3]);
    }

    [Fact]
    public async Task An_epoch_is_raised_to_what_the_fabric_has_seen_and_never_lowered()
    {
        var token = await HoldAsync("op-1", 1, "change:dmz");
        var raised = await Store.RaiseEpochAsync(token, 41);
        Assert.Equal(41, raised.Epoch);
        Assert.Equal(41, (await Store.RaiseEpochAsync(raised, 7)).Epoch);
        await Store.RenewLeasesAsync(raised);
        await RefusedAsync(ErrorCatalogue.LeaseLost, () => Store.RenewLeasesAsync(token));
    }

    [Fact]
    public async Task The_same_operation_may_ask_again_and_its_newest_token_counts()
    {
        var first = await HoldAsync("op-1", 1, "change:dmz");
        var again = await HoldAsync("op-1", 1, "change:dmz");
        Assert.True(again.Epoch > first.Epoch);
        await Store.RenewLeasesAsync(again);
        await RefusedAsync(ErrorCatalogue.LeaseLost, () => Store.RenewLeasesAsync(first));
    }

    [Fact]
    public async Task Two_leases_of_one_operation_live_and_end_apart()
    {
        var change = await HoldAsync("op-1", 1, "change:dmz");
        var traffic = await HoldAsync("op-1", 1, "traffic:dmz");
        traffic = await Store.RaiseEpochAsync(traffic, 50);
        await Store.RenewLeasesAsync(change);
        await Store.ReleaseLeasesAsync(traffic);
        Assert.Equal(["change:dmz"], (await Store.FindLeasesAsync(["traffic:dmz", "change:dmz"])).Select(h => h.Resource));
    }

    [Fact]
    public async Task An_operation_whose_owner_died_is_gone_on_with_by_another_process()
    {
        await HoldAsync("op-1", 1, "change:dmz");
        Assert.Single((await Store.AcquireLeasesAsync(Request("op-1", 2, "change:dmz"))).HeldBy);
        Identity.Dead.Add(1);
        var answer = await Store.AcquireLeasesAsync(Request("op-1", 2, "change:dmz"));
        Assert.NotNull(answer.Token);
        Assert.Empty(answer.TakenOverFrom);
    }

    [Fact]
    public async Task Of_many_that_ask_at_once_exactly_one_is_granted()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 32).Select(i => Store.AcquireLeasesAsync(Request("op-" + i, i, "change:dmz"))));
        var winner = Assert.Single(answers, a => a.Token is not null).Token!.OperationId;
        Assert.All(answers.Where(a => a.Token is null), a => Assert.Equal(winner, Assert.Single(a.HeldBy).OperationId));
    }
}
