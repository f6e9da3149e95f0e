using System.Collections.Concurrent;
using System.Text;
using Renci.SshNet;
using Renci.SshNet.Common;

namespace Maestro.Engine.Fabrics.Linux.Ssh;

/// <summary>The host let us in and then gave no shell: the login shell, or sudo, ended first.</summary>
internal sealed class ShellRefusedException(string said, Exception? inner = null) : Exception(said, inner);

/// <summary>The host opens no further channel on this connection (sshd's MaxSessions).</summary>
internal sealed class ChannelRefusedException(Exception inner) : Exception(inner.Message, inner);

/// <summary>
/// One long-lived shell on a host, fed through its standard input: the login shell's start, which dominates the cost of a command, is paid once.
/// A thread of its own writes and reads, since the library's streams block.
/// </summary>
internal sealed class RemoteShell : IDisposable
{
    private readonly BlockingCollection<ShellJob> _jobs = new(1);
    private readonly TaskCompletionSource<RemoteShell> _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly SshClient _client;
    private readonly string _commandLine;
    private readonly Func<string> _newMark;
    private SshCommand? _command;
    private Task? _running;
    private volatile bool _broken;

    private RemoteShell(SshClient client, string commandLine, Func<string> newMark)
    {
        _client = client;
        _commandLine = commandLine;
        _newMark = newMark;
    }

    /// <summary>True when it can carry no further script.</summary>
    public bool IsBroken => _broken || _running is { IsCompleted: true };

    /// <summary>Opens a channel and waits until the shell behind it has answered: from then on whatever the login shell printed is behind us.</summary>
    /// <exception cref="ShellRefusedException">The host said something else and ended.</exception>
    /// <exception cref="ChannelRefusedException">The host allows no further channel.</exception>
    /// <exception cref="SshException">The connection broke.</exception>
    public static (RemoteShell Shell, Task<RemoteShell> Opened) Open(SshClient client, string commandLine, Func<string> newMark)
    {
        var shell = new RemoteShell(client, commandLine, newMark);
        new Thread(shell.Work) { IsBackground = true, Name = "Maestro shell" }.Start();
        return (shell, shell._opened.Task);
    }

    /// <summary>Runs one script; at most one at a time.</summary>
    /// <param name="script">The script.</param>
    /// <param name="end">At this the answer is given up.</param>
    public async Task<ScriptAnswer> RunAsync(ShellScript script, CancellationToken end)
    {
        var job = new ShellJob(script);
        _jobs.Add(job, CancellationToken.None);
        using (end.Register(() => job.GiveUp()))
        {
            var answer = await job.Answer;
            // Of one that was given up the answer may still come, for nobody: this shell can carry no further script.
            if (answer.Outcome != ScriptOutcome.Answered) _broken = true;
            return answer;
        }
    }

    /// <summary>Blocks until the library has said goodbye to the host.</summary>
    public void Dispose()
    {
        _broken = true;
        _jobs.CompleteAdding();
        _command?.Dispose();
    }

    private void Work()
    {
        FrameReader reader;
        Stream input;
        try
        {
            (input, reader) = Start();
        }
        catch (Exception fault)
        {
            _broken = true;
            _opened.TrySetException(fault);
            return;
        }

        _opened.TrySetResult(this);
        foreach (var job in _jobs.GetConsumingEnumerable()) Exchange(job, input, reader);
    }

    private (Stream Input, FrameReader Reader) Start()
    {
        try
        {
            _command = _client.CreateCommand(_commandLine);
            _running = _command.ExecuteAsync();
        }
        catch (SshException fault) when (_client.IsConnected)
        {
            throw new ChannelRefusedException(fault);
        }

        // A shell that ends by itself is seen at its output's end; the task's fault is looked at there.
        _ = _running.ContinueWith(t => t.Exception, TaskContinuationOptions.OnlyOnFaulted);
        var reader = new FrameReader(_command.OutputStream);
        try
        {
            var input = _command.CreateInputStream();
            var mark = _newMark();
            Write(input, ShellScript.Greeting(mark));
            reader.ReadGreeting(mark);
            return (input, reader);
        }
        catch (Exception fault) when (fault is not SshConnectionException && _client.IsConnected)
        {
            var said = string.Join(" ", new[] { Said(), reader.Rest }.Where(t => t.Length > 0));
            throw new ShellRefusedException(said.Length > 0 ? said : fault.Message, fault);
        }
    }

    private void Exchange(ShellJob job, Stream input, FrameReader reader)
    {
        try
        {
            if (IsBroken) throw new IOException("the shell ended");
            var mark = _newMark();
            var frame = job.Script.Frame(mark);
            // From here on a byte may reach the host.
            if (!job.TrySend()) return;
            Write(input, frame);
            var (code, output, errors) = reader.ReadAnswer(mark);
            job.Complete(new ScriptAnswer(ScriptOutcome.Answered, code, output) { ErrorOutput = errors });
        }
        catch (Exception fault)
        {
            _broken = true;
            job.Fail(Said() is { Length: > 0 } said ? said : fault.Message);
        }
    }

    private static void Write(Stream input, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        input.Write(bytes, 0, bytes.Length);
        input.Flush();
    }

    // What the shell or sudo printed on standard error; readable without blocking only when the channel is closed.
    private string Said()
    {
        try
        {
            return _running is { IsCompleted: true } ? new StreamReader(_command!.ExtendedOutputStream).ReadToEnd().Trim() : "";
        }
        catch (Exception)
        {
            return "";
        }
    }
}
