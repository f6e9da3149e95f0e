using Maestro.Engine.Fabrics.Linux.Ssh;
using Maestro.Engine.Model.Errors;
using Maestro.Engine.Tests.Victims;
using Maestro.Testbeds;

namespace Maestro.Engine.Tests.Fabrics.Linux;

/// <summary>Two controllers on one group of real hosts.</summary>
public sealed class LinuxLeaseTests
{
    [TestbedFact]
    public async Task A_second_controller_with_another_store_is_told_who_holds_the_group()
    {
        await using var bed = await Testbed.StartAsync(new TestbedOptions { Gateways = 3 });
        var gate = new Gate("commit");
        await using var first = LinuxSession.Open(bed, "a", between: gate.Before);
        await using var second = LinuxSession.Open(bed, "b");
        await first.MakeGroupAsync(bed);

        var before = DateTimeOffset.UtcNow;
        var running = first.SyncAsync(LinuxSession.Forbidding(81));
        await gate.Reached;
        var refusal = await Assert.ThrowsAsync<MaestroException>(() => second.SyncAsync(LinuxSession.Forbidding(82)));
        Assert.Equal(ErrorCatalogue.LeaseHeld, refusal.Code);
        Assert.Contains(first.Host.Actor, refusal.Message);
        // The members say since when, by the holder's clock, to the second.
        var since = DateTimeOffset.ParseExact(System.Text.RegularExpressions.Regex.Match(refusal.Message, @" since (\S+ \S+Z),").Groups[1].Value, "u", System.Globalization.CultureInfo.InvariantCulture);
        Assert.InRange(since, before.AddSeconds(-1), DateTimeOffset.UtcNow);
        gate.Open();
        Assert.Null((await running).Failure);
        foreach (var gateway in bed.Gateways) Assert.Contains("tcp dport 81 drop", await bed.NftListAsync(gateway, "list", "ruleset"));

        // And once it is free, the other may.
        Assert.Null((await second.SyncAsync(LinuxSession.Forbidding(82))).Failure);
    }

    [TestbedFact]
    public async Task Of_racing_controllers_with_stores_of_their_own_exactly_one_policy_wins_everywhere()
    {
        await using var bed = await Testbed.StartAsync(new TestbedOptions { Gateways = 3 });
        await using var maker = LinuxSession.Open(bed, "maker");
        await maker.MakeGroupAsync(bed);
        var sessions = Enumerable.Range(0, 4).Select(i => LinuxSession.Open(bed, "racer" + i)).ToList();
        var outcomes = await Task.WhenAll(sessions.Select(async (s, i) =>
        {
            try
            {
                return (await s.SyncAsync(LinuxSession.Forbidding(90 + i))).Failure is null;
            }
            catch (MaestroException refusal) when (refusal.Code == ErrorCatalogue.LeaseHeld || refusal.Code == ErrorCatalogue.MemberUnreachable || refusal.Code == ErrorCatalogue.LeaseLost)
            {
                return false;
            }
        }));
        foreach (var session in sessions) await session.DisposeAsync();
        var members = await maker.MembersAsync();
        Assert.Single(members.Select(m => m.PolicyFingerprint).Distinct());
        if (outcomes.Any(o => o)) Assert.NotEqual("", members[0].PolicyFingerprint);
    }

    [TestbedFact]
    public async Task A_controller_that_is_stopped_between_check_and_send_changes_nothing_when_it_wakes_after_a_take_over()
    {
        await using var bed = await Testbed.StartAsync(new TestbedOptions { Gateways = 3 });
        await using var second = LinuxSession.Open(bed, "b");
        await second.MakeGroupAsync(bed);
        var policy = Path.Combine(bed.DirectoryPath, "stopped.nft");
        await File.WriteAllTextAsync(policy, LinuxSession.Forbidding(81));
        var folder = Path.Combine(bed.DirectoryPath, "controller-b");

        using var first = VictimProcess.Start("change", Path.Combine(folder, "inventory.json"), bed.KnownHostsPath, Path.Combine(bed.DirectoryPath, "first.db"), "before:commit", "sync", "dmz", policy);
        Assert.Equal("begun", await first.ExpectLineAsync());
        Assert.Equal("sending commit", await first.ExpectLineAsync());
        await SignalAsync("-STOP", first.Id);

        // It lives, but cannot renew: the group is free once its claim has run out.
        Engine.Operations.Running.OperationResult? sync = null;
        for (var tries = 0; sync is null && tries < 60; tries++)
        {
            try
            {
                sync = await second.SyncAsync(LinuxSession.Forbidding(82));
            }
            catch (MaestroException held) when (held.Code == ErrorCatalogue.LeaseHeld)
            {
                await Task.Delay(TimeSpan.FromSeconds(1));
            }
        }

        Assert.NotNull(sync);
        Assert.True(sync.Failure is null, sync.Failure?.Message);
        var before = await RulesAsync(bed);

        await SignalAsync("-CONT", first.Id);
        await first.WriteLineAsync("go on");
        var said = await first.ExpectLineAsync();

        Assert.DoesNotContain("Succeeded", said);
        Assert.Contains("Maestro.LeaseLost", said);
        Assert.Equal(before, await RulesAsync(bed));
        Assert.All(await second.MembersAsync(), m => Assert.Equal(sync.Plan.Attributes["fingerprint"], m.PolicyFingerprint));
    }

    private static async Task<string> RulesAsync(Testbed bed)
    {
        var all = new List<string>();
        foreach (var gateway in bed.Gateways) all.Add(await bed.NftListAsync(gateway, "list", "ruleset"));
        Assert.All(all, rules => Assert.Contains("tcp dport 82 drop", rules));
        return string.Join("\n", all);
    }

    private static async Task SignalAsync(string signal, int process)
    {
        using var kill = System.Diagnostics.Process.Start("kill", [signal, process.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
        Assert.Equal(0, kill.ExitCode);
    }

    /// <summary>Stops the scripts of one name before they are sent.</summary>
    private sealed class Gate(string script)
    {
        private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _open = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Reached => _reached.Task;

        public void Open() => _open.TrySetResult();

        public IGatewayTransport Before(IGatewayTransport inner) => new Gated(this, inner);

        private sealed class Gated(Gate gate, IGatewayTransport inner) : IGatewayTransport
        {
            public async Task<ScriptAnswer> RunAsync(HostEndpoint host, ShellScript sent, TimeSpan timeout, CancellationToken cancellation)
            {
                if (sent.Name == gate.Script)
                {
                    gate._reached.TrySetResult();
                    await gate._open.Task;
                }

                return await inner.RunAsync(host, sent, timeout, cancellation);
            }

            public ValueTask DisposeAsync() => inner.DisposeAsync();
        }

        private string Script => script;
    }
}
