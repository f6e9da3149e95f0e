using Maestro.Engine.Model.Errors;

namespace Maestro.Engine.Fabrics.Linux.Ssh;

/// <summary>One script that goes on saying lines, and is begun anew as long as it is listened to.</summary>
internal sealed class SshFeed : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _end = new();
    private readonly Func<Task<SshConnection>> _open;
    private readonly ShellScript _script;
    private readonly TimeSpan _silence;
    private readonly Action<string> _line;
    private readonly TimeProvider _time;
    private long _heardAt;

    public SshFeed(Func<Task<SshConnection>> open, ShellScript script, TimeSpan silence, Action<string> line, TimeProvider time)
    {
        (_open, _script, _silence, _line, _time) = (open, script, silence, line, time);
        _ = RunAsync();
    }

    /// <summary>Ends it; a connection that is still coming up is closed behind it.</summary>
    public void Dispose() => _end.Cancel();

    private async Task RunAsync()
    {
        while (!_end.IsCancellationRequested)
        {
            try
            {
                var connection = await _open();
                try
                {
                    await HearAsync(connection);
                }
                finally
                {
                    _ = connection.RetireAsync();
                }
            }
            catch (MaestroException)
            {
                // A host that cannot be reached says nothing, which is what its silence is for.
            }

            await Task.WhenAny(_time.Delay(Pause, _end.Token));
        }
    }

    private async Task HearAsync(SshConnection connection)
    {
        Interlocked.Exchange(ref _heardAt, _time.GetTimestamp());
        var ended = connection.SayAsync(_script, Hear);
        while (!ended.IsCompleted && !_end.IsCancellationRequested)
        {
            var left = _silence - _time.GetElapsedTime(Interlocked.Read(ref _heardAt));
            if (left <= TimeSpan.Zero) return;
            using var waiting = CancellationTokenSource.CreateLinkedTokenSource(_end.Token);
            await Task.WhenAny(ended, _time.Delay(left, waiting.Token));
            waiting.Cancel();
        }
    }

    private void Hear(string line)
    {
        Interlocked.Exchange(ref _heardAt, _time.GetTimestamp());
        if (!_end.IsCancellationRequested) _line(line);
    }
}
