using System.Diagnostics;
using Maestro.Engine.Fabrics.Linux;

namespace Maestro.Engine.Tests.Fabrics.Linux.Replication;

/// <summary>When a member begins to send copies: the script that keeps the replication running, among programs that only say that they were called.</summary>
public sealed class StateSyncRunTests : IDisposable
{
    private const int Minute = 60;

    private readonly string _folder = Directory.CreateTempSubdirectory("statesync").FullName;

    public StateSyncRunTests()
    {
        Directory.CreateDirectory(Path.Combine(_folder, "bin"));
        Program("sshd", "exec /bin/sleep 60");
        Program("sleep", "echo second >>\"$LOG\"; exec /bin/sleep 0.005");
        Program("perl", "echo sends >>\"$LOG\"; exec /bin/sleep 60");
        using var from = typeof(GatewayScripts).Assembly.GetManifestResourceStream("Maestro.Gateway.statesync-run.sh")!;
        using var to = File.Create(Path.Combine(_folder, "run.sh"));
        from.CopyTo(to);
    }

    [Fact]
    public async Task Who_was_told_in_this_boot_sends_at_once()
    {
        await File.WriteAllTextAsync(Path.Combine(_folder, "sends"), await File.ReadAllTextAsync("/proc/sys/kernel/random/boot_id"));
        Assert.Equal(["sends"], await RunAsync(l => l.Contains("sends")));
    }

    /// <summary>What it knew is lost, and whoever looks after the group may still have others take it over from its copies.</summary>
    [Fact]
    public async Task Who_has_restarted_since_leaves_its_copies_alone_for_a_minute()
    {
        await File.WriteAllTextAsync(Path.Combine(_folder, "sends"), "another-boot\n");
        Assert.Equal([.. Enumerable.Repeat("second", Minute), "sends"], await RunAsync(l => l.Contains("sends")));
    }

    [Fact]
    public async Task Who_was_never_told_sends_nothing() => Assert.DoesNotContain("sends", await RunAsync(l => l.Count > Minute + 5));

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private void Program(string name, string does)
    {
        var path = Path.Combine(_folder, "bin", name);
        File.WriteAllText(path, "#!/bin/sh\n" + does + "\n");
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserExecute);
    }

    /// <summary>Until what was logged is enough.</summary>
    private async Task<IReadOnlyList<string>> RunAsync(Func<IReadOnlyList<string>, bool> isEnough)
    {
        var log = Path.Combine(_folder, "log");
        var start = new ProcessStartInfo("/bin/sh", [Path.Combine(_folder, "run.sh"), _folder]);
        start.Environment["PATH"] = Path.Combine(_folder, "bin") + ":/usr/sbin:/usr/bin:/sbin:/bin";
        start.Environment["LOG"] = log;
        using var process = Process.Start(start)!;
        try
        {
            while (true)
            {
                IReadOnlyList<string> lines = File.Exists(log) ? await File.ReadAllLinesAsync(log) : [];
                if (isEnough(lines)) return lines;
                Assert.False(process.HasExited);
                await Task.Delay(20);
            }
        }
        finally
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync();
        }
    }
}
