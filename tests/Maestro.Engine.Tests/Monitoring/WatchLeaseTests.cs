using Maestro.Engine.Monitoring.Watch;
using Maestro.Engine.Operations.Leases;
using Maestro.Engine.Tests.Lab;

namespace Maestro.Engine.Tests.Monitoring;

/// <summary>The right of one watch to lead, which ends with its time whether the store could be asked or not.</summary>
public sealed class WatchLeaseTests
{
    [Fact]
    public async Task A_lead_that_was_not_renewed_for_as_long_as_it_lives_is_none_until_it_is()
    {
        await using var lab = LabSession.Open();
        var lease = new WatchLease(lab.Parts, Resource.Watch("dmz"), "w1");
        Assert.False(lease.IsHeld);
        await lease.KeepAsync();
        Assert.True(lease.IsHeld);

        await lab.PassAsync(LeaseTimes.TimeToLive - TimeSpan.FromSeconds(1));
        Assert.True(lease.IsHeld);
        await lab.PassAsync(TimeSpan.FromSeconds(1));
        Assert.False(lease.IsHeld);
        Assert.Null(lease.Token);

        // Nobody took it meanwhile.
        await lease.KeepAsync();
        Assert.True(lease.IsHeld);
    }

    [Fact]
    public async Task A_store_that_fails_leaves_the_lead_its_time_and_no_longer()
    {
        await using var lab = LabSession.Open();
        var lease = new WatchLease(lab.Parts, Resource.Watch("dmz"), "w1");
        await lease.KeepAsync();
        await lab.Store.DisposeAsync();

        await lab.PassAsync(LeaseTimes.RenewEvery);
        await Assert.ThrowsAnyAsync<Exception>(lease.KeepAsync);
        Assert.True(lease.IsHeld);
        await lab.PassAsync(LeaseTimes.TimeToLive);
        Assert.False(lease.IsHeld);
    }
}
