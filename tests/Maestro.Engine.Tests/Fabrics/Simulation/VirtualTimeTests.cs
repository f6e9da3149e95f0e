using Maestro.Engine.Fabrics.Simulation.Time;

namespace Maestro.Engine.Tests.Fabrics.Simulation;

public sealed class VirtualTimeTests
{
    private readonly VirtualTimeProvider _clock = new(VirtualTimeProvider.Epoch);
    private readonly List<string> _fired = [];

    [Fact]
    public void Time_begins_at_the_epoch_and_stands()
    {
        Assert.Equal(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero), _clock.GetUtcNow());
        Assert.Equal(_clock.GetTimestamp(), _clock.GetTimestamp());
        Assert.Equal(TimeZoneInfo.Utc, _clock.LocalTimeZone);
    }

    [Fact]
    public void Timers_are_due_in_order_of_time_then_of_their_making()
    {
        Timer("c", 2);
        Timer("a", 1);
        Timer("d", 2);
        Timer("b", 1);
        MoveTo(2);
        Assert.Equal(["a@1", "b@1", "c@2", "d@2"], _fired);
    }

    [Fact]
    public void A_timer_that_is_set_anew_keeps_its_place_among_equals()
    {
        var first = Timer("first", 9);
        Timer("second", 2);
        first.Change(TimeSpan.FromSeconds(2), Timeout.InfiniteTimeSpan);
        MoveTo(2);
        Assert.Equal(["first@2", "second@2"], _fired);
    }

    [Fact]
    public void A_period_repeats_until_the_timer_is_disposed()
    {
        ITimer timer = null!;
        timer = _clock.CreateTimer(_ => { if (Fire("tick") == 3) timer.Dispose(); }, null, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2));
        MoveTo(60);
        Assert.Equal(["tick@1", "tick@3", "tick@5"], _fired);
        Assert.False(timer.Change(TimeSpan.Zero, Timeout.InfiniteTimeSpan));
    }

    [Fact]
    public void A_timer_may_be_stopped_and_started_again()
    {
        var timer = Timer("late", 1);
        timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        MoveTo(5);
        Assert.Empty(_fired);
        timer.Change(TimeSpan.FromSeconds(2), Timeout.InfiniteTimeSpan);
        MoveTo(9);
        Assert.Equal(["late@7"], _fired);
    }

    [Fact]
    public void Time_never_goes_back_and_drifts_no_further_than_the_next_timer()
    {
        Timer("one", 5);
        _clock.DriftTo(TimeSpan.FromSeconds(3).Ticks);
        _clock.DriftTo(TimeSpan.FromSeconds(1).Ticks);
        Assert.Equal(TimeSpan.FromSeconds(3).Ticks, _clock.Elapsed);
        _clock.DriftTo(TimeSpan.FromSeconds(60).Ticks);
        Assert.Equal(TimeSpan.FromSeconds(5).Ticks, _clock.Elapsed);
        Assert.Empty(_fired);
    }

    [Fact]
    public void The_longest_wait_does_not_overflow_and_a_negative_one_is_refused()
    {
        _clock.CreateTimer(_ => { }, null, TimeSpan.MaxValue, Timeout.InfiniteTimeSpan);
        _clock.DriftTo(TimeSpan.FromDays(1).Ticks);
        _clock.CreateTimer(_ => { }, null, TimeSpan.MaxValue, Timeout.InfiniteTimeSpan);
        Assert.Equal(long.MaxValue, _clock.NextDue);
        Assert.Throws<ArgumentOutOfRangeException>(() => _clock.CreateTimer(_ => { }, null, TimeSpan.FromSeconds(-1), Timeout.InfiniteTimeSpan));
    }

    private ITimer Timer(string name, int seconds) => _clock.CreateTimer(_ => Fire(name), null, TimeSpan.FromSeconds(seconds), Timeout.InfiniteTimeSpan);

    private int Fire(string name)
    {
        _fired.Add($"{name}@{_clock.Elapsed / TimeSpan.TicksPerSecond}");
        return _fired.Count;
    }

    private void MoveTo(int seconds)
    {
        while (_clock.AdvanceTo(TimeSpan.FromSeconds(seconds).Ticks) is { } fire) fire();
    }
}
