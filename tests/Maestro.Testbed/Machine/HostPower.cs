using System.Globalization;

namespace Maestro.Testbeds.Machine;

/// <summary>Starts and kills the namespaces of one host, and knows where its files are meanwhile.</summary>
internal sealed class HostPower(string id, BedDirectory bed, Supervisor supervisor, bool hasSystemd)
{
    private const string ListeningLine = "Server listening on ";

    /// <summary>The kernel ends process 1 of a PID namespace that asks for a restart by SIGHUP.</summary>
    private const int RestartExitCode = 128 + 1;

    /// <summary>One line for IPv4 and one for IPv6.</summary>
    private const int ListeningLines = 2;
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(5);
    private Supervisor.Job? _life;

    public bool IsOn => _life is { Completion.IsCompleted: false };

    public int ProcessId => IsOn && ReadProcessId() is { } number ? number : throw new TestbedException($"{id} is off.");

    public string BootLog => Read("boot.log");

    public string SshLog => Read("sshd.log");

    public string PathOf(string path) => IsOn ? $"/proc/{ProcessId}/root{path}" : supervisor.Inside($"{bed.Disk(id)}/upper{path}");

    /// <summary>Starts the host and waits until its sshd listens: by then boot step, devices and addresses are done.</summary>
    public async Task StartAsync(TimeSpan patience)
    {
        foreach (var file in (string[])["pid", "boot.log", "sshd.log"])
        {
            File.Delete(bed.HostFile(id, file));
        }

        _life = await supervisor.BeginAsync(
            $"exec unshare --mount --uts --ipc --pid --net --fork --kill-child /bin/sh {bed.HostScript} {bed.Path} {id} {supervisor.SwitchNamespace} {(hasSystemd ? bed.ControlGroup(id) : "")}\n");
        await WaitUntilListeningAsync(ListeningLines, patience);
    }

    /// <summary>Makes sshd read its settings and keys again. Connections that are open stay open.</summary>
    public async Task RestartSshAsync(TimeSpan patience)
    {
        var before = CountInSshLog(ListeningLine);
        if (hasSystemd)
        {
            (await SystemCommand.RunAsync("nsenter", ["-t", ProcessId.ToString(CultureInfo.InvariantCulture), "-a", "systemctl", "kill", "--kill-who=main", "--signal=HUP", "ssh.service"])).EnsureSuccess();
        }
        else
        {
            LinuxCalls.Signal(ProcessId, LinuxCalls.SignalHangUp);
        }

        await WaitUntilListeningAsync(before + ListeningLines, patience);
    }

    /// <summary>How many lines of sshd's log since power-on begin with this.</summary>
    public int CountInSshLog(string beginning) => SshLog.Split('\n').Count(line => line.StartsWith(beginning, StringComparison.Ordinal));

    /// <summary>Kills process 1 of the host, and with it the kernel kills all others.</summary>
    public void Kill()
    {
        if (IsOn && ReadProcessId() is { } number)
        {
            LinuxCalls.Signal(number, LinuxCalls.SignalKill);
        }
    }

    /// <summary>Completes when the host ends by itself or by somebody's hand.</summary>
    /// <returns>Whether it has restarted itself, and is to be started again as a new boot.</returns>
    public async Task<bool> RestartsItselfAsync()
    {
        if (_life is not { } life || await life.Completion != RestartExitCode) return false;
        // From here on the restart script binds it; a power cut keeps the machine's.
        await File.WriteAllTextAsync(bed.HostFile(id, "boot_id"), Guid.NewGuid() + "\n");
        return true;
    }

    /// <summary>Completes when no process of the host is left.</summary>
    public async Task WaitUntilDeadAsync(TimeSpan patience)
    {
        if (_life is not null)
        {
            await _life.Completion.WaitAsync(patience);
        }
    }

    private async Task WaitUntilListeningAsync(int lines, TimeSpan patience)
    {
        var life = _life ?? throw new TestbedException($"{id} is off.");
        using var limit = new CancellationTokenSource(patience);
        while (CountInSshLog(ListeningLine) < lines)
        {
            if (life.Completion.IsCompleted)
            {
                throw new TestbedException($"{id} did not start ({await life.Completion}).\n{life.Output}\n{BootLog}\n{SshLog}");
            }

            try
            {
                await Task.Delay(PollInterval, limit.Token);
            }
            catch (OperationCanceledException)
            {
                throw new TestbedException($"{id} did not listen within {patience}.\n{life.Output}\n{BootLog}\n{SshLog}");
            }
        }
    }

    private int? ReadProcessId()
    {
        var text = Read("pid");
        // The line is written in one go, but only its end says that it is whole.
        return text.EndsWith('\n') ? int.Parse(text, CultureInfo.InvariantCulture) : null;
    }

    private string Read(string name)
    {
        try
        {
            return File.ReadAllText(bed.HostFile(id, name));
        }
        catch (FileNotFoundException)
        {
            return string.Empty;
        }
    }
}
