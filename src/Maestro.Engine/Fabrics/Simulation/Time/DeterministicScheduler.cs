using Maestro.Engine.Hosting;

namespace Maestro.Engine.Fabrics.Simulation.Time;

/// <summary>
/// Runs the whole engine on one thread under virtual time: what is ready runs in the order in which it became ready, and when nothing is
/// ready while work is outstanding, time jumps to the next timer. With no work outstanding time stands still.
/// </summary>
/// <remarks>
/// With a thread of its own (the lab) it waits for whatever other threads bring: a cancelled token, a completed task. Without one (the
/// simulation) the caller drives it, nothing comes from outside, and work that nobody will ever continue is an error instead of a hang.
/// </remarks>
internal sealed class DeterministicScheduler : IEngineScheduler
{
    private readonly object _gate = new();
    private readonly Queue<(SendOrPostCallback Callback, object? State)> _ready = new();
    private readonly SortedDictionary<long, IPiece> _outstanding = new();
    private readonly Context _context;
    private readonly Pace? _pace;
    private readonly Thread? _thread;
    private long _lastPiece;
    private bool _disposed;

    /// <param name="start">The first moment.</param>
    /// <param name="speed">Virtual seconds a real second, more than 0; null for as fast as it goes.</param>
    /// <param name="ownThread">False when the caller drives it.</param>
    /// <param name="real">The clock that <paramref name="speed"/> is about; the system's when null.</param>
    public DeterministicScheduler(DateTimeOffset start, double? speed = null, bool ownThread = true, TimeProvider? real = null)
    {
        Clock = new VirtualTimeProvider(start) { TimerSet = Wake };
        _pace = speed is { } value ? new Pace(value, real ?? TimeProvider.System) : null;
        _context = new Context(this);
        if (!ownThread) return;
        _thread = new Thread(Work) { IsBackground = true, Name = "Maestro lab" };
        _thread.Start();
    }

    public VirtualTimeProvider Clock { get; }

    TimeProvider IEngineScheduler.Time => Clock;

    /// <summary>Called on the engine's thread whenever nothing is ready: before time moves, and before the last piece of work is reported as done.</summary>
    public Action? OnQuiet { get; set; }

    /// <summary>What happens by itself beside the timers, where the caller drives the scheduler; null for nothing. At the same moment timers go first.</summary>
    public ITimedEvents? Beside { get; set; }

    /// <summary>True when no work is outstanding.</summary>
    public bool IsIdle => OutstandingCount == 0;

    public Task<T> RunAsync<T>(Func<Task<T>> work)
    {
        var piece = new Piece<T>(work);
        lock (_gate)
        {
            if (_disposed) throw new ObjectDisposedException(nameof(DeterministicScheduler));
            if (_outstanding.Count == 0) _pace?.Restart(Clock.Elapsed);
            piece.Number = ++_lastPiece;
            _outstanding.Add(piece.Number, piece);
            _ready.Enqueue((_ => Start(piece), null));
            Monitor.PulseAll(_gate);
        }

        return piece.Completion.Task;
    }

    /// <summary>Runs the action after everything that is ready now, before time moves.</summary>
    public void RunBehindReady(Action action)
    {
        lock (_gate)
        {
            _ready.Enqueue((_ => action(), null));
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>
    /// Runs one ready item, or moves time to the next timer, or to what happens beside the timers before it, and runs that. False when there is
    /// neither item nor timer: what happens beside them makes no work go on.
    /// </summary>
    public bool RunOne()
    {
        RequireDriven();
        if (TryTake(out var item))
        {
            Invoke(() => item.Callback(item.State));
            return true;
        }

        OnQuiet?.Invoke();
        if (Clock.NextDue is not { } due) return false;
        if (Beside is { } beside && beside.NextDue < due)
        {
            Clock.AdvanceTo(beside.NextDue);
            beside.Fire();
            return true;
        }

        if (Clock.AdvanceTo(due) is not { } fire) return false;
        Invoke(fire);
        return true;
    }

    /// <summary>Runs until no work is outstanding.</summary>
    /// <param name="limit">How much virtual time that may take at most; null for any.</param>
    /// <exception cref="InvalidOperationException">Work is outstanding, but nothing will ever make it go on; or the limit was reached.</exception>
    public void RunUntilIdle(TimeSpan? limit = null)
    {
        RequireDriven();
        var last = limit is { } span ? Clock.Elapsed + span.Ticks : long.MaxValue;
        while (OutstandingCount > 0)
        {
            if (ReadyCount == 0 && Clock.NextDue > last) throw new InvalidOperationException($"{OutstandingCount} pieces of work are not done after {limit:c} of virtual time.");
            if (!RunOne()) throw new InvalidOperationException($"{OutstandingCount} pieces of work wait for something that nobody will do: no item is ready and no timer is set.");
        }
    }

    /// <summary>Runs what is ready and every timer that is due within <paramref name="by"/>, and ends at exactly that moment.</summary>
    public void Advance(TimeSpan by)
    {
        RequireDriven();
        var until = Clock.Elapsed + by.Ticks;
        while (true)
        {
            if (TryTake(out var item))
            {
                Invoke(() => item.Callback(item.State));
            }
            else if (Beside is { } beside && beside.NextDue <= until && beside.NextDue < (Clock.NextDue ?? long.MaxValue))
            {
                Clock.AdvanceTo(beside.NextDue);
                beside.Fire();
            }
            else if (Clock.AdvanceTo(until) is { } fire)
            {
                Invoke(fire);
            }
            else
            {
                return;
            }
        }
    }

    /// <summary>Runs one piece of work, and whatever else is outstanding, to the end.</summary>
    public T Run<T>(Func<Task<T>> work, TimeSpan? limit = null)
    {
        var task = RunAsync(work);
        RunUntilIdle(limit);
        return task.GetAwaiter().GetResult();
    }

    /// <summary>Ends the thread. Work that is still outstanding ends with <see cref="ObjectDisposedException"/>.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
            Monitor.PulseAll(_gate);
        }

        if (_thread is not null && _thread != Thread.CurrentThread) _thread.Join();
        FailOutstanding(new ObjectDisposedException(nameof(DeterministicScheduler)));
    }

    private int OutstandingCount
    {
        get
        {
            lock (_gate) return _outstanding.Count;
        }
    }

    private int ReadyCount
    {
        get
        {
            lock (_gate) return _ready.Count;
        }
    }

    private async void Start(IPiece piece)
    {
        var complete = await piece.RunAsync();
        bool idle;
        lock (_gate)
        {
            if (!_outstanding.Remove(piece.Number)) return;
            idle = _outstanding.Count == 0;
        }

        try
        {
            if (idle) OnQuiet?.Invoke();
        }
        catch (Exception fault)
        {
            piece.Fail(fault);
            return;
        }

        complete();
    }

    private void Work()
    {
        while (WaitForWork())
        {
            try
            {
                if (TryTake(out var item))
                {
                    Invoke(() => item.Callback(item.State));
                }
                else
                {
                    OnQuiet?.Invoke();
                    if (JumpOrWait() is { } fire) Invoke(fire);
                }
            }
            catch (Exception fault)
            {
                // It belongs to no piece of work in particular, so whoever waits here is told: a lost fault would be a hang.
                FailOutstanding(fault);
            }
        }
    }

    /// <summary>False when the scheduler is closed.</summary>
    private bool WaitForWork()
    {
        lock (_gate)
        {
            while (!_disposed && _ready.Count == 0 && _outstanding.Count == 0) Monitor.Wait(_gate);
            return !_disposed;
        }
    }

    /// <summary>Takes the next timer's callback, once its time has come; null after a wait that something else has ended.</summary>
    private Action? JumpOrWait()
    {
        lock (_gate)
        {
            if (_disposed || _ready.Count > 0 || _outstanding.Count == 0) return null;
            if (Clock.NextDue is not { } due)
            {
                // Somebody outside must bring the next item.
                Monitor.Wait(_gate);
                return null;
            }

            if (_pace?.RealTimeUntil(due) is { Ticks: > 0 } wait)
            {
                Monitor.Wait(_gate, TimeSpan.FromMilliseconds(Math.Ceiling(wait.TotalMilliseconds)));
                Clock.DriftTo(_pace.VirtualNow);
                return null;
            }

            return Clock.AdvanceTo(due);
        }
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
            item = _ready.Count > 0 ? _ready.Dequeue() : default;
            return item.Callback is not null;
        }
    }

    private void FailOutstanding(Exception fault)
    {
        List<IPiece> pieces;
        lock (_gate)
        {
            pieces = [.. _outstanding.Values];
            _outstanding.Clear();
        }

        foreach (var piece in pieces) piece.Fail(fault);
    }

    private void Wake()
    {
        lock (_gate) Monitor.PulseAll(_gate);
    }

    private void RequireDriven()
    {
        if (_thread is not null) throw new InvalidOperationException("This scheduler runs on its own thread.");
    }

    private interface IPiece
    {
        long Number { get; }

        /// <summary>Never throws: answers how to tell the caller what came out.</summary>
        Task<Action> RunAsync();

        void Fail(Exception fault);
    }

    private sealed class Piece<T>(Func<Task<T>> work) : IPiece
    {
        public long Number { get; set; }

        public TaskCompletionSource<T> Completion { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public async Task<Action> RunAsync()
        {
            try
            {
                var result = await work();
                return () => Completion.TrySetResult(result);
            }
            catch (OperationCanceledException cancelled)
            {
                return () => Completion.TrySetCanceled(cancelled.CancellationToken);
            }
            catch (Exception fault)
            {
                return () => Completion.TrySetException(fault);
            }
        }

        public void Fail(Exception fault) => Completion.TrySetException(fault);
    }

    private sealed class Context(DeterministicScheduler owner) : SynchronizationContext
    {
        public override void Post(SendOrPostCallback d, object? state)
        {
            lock (owner._gate)
            {
                owner._ready.Enqueue((d, state));
                Monitor.PulseAll(owner._gate);
            }
        }

        public override void Send(SendOrPostCallback d, object? state) => throw new NotSupportedException("The deterministic scheduler is never entered from outside.");

        public override SynchronizationContext CreateCopy() => this;
    }
}
