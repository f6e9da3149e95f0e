namespace Maestro.Engine.Fabrics.Linux.Ssh;

/// <summary>
/// A script in the hands of a shell. Whether a byte of it may have reached the host is decided once, by whoever comes first: the shell that begins to write, or
/// the caller who gives up.
/// </summary>
internal sealed class ShellJob(ShellScript script)
{
    private const int Waiting = 0;
    private const int Sent = 1;
    private const int Withdrawn = 2;

    private readonly TaskCompletionSource<ScriptAnswer> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _state = Waiting;

    public ShellScript Script => script;

    public Task<ScriptAnswer> Answer => _answer.Task;

    /// <summary>False when the caller has given up: then nothing may be written.</summary>
    public bool TrySend() => Interlocked.CompareExchange(ref _state, Sent, Waiting) == Waiting;

    public void GiveUp() => Fail("");

    public void Complete(ScriptAnswer answer) => _answer.TrySetResult(answer);

    public void Fail(string why) =>
        Complete(new ScriptAnswer(Interlocked.CompareExchange(ref _state, Withdrawn, Waiting) == Sent ? ScriptOutcome.Unknown : ScriptOutcome.NotSent, -1, why));
}
