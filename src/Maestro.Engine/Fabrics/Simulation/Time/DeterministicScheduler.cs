using Maestro.Engine.Hosting;

namespace Maestro.Engine.Fabrics.Simulation.Time;

/// <summary>
/// Runs the whole engine on one thread under virtual time: what is ready runs in the order in which it became ready, and when nothing is
/// ready while work is outstanding, time jumps to the next timer. With no work outstanding time stands still.
/// </summary>
internal sealed class DeterministicScheduler : IEngineScheduler
{
    private readonly object _gate = new();
    private readonly Queue<(SendOrPostCallback Callback, object? State)> _ready = new();
    private readonly Context _context;
    private readonly double? _speed;
    private readonly Thread? _thread;
    private int _outstanding;
    private bool _disposed;

    /// <param name="start">The first moment.</param>
    /// <param name="speed">Virtual seconds a real second; null for as fast as it goes.</param>
    /// <param name="ownThread">False when the caller drives it by <see cref="RunUntilIdle"/>, as the simulation does.</param>
    public DeterministicScheduler(DateTimeOffset start, double? speed = null, bool ownThread = true)
    {
        Clock = new VirtualTimeProvider(start);
        _speed = speed;
        _context = new Context(this);
        if (!ownThread) return;
        _thread = new Thread(Work) { IsBackground = true, Name = "Maestro lab" };
        _thread.Start();
    }

    public VirtualTimeProvider Clock { get; }

    TimeProvider IEngineScheduler.Time => Clock;

    /// <summary>Called on the engine's thread whenever all is quiet, before time moves or the thread sleeps.</summary>
    public Action? OnQuiet { get; set; }

    public Task<T> RunAsync<T>(Func<Task<T>> work)
    {
        var completion = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            if (_disposed) throw new ObjectDisposedException(nameof(DeterministicScheduler));
            _outstanding++;
            Post_NeedsLock(_ => StartAsync(work, completion), null);
        }

        return completion.Task;
    }

    /// <summary>Runs one ready item, or moves time to the next timer. False when there is neither.</summary>
    public bool RunOne()
    {
        if (TryTake(out var item))
        {
            Invoke(() => item.Callback(item.State));
            return true;
        }

        OnQuiet?.Invoke();
        if (Clock.NextDue is not { } due || Clock.AdvanceTo(due) is not { } fire) return false;
        Invoke(fire);
        return true;
    }

    /// <summary>Runs until no work is outstanding. For a scheduler without a thread of its own.</summary>
    /// <exception cref="InvalidOperationException">Work is outstanding, but nothing will ever make it go on.</exception>
    public void RunUntilIdle()
    {
        while (Outstanding > 0)
        {
            if (!RunOne()) throw new InvalidOperationException($"{Outstanding} pieces of work wait for something that nobody will do: no item is ready and no timer is set.");
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
            Monitor.PulseAll(_gate);
        }

        if (_thread is not null && _thread != Thread.CurrentThread) _thread.Join();
    }

    private int Outstanding
    {
        get
        {
            lock (_gate) return _outstanding;
        }
    }

    private async void StartAsync<T>(Func<Task<T>> work, TaskCompletionSource<T> completion)
    {
        try
        {
            var result = await work();
            Finish();
            completion.SetResult(result);
        }
        catch (OperationCanceledException)
        {
            Finish();
            completion.SetCanceled();
        }
        catch (Exception fault)
        {
            Finish();
            completion.SetException(fault);
        }
    }

    private void Finish()
    {
        lock (_gate) _outstanding--;
    }

    private void Work()
    {
        while (true)
        {
            lock (_gate)
            {
                while (!_disposed && _ready.Count == 0 && _outstanding == 0)
                {
                    Monitor.Wait(_gate);
                }

                if (_disposed) return;
            }

            if (TryTake(out var item))
            {
                Invoke(() => item.Callback(item.State));
                if (Outstanding == 0) OnQuiet?.Invoke();
                continue;
            }

            OnQuiet?.Invoke();
            JumpOrWait();
        }
    }

    private void JumpOrWait()
    {
        var due = Clock.NextDue;
        lock (_gate)
        {
            if (_disposed || _ready.Count > 0 || _outstanding == 0) return;
            if (due is null)
            {
                // Somebody outside (a cancelled token, a completed task) must bring the next item.
                Monitor.Wait(_gate);
                return;
            }

            if (_speed is { } speed && due > Clock.Elapsed)
            {
                // Paced: a bounded real wait, then time moves as far as that wait was worth; an outside event ends it early.
                var wait = TimeSpan.FromTicks((long)Math.Min((due.Value - Clock.Elapsed) / speed, TimeSpan.TicksPerMillisecond * 100));
                if (Monitor.Wait(_gate, wait)) return;
                due = Math.Min(due.Value, Clock.Elapsed + (long)(wait.Ticks * speed) + 1);
            }
        }

        if (Clock.AdvanceTo(due.Value) is { } fire) Invoke(fire);
    }

    private void Invoke(Action action)
    {
        var before = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(_context);
        try
        {
            action();
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(before);
        }
    }

    private bool TryTake(out (SendOrPostCallback Callback, object? State) item)
    {
        lock (_gate)
        {
            if (_ready.Count > 0)
            {
                item = _ready.Dequeue();
                return true;
            }
        }

        item = default;
        return false;
    }

    private void Post_NeedsLock(SendOrPostCallback callback, object? state)
    {
        _ready.Enqueue((callback, state));
        Monitor.PulseAll(_gate);
    }

    private sealed class Context(DeterministicScheduler owner) : SynchronizationContext
    {
        public override void Post(SendOrPostCallback d, object? state)
        {
            lock (owner._gate) owner.Post_NeedsLock(d, state);
        }

        public override void Send(SendOrPostCallback d, object? state) => throw new NotSupportedException("The deterministic scheduler is never entered from outside.");

        public override SynchronizationContext CreateCopy() => this;
    }
}
