using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;

namespace Maestro.Testbeds.Machine;

/// <summary>
/// Our end of the process that owns a bed's namespaces (Scripts/supervisor.sh). It runs scripts inside them for us; when our end of its input closes, also
/// because this process was killed, it takes the bed down.
/// </summary>
internal sealed class Supervisor : IAsyncDisposable
{
    private readonly BedDirectory _directory;
    private readonly Process _process;
    private readonly ConcurrentDictionary<int, TaskCompletionSource<int>> _jobs = new();
    private readonly TaskCompletionSource<(int Slot, int ProcessId)> _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly SemaphoreSlim _input = new(1, 1);
    private readonly Task _reading;
    private int _lastJob;

    private Supervisor(BedDirectory directory, Process process)
    {
        _directory = directory;
        _process = process;
        _reading = ReadEventsAsync();
    }

    /// <summary>The number of this bed on the machine; its addresses follow from it.</summary>
    public int Slot { get; private set; }

    /// <summary>The supervisor's process number as this process sees it.</summary>
    public int ProcessId { get; private set; }

    /// <summary>The network namespace that holds the bed's switch.</summary>
    public string SwitchNamespace => $"/proc/{ProcessId}/ns/net";

    public static async Task<Supervisor> StartAsync(BedDirectory directory, IEnumerable<int> slots, TimeSpan patience)
    {
        var start = SystemCommand.Prepare("/bin/bash",
        [
            "-c",
            "exec 8</proc/self/ns/net; exec setsid unshare --mount --uts --ipc --pid --net --fork --kill-child /bin/bash \"$@\"",
            "supervisor",
            directory.SupervisorScript,
            directory.Path,
            .. slots.Select(slot => slot.ToString(CultureInfo.InvariantCulture)),
        ]);
        var process = Process.Start(start) ?? throw new TestbedException("The supervisor did not start.");
        var supervisor = new Supervisor(directory, process);
        try
        {
            (supervisor.Slot, supervisor.ProcessId) = await supervisor._ready.Task.WaitAsync(patience);
            return supervisor;
        }
        catch
        {
            await supervisor.DisposeAsync();
            throw;
        }
    }

    /// <summary>A path as it is inside the bed's mount namespace, where the hosts' disks are.</summary>
    public string Inside(string path) => $"/proc/{ProcessId}/root{path}";

    /// <summary>Runs a POSIX shell script in the bed's namespaces. The job stays in flight as long as the script runs.</summary>
    public async Task<Job> BeginAsync(string script)
    {
        var number = Interlocked.Increment(ref _lastJob);
        var done = _jobs.GetOrAdd(number, _ => new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously));
        await File.WriteAllTextAsync(_directory.JobScript(number), script);
        await _input.WaitAsync();
        try
        {
            await _process.StandardInput.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"run {number}"));
            await _process.StandardInput.FlushAsync();
        }
        catch (IOException exception)
        {
            throw new TestbedException($"The bed is gone: {exception.Message}");
        }
        finally
        {
            _input.Release();
        }

        return new Job(done.Task, _directory.JobOutput(number));
    }

    /// <summary>Runs a script to its end and gives back what it wrote.</summary>
    /// <exception cref="TestbedException">It did not end with 0.</exception>
    public async Task<string> RunAsync(string script)
    {
        var job = await BeginAsync(script);
        var exitCode = await job.Completion;
        return exitCode == 0 ? job.Output : throw new TestbedException($"A script of the bed ended with {exitCode}.\n{script}\n{job.Output}");
    }

    /// <summary>Ends the bed and waits until its supervisor is gone, and with it everything else.</summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            _process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It is gone already.
        }

        try
        {
            await _process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(20));
        }
        catch (TimeoutException)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
        }

        await _reading;
        _process.Dispose();
        _input.Dispose();
    }

    private async Task ReadEventsAsync()
    {
        var error = _process.StandardError.ReadToEndAsync();
        var failure = "The supervisor ended.";
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            var words = line.Split(' ');
            switch (words[0])
            {
                case "ready":
                    _ready.TrySetResult((int.Parse(words[1], CultureInfo.InvariantCulture), int.Parse(words[2], CultureInfo.InvariantCulture)));
                    break;
                case "failed":
                    failure = $"The bed could not be made: {line[7..]}.";
                    break;
                case "done" when _jobs.TryRemove(int.Parse(words[1], CultureInfo.InvariantCulture), out var job):
                    job.TrySetResult(int.Parse(words[2], CultureInfo.InvariantCulture));
                    break;
            }
        }

        var exception = new TestbedException($"{failure}\n{await error}");
        _ready.TrySetException(exception);
        foreach (var job in _jobs.Values)
        {
            job.TrySetException(exception);
            _ = job.Task.Exception;
        }

        _ = _ready.Task.Exception;
    }

    /// <summary>A script in flight.</summary>
    internal sealed record Job(Task<int> Completion, string OutputPath)
    {
        /// <summary>What it has written so far.</summary>
        public string Output => File.Exists(OutputPath) ? File.ReadAllText(OutputPath) : string.Empty;
    }
}
