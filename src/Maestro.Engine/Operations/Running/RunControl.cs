using Maestro.Engine.Model.Errors;

namespace Maestro.Engine.Operations.Running;

internal enum RestCause { None, Pause, Stop, TimedOut, Cancelled }

/// <summary>
/// What may end a run before its plan does: a wish to come to rest (pause, stop, time-out, a closing session) or the loss of the lease. The
/// first cause wins, except that a stop outranks a pause.
/// </summary>
internal sealed class RunControl : IDisposable
{
    private readonly object _gate = new();
    private readonly CancellationTokenSource _rest = new();
    private readonly CancellationTokenSource _lost = new();
    private readonly CancellationTokenSource _either;

    public RunControl() => _either = CancellationTokenSource.CreateLinkedTokenSource(_rest.Token, _lost.Token);

    public RestCause Cause { get; private set; }

    public string RestReason { get; private set; } = "";

    public MaestroException? Loss { get; private set; }

    /// <summary>Ends waits between looks. Never given to a call under way: the step in flight is finished.</summary>
    public CancellationToken EndOfWaits => _either.Token;

    /// <summary>Given to calls: after the loss of the lease their answer no longer matters.</summary>
    public CancellationToken LeaseLost => _lost.Token;

    public bool ShouldRest => Cause != RestCause.None;

    /// <summary>Whether to begin nothing more: always after the loss of the lease, else when asked to rest and that is allowed here.</summary>
    public bool ShouldEnd(bool mayRest) => Loss is not null || (mayRest && ShouldRest);

    public void RequestRest(RestCause cause, string reason)
    {
        lock (_gate)
        {
            if (Cause == RestCause.Stop || (Cause != RestCause.None && cause != RestCause.Stop)) return;
            Cause = cause;
            RestReason = reason;
        }

        _rest.Cancel();
    }

    public void ReportLoss(MaestroException loss)
    {
        lock (_gate)
        {
            Loss ??= loss;
        }

        _lost.Cancel();
    }

    public void Dispose()
    {
        _either.Dispose();
        _rest.Dispose();
        _lost.Dispose();
    }
}
