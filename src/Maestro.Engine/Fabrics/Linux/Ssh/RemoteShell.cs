using System.Collections.Concurrent;
using System.Text;
using Renci.SshNet;

namespace Maestro.Engine.Fabrics.Linux.Ssh;

/// <summary>
/// One long-lived shell on a host, fed through its standard input: the login shell's start, which dominates the cost of a command, is paid once.
/// A thread of its own writes and reads, since the library's streams block.
/// </summary>
internal sealed class RemoteShell : IDisposable
{
    private readonly SshCommand _command;
    private readonly Stream _input;
    private readonly StreamReader _output;
    private readonly BlockingCollection<Job> _jobs = new(1);
    private readonly Thread _worker;
    private readonly Func<string> _newMark;
    private volatile bool _broken;

    private sealed record Job(ShellScript Script, TaskCompletionSource<ScriptAnswer> Completion)
    {
        /// <summary>True once a byte may have reached the host.</summary>
        public bool Sent { get; set; }
    }

    private RemoteShell(SshCommand command, Stream input, Func<string> newMark)
    {
        _command = command;
        _input = input;
        _newMark = newMark;
        _output = new StreamReader(command.OutputStream, new UTF8Encoding(false));
        _worker = new Thread(Work) { IsBackground = true, Name = "Maestro shell" };
        _worker.Start();
    }

    public bool IsBroken => _broken;

    /// <exception cref="IOException">The shell did not come up: the message carries what the host said.</exception>
    public static RemoteShell Open(SshClient client, bool becomeRoot, Func<string> newMark)
    {
        var command = client.CreateCommand(becomeRoot ? "exec sudo -n /bin/sh" : "exec /bin/sh");
        var running = command.ExecuteAsync();
        // A shell that ends by itself is seen at its output's end.
        _ = running.ContinueWith(t => t.Exception, TaskContinuationOptions.OnlyOnFaulted);
        var shell = new RemoteShell(command, command.CreateInputStream(), newMark);
        return shell;
    }

    public async Task<ScriptAnswer> RunAsync(ShellScript script, Task timeout)
    {
        var job = new Job(script, new TaskCompletionSource<ScriptAnswer>(TaskCreationOptions.RunContinuationsAsynchronously));
        _jobs.Add(job);
        var first = await Task.WhenAny(job.Completion.Task, timeout);
        if (first == job.Completion.Task) return await job.Completion.Task;
        // The answer may still come, for nobody: this shell can carry no further script.
        _broken = true;
        return new ScriptAnswer(job.Sent ? ScriptOutcome.Unknown : ScriptOutcome.NotSent, -1, "no answer in time");
    }

    public void Dispose()
    {
        _broken = true;
        _jobs.CompleteAdding();
        try
        {
            _input.Dispose();
            _command.Dispose();
        }
        catch (Exception)
        {
            // The connection is gone already.
        }
    }

    private void Work()
    {
        foreach (var job in _jobs.GetConsumingEnumerable())
        {
            try
            {
                job.Completion.TrySetResult(Exchange(job));
            }
            catch (Exception fault)
            {
                _broken = true;
                var said = ReadError();
                job.Completion.TrySetResult(new ScriptAnswer(
                    job.Sent ? ScriptOutcome.Unknown : ScriptOutcome.NotSent, -1, said.Length > 0 ? said : fault.Message));
            }
        }
    }

    private ScriptAnswer Exchange(Job job)
    {
        var mark = _newMark();
        var bytes = Encoding.UTF8.GetBytes(job.Script.Frame(mark));
        job.Sent = true;
        _input.Write(bytes, 0, bytes.Length);
        _input.Flush();
        var output = new StringBuilder();
        while (_output.ReadLine() is { } line)
        {
            if (line.StartsWith(mark + " ", StringComparison.Ordinal))
            {
                var code = int.Parse(line.Substring(mark.Length + 1), System.Globalization.CultureInfo.InvariantCulture);
                return new ScriptAnswer(ScriptOutcome.Answered, code, output.ToString());
            }

            output.Append(line).Append('\n');
        }

        throw new IOException("the shell ended");
    }

    private string ReadError()
    {
        try
        {
            return new StreamReader(_command.ExtendedOutputStream).ReadToEnd().Trim();
        }
        catch (Exception)
        {
            return "";
        }
    }
}
