using Maestro.Engine.Fabrics.Linux.Ssh;
using Maestro.Engine.Model.Errors;
using Maestro.Testbeds;

namespace Maestro.Engine.Tests.Fabrics.Linux.Ssh;

/// <summary>Scripts on real hosts: what is sent, what comes back, and what is known when nothing does.</summary>
[Collection(SshCollection.Name)]
public sealed class SshTransportTests(SshBed bed)
{
    private static readonly TimeSpan Ample = TimeSpan.FromSeconds(60);

    private Testbed Bed => bed.Bed;

    [TestbedFact]
    public async Task Both_streams_and_the_exit_code_come_back_in_one_round_trip()
    {
        await using var transport = bed.Transport();
        var answer = await Run(transport, bed.Endpoint(Bed.Gateways[0]), "echo out; echo err >&2; id -u; uname -n; exit 7");
        Assert.Equal((ScriptOutcome.Answered, 7, $"out\n0\n{Bed.Gateways[0].Id}\n", "err"), (answer.Outcome, answer.ExitCode, answer.Output, answer.ErrorOutput));
        Assert.True(answer.EndedAt >= answer.StartedAt && answer.StartedAt > DateTimeOffset.UnixEpoch);
    }

    [TestbedFact]
    public async Task An_account_without_rights_becomes_root_through_sudo()
    {
        await using var transport = bed.Transport();
        var answer = await Run(transport, bed.Endpoint(Bed.Gateways[0], TestbedAccount.Sudo), "id -u; nft list ruleset >/dev/null && echo may");
        Assert.Equal("0\nmay\n", answer.Output);
    }

    [TestbedFact]
    public async Task One_connection_and_one_shell_serve_one_script_after_another()
    {
        var host = Bed.Gateways[1];
        var (connections, sessions) = (host.SshConnectionCount, host.SshSessionCount);
        await using var transport = bed.Transport();
        for (var i = 0; i < 5; i++) Assert.Equal($"{i}\n", (await Run(transport, bed.Endpoint(host), $"echo {i}")).Output);
        Assert.Equal((1, 1), (host.SshConnectionCount - connections, host.SshSessionCount - sessions));
    }

    [TestbedFact]
    public async Task Many_scripts_at_once_share_a_connection_and_at_most_eight_channels()
    {
        var host = Bed.Gateways[1];
        var (connections, sessions) = (host.SshConnectionCount, host.SshSessionCount);
        await using var transport = bed.Transport();
        // Each waits until eight run at the same time: with fewer channels none would end.
        var folder = "/tmp/together";
        await Run(transport, bed.Endpoint(host), $"rm -rf {folder}; mkdir {folder}");
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Run(transport, bed.Endpoint(host), $": >{folder}/{i}; while [ \"$(ls {folder} | wc -l)\" -lt 8 ]; do sleep 0.05; done; echo {i}")));
        Assert.Equal(Enumerable.Range(0, 8).Select(i => $"{i}\n"), answers.Select(a => a.Output));
        var more = await Task.WhenAll(Enumerable.Range(0, 24).Select(i => Run(transport, bed.Endpoint(host), $"echo {i}")));
        Assert.Equal(Enumerable.Range(0, 24).Select(i => $"{i}\n"), more.Select(a => a.Output));
        Assert.Equal((1, 8), (host.SshConnectionCount - connections, host.SshSessionCount - sessions));
    }

    [TestbedFact]
    public async Task A_large_file_and_hostile_parameters_arrive_whole()
    {
        var content = string.Concat(Enumerable.Range(0, 60_000).Select(i => $"{i} ä $x `y` 'z' \"q\" \\\n"));
        await using var transport = bed.Transport();
        var answer = await transport.RunAsync(
            bed.Endpoint(Bed.Gateways[0], TestbedAccount.Sudo),
            new ShellScript("put", ScriptIntent.Write, "cat \"$FILE\"; printf '%s' \"$NAME\" >&2").WithFile("FILE", content).With("NAME", "-n $(reboot)\n'x'"), Ample, CancellationToken.None);
        Assert.Equal(content, answer.Output);
        Assert.Equal("-n $(reboot)\n'x'", answer.ErrorOutput);
    }

    [TestbedFact]
    public async Task Nothing_of_a_script_stands_in_an_argument_on_the_host()
    {
        await using var transport = bed.Transport();
        var host = Bed.Gateways[2];
        var script = new ShellScript("secret", ScriptIntent.Read, ": >/tmp/running; while [ -e /tmp/running ]; do sleep 0.05; done; printf '%s' \"$KEY\" | wc -c # only-in-the-body")
            .WithSecret("KEY", "planted-secret").WithFile("FILE", "planted-file");
        var running = transport.RunAsync(bed.Endpoint(host, TestbedAccount.Sudo), script, Ample, CancellationToken.None);
        // The patterns are written so that the search does not find itself.
        var found = await Bed.RunInsideAsync(host, "while [ ! -e /tmp/running ]; do sleep 0.05; done; cat /proc/[0-9]*/cmdline /proc/[0-9]*/environ | tr '\\0' '\\n' | grep -c -e '[p]lanted-' -e 'only-in-the-[b]ody'; rm /tmp/running");
        Assert.Equal("0", found.Output.Trim());
        Assert.Equal("14", (await running).Output.Trim());
    }

    [TestbedFact]
    public async Task A_script_that_exceeds_its_time_may_have_run_and_the_next_one_works()
    {
        await using var transport = bed.Transport();
        var host = Bed.Gateways[2];
        Assert.Equal("warm\n", (await Run(transport, bed.Endpoint(host), "echo warm")).Output);
        var answer = await transport.RunAsync(bed.Endpoint(host), new ShellScript("slow", ScriptIntent.Write, "sleep 600"), TimeSpan.FromMilliseconds(300), CancellationToken.None);
        Assert.Equal(ScriptOutcome.Unknown, answer.Outcome);
        Assert.Equal(ErrorCatalogue.MemberUnreachable, answer.Fault!.Code);
        Assert.Contains("may have run", answer.Fault.Message);
        Assert.Equal("on\n", (await Run(transport, bed.Endpoint(host), "echo on")).Output);
    }

    [TestbedFact]
    public async Task A_cancelled_script_is_answered_before_the_host_lets_go()
    {
        await using var transport = bed.Transport();
        var host = Bed.Gateways[2];
        await Run(transport, bed.Endpoint(host), "rm -f /tmp/cancel");
        using var stop = new CancellationTokenSource();
        var running = transport.RunAsync(bed.Endpoint(host), new ShellScript("slow", ScriptIntent.Write, ": >/tmp/cancel; sleep 600"), Ample, stop.Token);
        await Bed.RunInsideAsync(host, "while [ ! -e /tmp/cancel ]; do sleep 0.05; done");
        // A frozen host answers nothing, a farewell included.
        await Bed.FreezeAsync(host);
        try
        {
            await stop.CancelAsync();
            var answer = await running;
            Assert.Equal((ScriptOutcome.Unknown, ErrorCatalogue.OperationStopped), (answer.Outcome, answer.Fault!.Code));
        }
        finally
        {
            await Bed.ThawAsync(host);
        }
    }

    [TestbedFact]
    public async Task A_host_that_was_silent_is_looked_at_again_with_less_patience_until_it_answers()
    {
        await using var transport = bed.Transport();
        var host = Bed.Gateways[2];
        await Bed.FreezeAsync(host);
        try
        {
            var first = await transport.RunAsync(bed.Endpoint(host), new ShellScript("look", ScriptIntent.Read, "echo"), TimeSpan.FromSeconds(4), CancellationToken.None);
            var second = await Run(transport, bed.Endpoint(host), "echo");
            Assert.All([first, second], look => Assert.Equal(ErrorCatalogue.MemberUnreachable, look.Fault!.Code));
            Assert.InRange(second.EndedAt - second.StartedAt, TimeSpan.Zero, Ample / 2);
        }
        finally
        {
            await Bed.ThawAsync(host);
        }

        ScriptAnswer last;
        do last = await Run(transport, bed.Endpoint(host), "echo back");
        while (last.Outcome != ScriptOutcome.Answered);
        Assert.Equal("back\n", last.Output);
    }

    [TestbedFact]
    public async Task What_was_cancelled_before_it_was_sent_certainly_did_not_run()
    {
        await using var transport = bed.Transport();
        var answer = await transport.RunAsync(bed.Endpoint(Bed.Gateways[0]), new ShellScript("x", ScriptIntent.Write, ": >/tmp/never"), Ample, new CancellationToken(canceled: true));
        Assert.Equal((ScriptOutcome.NotSent, ErrorCatalogue.OperationStopped), (answer.Outcome, answer.Fault!.Code));
        Assert.False(File.Exists(Bed.Gateways[0].PathOf("/tmp/never")));
    }

    [TestbedFact]
    public async Task A_host_that_cannot_be_reached_got_nothing_and_says_who_and_why()
    {
        await using var transport = bed.Transport();
        var answer = await Run(transport, bed.Endpoint(Bed.Gateways[0]) with { Port = 1 }, "echo");
        Assert.Equal((ScriptOutcome.NotSent, ErrorCatalogue.MemberUnreachable, Bed.Gateways[0].Id), (answer.Outcome, answer.Fault!.Code, answer.Fault.Target));
        Assert.Contains("refused", answer.Fault.Message, StringComparison.OrdinalIgnoreCase);
    }

    [TestbedFact]
    public async Task The_loss_of_power_in_the_middle_is_unknown_and_after_it_the_host_is_reached_anew()
    {
        await using var transport = bed.Transport();
        var host = Bed.Gateways[3];
        Assert.Equal("on\n", (await Run(transport, bed.Endpoint(host), "echo on; rm -f /tmp/started")).Output);
        var running = transport.RunAsync(bed.Endpoint(host), new ShellScript("act", ScriptIntent.Write, ": >/tmp/started; sleep 600"), Ample, CancellationToken.None);
        await Bed.RunInsideAsync(host, "while [ ! -e /tmp/started ]; do sleep 0.05; done");
        // The connection dies with the server's process for it, while the script runs on.
        await Bed.RunInsideAsync(host, "pkill -KILL -f '^sshd: '");
        var answer = await running;
        Assert.Equal((ScriptOutcome.Unknown, ErrorCatalogue.MemberUnreachable), (answer.Outcome, answer.Fault!.Code));
        Assert.Equal("back\n", (await Run(transport, bed.Endpoint(host), "echo back")).Output);

        await Bed.PowerCycleAsync(host);
        Assert.Equal("again\n", (await Run(transport, bed.Endpoint(host), "echo again")).Output);
    }

    [TestbedFact]
    public async Task A_host_that_allows_fewer_channels_is_served_with_those()
    {
        var host = Bed.Gateways[4];
        var configuration = host.PathOf("/etc/ssh/sshd_config");
        await File.WriteAllTextAsync(configuration, "MaxSessions 2\n" + await File.ReadAllTextAsync(configuration));
        await Bed.PowerCycleAsync(host);
        await using var transport = bed.Transport();
        var answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(i => Run(transport, bed.Endpoint(host), $"sleep 0.1; echo {i}")));
        Assert.Equal(Enumerable.Range(0, 12).Select(i => $"{i}\n"), answers.Select(a => a.Output));
    }

    [TestbedFact]
    public async Task Through_a_jump_host_many_hosts_share_its_one_connection()
    {
        var jump = Bed.JumpHost!;
        var connections = jump.SshConnectionCount;
        await using var transport = bed.Transport();
        var answers = await Task.WhenAll(Bed.Gateways.Select(g => Run(
            transport, bed.Endpoint(g) with { Address = g.HiddenAddress!.ToString(), Jump = bed.Endpoint(jump) }, "uname -n")));
        Assert.Equal(Bed.Gateways.Select(g => g.Id + "\n"), answers.Select(a => a.Output));
        Assert.Equal(1, jump.SshConnectionCount - connections);
    }

    [TestbedFact]
    public async Task The_jump_hosts_key_and_the_hosts_key_behind_it_are_both_judged()
    {
        await using var transport = bed.Transport();
        var (jump, host) = (Bed.JumpHost!, Bed.Gateways[0]);
        var behind = bed.Endpoint(host) with { Address = host.HiddenAddress!.ToString() };
        var unknownJump = await Run(transport, behind with { Jump = bed.Endpoint(jump) with { HostKey = "" } }, "echo");
        Assert.Equal((ErrorCatalogue.KeyUnknown, jump.Id), (unknownJump.Fault!.Code, unknownJump.Fault.Target));
        var changed = await Run(transport, behind with { Jump = bed.Endpoint(jump), HostKey = Bed.Gateways[1].HostKey }, "echo");
        Assert.Equal((ErrorCatalogue.KeyChanged, host.Id), (changed.Fault!.Code, changed.Fault.Target));
        var beyond = await Run(transport, behind with { Jump = bed.Endpoint(jump), Port = 1 }, "echo");
        Assert.Equal((ErrorCatalogue.MemberUnreachable, host.Id), (beyond.Fault!.Code, beyond.Fault.Target));
        Assert.Contains(jump.Id, beyond.Fault.Message);
    }

    [TestbedFact]
    public async Task A_host_is_reached_by_IPv6()
    {
        await using var transport = bed.Transport();
        var answer = await Run(transport, bed.Endpoint(Bed.Gateways[0]) with { Address = Bed.Gateways[0].AddressIPv6.ToString() }, "echo six");
        Assert.Equal("six\n", answer.Output);
    }

    [TestbedFact]
    public async Task No_secret_reaches_a_trace_an_answer_or_an_exception()
    {
        var traces = new List<WireTrace>();
        await using (var transport = bed.Transport(new SshCredentials { KeyPath = Bed.KeyPath, KeyPassphrase = SshBed.Secure("planted-passphrase") }, configure: o => o with { Trace = t => { lock (traces) traces.Add(t); } }))
        {
            var answer = await transport.RunAsync(
                bed.Endpoint(Bed.Gateways[0]), new ShellScript("leak", ScriptIntent.Write, "echo \"out $P\"; echo \"err $P\" >&2; echo planted-passphrase >/dev/null").WithSecret("P", "it's planted-parameter"), Ample, CancellationToken.None);
            Assert.Equal(("out [redacted]\n", "err [redacted]"), (answer.Output, answer.ErrorOutput));
            await transport.RunAsync(bed.Endpoint(Bed.Gateways[0]) with { User = "planted-passphrase" }, new ShellScript("x", ScriptIntent.Read, ":"), Ample, CancellationToken.None);
        }

        Assert.Equal([WireEvent.Sent, WireEvent.Connected, WireEvent.Answered, WireEvent.Sent, WireEvent.Lost], traces.Select(t => t.Event));
        Assert.All(traces, t => Assert.DoesNotContain("planted-p", t.Text));
        Assert.Contains("write leak", traces[0].Text);
    }

    [TestbedFact]
    public async Task The_recording_transport_knows_reads_from_writes()
    {
        await using var wire = new RecordingTransport(bed.Transport());
        await wire.RunAsync(bed.Endpoint(Bed.Gateways[0]), new ShellScript("look", ScriptIntent.Read, ":"), Ample, CancellationToken.None);
        Assert.Equal(0, wire.Writes);
        await wire.RunAsync(bed.Endpoint(Bed.Gateways[0]), new ShellScript("act", ScriptIntent.Write, ":"), Ample, CancellationToken.None);
        Assert.Equal(1, wire.Writes);
        Assert.Equal([(Bed.Gateways[0].Id, "look", ScriptIntent.Read), (Bed.Gateways[0].Id, "act", ScriptIntent.Write)], wire.Sent);
    }

    private static Task<ScriptAnswer> Run(IGatewayTransport transport, HostEndpoint host, string body) =>
        transport.RunAsync(host, new ShellScript("test", ScriptIntent.Read, body), Ample, CancellationToken.None);
}
