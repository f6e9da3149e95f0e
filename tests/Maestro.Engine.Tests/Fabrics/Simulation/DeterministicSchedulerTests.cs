using Maestro.Engine.Fabrics.Simulation.Time;

namespace Maestro.Engine.Tests.Fabrics.Simulation;

public sealed class DeterministicSchedulerTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task A_day_of_waiting_passes_at_once_and_exactly()
    {
        using var scheduler = Threaded();
        var elapsed = await scheduler.RunAsync(async () =>
        {
            var began = scheduler.Clock.GetTimestamp();
            await scheduler.Clock.Delay(TimeSpan.FromHours(24));
            return scheduler.Clock.GetElapsedTime(began);
        }).WaitAsync(Patience);
        Assert.Equal(TimeSpan.FromHours(24), elapsed);
    }

    [Fact]
    public async Task All_work_and_every_timer_runs_on_one_thread()
    {
        using var scheduler = Threaded();
        var threads = await scheduler.RunAsync(async () =>
        {
            var seen = new List<int>();
            async Task Work(int seconds)
            {
                seen.Add(Environment.CurrentManagedThreadId);
                await scheduler.Clock.Delay(TimeSpan.FromSeconds(seconds));
                seen.Add(Environment.CurrentManagedThreadId);
                await Task.Yield();
                seen.Add(Environment.CurrentManagedThreadId);
            }

            using var timer = scheduler.Clock.CreateTimer(_ => seen.Add(Environment.CurrentManagedThreadId), null, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));
            await Task.WhenAll(Enumerable.Range(1, 20).Select(Work));
            return seen;
        }).WaitAsync(Patience);
        Assert.True(threads.Count > 60);
        Assert.Single(threads.Distinct());
        Assert.NotEqual(Environment.CurrentManagedThreadId, threads[0]);
    }

    [Fact]
    public async Task Time_stands_still_when_no_work_is_outstanding()
    {
        using var scheduler = Threaded();
        var ticks = 0;
        using var timer = scheduler.Clock.CreateTimer(_ => ticks++, null, TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(10));
        var first = await scheduler.RunAsync(() => Task.FromResult(scheduler.Clock.GetUtcNow())).WaitAsync(Patience);
        var second = await scheduler.RunAsync(() => Task.FromResult(scheduler.Clock.GetUtcNow())).WaitAsync(Patience);
        Assert.Equal(first, second);
        Assert.Equal(0, ticks);
        await scheduler.RunAsync(() => Wait(scheduler, 35)).WaitAsync(Patience);
        Assert.Equal(3, ticks);
    }

    [Fact]
    public async Task A_time_out_cancels_on_virtual_time()
    {
        using var scheduler = Threaded();
        await scheduler.RunAsync(async () =>
        {
            using var source = scheduler.Clock.CreateCancellationTokenSource(TimeSpan.FromMinutes(3));
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => scheduler.Clock.Delay(TimeSpan.FromHours(1), source.Token));
            Assert.Equal(VirtualTimeProvider.Epoch.AddMinutes(3), scheduler.Clock.GetUtcNow());
            return true;
        }).WaitAsync(Patience);
    }

    [Fact]
    public async Task Work_that_waits_for_another_thread_is_waited_for()
    {
        using var scheduler = Threaded();
        var outside = new TaskCompletionSource<int>();
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var work = scheduler.RunAsync(async () =>
        {
            started.SetResult();
            var value = await outside.Task;
            return (value, Environment.CurrentManagedThreadId);
        });
        await started.Task.WaitAsync(Patience);
        Assert.False(work.IsCompleted);
        outside.SetResult(42);
        var (value, thread) = await work.WaitAsync(Patience);
        Assert.Equal(42, value);
        Assert.Equal(await scheduler.RunAsync(() => Task.FromResult(Environment.CurrentManagedThreadId)), thread);
    }

    [Fact]
    public async Task A_timer_set_by_another_thread_wakes_work_that_waits_for_it()
    {
        using var scheduler = Threaded();
        var signal = new TaskCompletionSource<bool>();
        var work = scheduler.RunAsync(() => signal.Task);
        await scheduler.RunAsync(() => Task.FromResult(0)).WaitAsync(Patience);
        using var timer = scheduler.Clock.CreateTimer(_ => signal.SetResult(true), null, TimeSpan.FromMinutes(1), Timeout.InfiniteTimeSpan);
        Assert.True(await work.WaitAsync(Patience));
    }

    [Fact]
    public async Task A_fault_cancellation_or_result_reaches_who_asked()
    {
        using var scheduler = Threaded();
        await Assert.ThrowsAsync<FormatException>(() => scheduler.RunAsync<int>(() => throw new FormatException()).WaitAsync(Patience));
        await Assert.ThrowsAsync<FormatException>(() => scheduler.RunAsync<int>(async () => { await Task.Yield(); throw new FormatException(); }).WaitAsync(Patience));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => scheduler.RunAsync<int>(() => throw new OperationCanceledException()).WaitAsync(Patience));
        Assert.Equal(7, await scheduler.RunAsync(() => Task.FromResult(7)).WaitAsync(Patience));
    }

    [Fact]
    public async Task A_fault_that_belongs_to_nobody_is_told_to_who_waits_and_ends_nothing_else()
    {
        using var scheduler = Threaded();
        scheduler.Clock.CreateTimer(_ => throw new FormatException("in a timer"), null, TimeSpan.FromSeconds(1), Timeout.InfiniteTimeSpan);
        await Assert.ThrowsAsync<FormatException>(() => scheduler.RunAsync(() => Wait(scheduler, 5)).WaitAsync(Patience));
        Assert.Equal(7, await scheduler.RunAsync(() => Task.FromResult(7)).WaitAsync(Patience));
    }

    [Fact]
    public async Task Closing_ends_work_that_is_outstanding()
    {
        var scheduler = Threaded();
        var work = scheduler.RunAsync(() => new TaskCompletionSource<int>().Task);
        scheduler.Dispose();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => work.WaitAsync(Patience));
        Assert.Throws<ObjectDisposedException>(() => { _ = scheduler.RunAsync(() => Task.FromResult(0)); });
    }

    [Fact]
    public async Task A_paced_wait_is_ended_by_what_comes_from_outside()
    {
        // A million real years to wait for: whatever comes back was not waited for.
        var scheduler = new DeterministicScheduler(VirtualTimeProvider.Epoch, speed: 1e-9);
        var slow = scheduler.RunAsync(() => Wait(scheduler, 30));
        Assert.Equal(7, await scheduler.RunAsync(() => Task.FromResult(7)).WaitAsync(Patience));
        scheduler.Dispose();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => slow.WaitAsync(Patience));
    }

    [Fact]
    public async Task A_paced_scheduler_fires_at_exactly_the_moment_that_was_asked_for()
    {
        using var scheduler = new DeterministicScheduler(VirtualTimeProvider.Epoch, speed: 100_000);
        var at = await scheduler.RunAsync(async () =>
        {
            var began = scheduler.Clock.GetUtcNow();
            await scheduler.Clock.Delay(TimeSpan.FromMinutes(10));
            return scheduler.Clock.GetUtcNow() - began;
        }).WaitAsync(Patience);
        Assert.Equal(TimeSpan.FromMinutes(10), at);
    }

    [Fact]
    public void Driven_by_hand_it_runs_one_item_at_a_time()
    {
        using var scheduler = Driven();
        var log = new List<string>();
        var work = scheduler.RunAsync(async () =>
        {
            log.Add("begun");
            await scheduler.Clock.Delay(TimeSpan.FromSeconds(5));
            log.Add("waited");
            return 1;
        });
        Assert.Empty(log);
        Assert.True(scheduler.RunOne());
        Assert.Equal(["begun"], log);
        Assert.True(scheduler.RunOne());
        scheduler.RunUntilIdle();
        Assert.Equal(["begun", "waited"], log);
        Assert.True(work.IsCompletedSuccessfully);
        Assert.False(scheduler.RunOne());
    }

    [Fact]
    public void Driven_by_hand_time_goes_exactly_as_far_as_told()
    {
        using var scheduler = Driven();
        var ticks = 0;
        using var timer = scheduler.Clock.CreateTimer(_ => ticks++, null, TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(10));
        scheduler.Advance(TimeSpan.FromSeconds(25));
        Assert.Equal(2, ticks);
        Assert.Equal(VirtualTimeProvider.Epoch.AddSeconds(25), scheduler.Clock.GetUtcNow());
    }

    [Fact]
    public void Driven_by_hand_work_that_nobody_continues_is_an_error_and_no_hang()
    {
        using var scheduler = Driven();
        _ = scheduler.RunAsync(() => new TaskCompletionSource<int>().Task);
        Assert.Contains("nobody", Assert.Throws<InvalidOperationException>(() => scheduler.RunUntilIdle()).Message);
    }

    [Fact]
    public void Driven_by_hand_work_that_never_ends_stops_at_the_limit()
    {
        using var scheduler = Driven();
        _ = scheduler.RunAsync(async () =>
        {
            while (true) await scheduler.Clock.Delay(TimeSpan.FromSeconds(1));
#pragma warning disable CS0162
            return 0;
#pragma warning restore CS0162
        });
        Assert.Throws<InvalidOperationException>(() => scheduler.RunUntilIdle(TimeSpan.FromHours(1)));
        Assert.Equal(VirtualTimeProvider.Epoch.AddHours(1), scheduler.Clock.GetUtcNow());
    }

    [Fact]
    public void Quiet_is_told_before_time_moves_and_before_the_last_work_is_reported()
    {
        using var scheduler = Driven();
        var quiet = new List<(DateTimeOffset, bool)>();
        Task<int>? work = null;
        scheduler.OnQuiet = () => quiet.Add((scheduler.Clock.GetUtcNow(), work!.IsCompleted));
        work = scheduler.RunAsync(async () =>
        {
            await scheduler.Clock.Delay(TimeSpan.FromSeconds(5));
            return 1;
        });
        scheduler.RunUntilIdle();
        Assert.Equal([(VirtualTimeProvider.Epoch, false), (VirtualTimeProvider.Epoch.AddSeconds(5), false)], quiet);
        Assert.True(work.IsCompleted);
    }

    [Fact]
    public void What_runs_by_itself_is_not_driven()
    {
        using var scheduler = Threaded();
        Assert.Throws<InvalidOperationException>(() => scheduler.RunOne());
        Assert.Throws<InvalidOperationException>(() => scheduler.Advance(TimeSpan.Zero));
    }

    private static DeterministicScheduler Threaded() => new(VirtualTimeProvider.Epoch);

    private static DeterministicScheduler Driven() => new(VirtualTimeProvider.Epoch, ownThread: false);

    private static async Task<bool> Wait(DeterministicScheduler scheduler, int seconds)
    {
        await scheduler.Clock.Delay(TimeSpan.FromSeconds(seconds));
        return true;
    }
}
