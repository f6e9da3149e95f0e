using Maestro.Engine.Model.Errors;
using Maestro.Engine.Model.Groups;
using Maestro.Engine.Model.Operations;
using Maestro.Engine.Model.Policy;
using Maestro.Engine.Synchronisation.Policy;
using Maestro.Testbeds;

namespace Maestro.Engine.Tests.Fabrics.Linux;

/// <summary>Members that are left alone between commit and confirmation: what they do by themselves, and what the next controller makes of it.</summary>
public sealed class LinuxRevertTests
{
    // A busy machine takes its time from commit to extend.
    private const int RevertSeconds = 15;

    // Only a hang ends by it.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    [TestbedFact]
    public async Task Before_the_decision_all_go_back_by_themselves_when_the_controller_dies_and_the_next_run_settles_it()
    {
        await using var bed = await StartAsync();
        await KilledController.BeforeAsync(bed, "check", RevertSeconds);
        foreach (var gateway in bed.Gateways) Assert.Contains("tcp dport 82 drop", await RulesAsync(bed, gateway));

        await UntilAllAsync(bed, "tcp dport 81 drop");

        await using var next = LinuxSession.Open(bed, "killed");
        Assert.All(await next.MembersAsync(), m => Assert.Equal((1, MemberState.Active), (m.PolicyVersion, m.State)));
        var sync = await next.SyncAsync(LinuxSession.Forbidding(83));
        Assert.True(sync.Failure is null, sync.Failure?.Message);
        Assert.Contains("RolledBack", Assert.Single(sync.Settled));
        foreach (var gateway in bed.Gateways) Assert.Contains("tcp dport 83 drop", await RulesAsync(bed, gateway));
    }

    [TestbedTheory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Past_the_decision_the_next_run_finishes_forward_also_when_the_members_have_gone_back_meanwhile(bool afterTheirTimers)
    {
        await using var bed = await StartAsync();
        await KilledController.BeforeAsync(bed, "extend", RevertSeconds);
        if (afterTheirTimers) await UntilAllAsync(bed, "tcp dport 81 drop");

        await using var next = LinuxSession.Open(bed, "killed");
        var settled = await (await next.Host.SettleAsync("dmz", new())).Completion;

        Assert.Contains("Succeeded", Assert.Single(settled.Settled));
        Assert.All(await next.MembersAsync(), m => Assert.Equal(2, m.PolicyVersion));
        foreach (var gateway in bed.Gateways) Assert.Contains("tcp dport 82 drop", await RulesAsync(bed, gateway));
        await bed.PowerCycleAsync(bed.Gateways[0]);
        Assert.Contains("tcp dport 82 drop", await RulesAsync(bed, bed.Gateways[0]));
    }

    [TestbedFact]
    public async Task Once_their_timers_are_put_off_members_keep_the_new_policy_past_the_first_deadline()
    {
        await using var bed = await StartAsync();
        await KilledController.BeforeAsync(bed, "confirm", RevertSeconds);
        await using var next = LinuxSession.Open(bed, "killed");
        await Task.Delay(TimeSpan.FromSeconds(RevertSeconds + 2));
        foreach (var gateway in bed.Gateways) Assert.Contains("tcp dport 82 drop", await RulesAsync(bed, gateway));

        Assert.Contains("Succeeded", Assert.Single((await (await next.Host.SettleAsync("dmz", new())).Completion).Settled));
        Assert.All(await next.MembersAsync(), m => Assert.Equal(2, m.PolicyVersion));
    }

    [TestbedFact]
    public async Task A_policy_that_cuts_the_controllers_own_access_is_taken_back_and_told_as_such()
    {
        await using var bed = await StartAsync();
        await using var session = LinuxSession.Open(bed, "killed");

        var sync = await session.RunAsync(new SyncPolicyChange
        {
            Group = "dmz",
            Document = session.Document("table inet web {\n  chain input {\n    type filter hook input priority -10; policy drop;\n  }\n}\n"),
            RevertAfter = TimeSpan.FromSeconds(RevertSeconds),
        });

        Assert.NotNull(sync.Failure);
        Assert.Equal(OperationState.RolledBack, sync.Operation!.State);
        Assert.Equal(SyncOutcome.Reverted, session.Host.ReportSync(sync, []).Outcome);
        Assert.All(await session.MembersAsync(), m => Assert.Equal((1, MemberState.Active), (m.PolicyVersion, m.State)));
        foreach (var gateway in bed.Gateways) Assert.Contains("tcp dport 81 drop", await RulesAsync(bed, gateway));
    }

    [TestbedFact]
    public async Task A_member_that_loses_power_in_between_forwards_nothing_until_it_is_settled()
    {
        await using var bed = await StartAsync();
        await KilledController.BeforeAsync(bed, "extend", RevertSeconds);
        var gateway = bed.Gateways[1];
        await bed.PowerCycleAsync(gateway);

        var rules = await RulesAsync(bed, gateway);
        Assert.Contains("tcp dport 81 drop", rules);
        Assert.True((await bed.SendTcpAsync(gateway, 80)).Dropped);
        await using var next = LinuxSession.Open(bed, "killed");
        var held = (await next.MembersAsync())[1];
        Assert.Equal(MemberState.Held, held.State);
        Assert.NotEqual("", held.Reason);

        await (await next.Host.SettleAsync("dmz", new())).Completion;
        Assert.All(await next.MembersAsync(), m => Assert.Equal((2, MemberState.Active), (m.PolicyVersion, m.State)));
        Assert.False((await bed.SendTcpAsync(gateway, 80)).Dropped);
        Assert.True((await bed.SendTcpAsync(gateway, 82)).Dropped);
    }

    [TestbedFact]
    public async Task Without_a_timer_that_says_it_waits_nothing_is_committed()
    {
        await using var bed = await StartAsync();
        await using var session = LinuxSession.Open(bed, "killed", between: inner => new Meanwhile(inner, "commit", bed.Gateways[1].Id, "printf 'exit 0\\n' >/var/lib/maestro/timer.sh\n"));

        var sync = await session.SyncAsync(LinuxSession.Forbidding(82));

        Assert.Contains("no revert timer stands", sync.Failure!.Message);
        Assert.Equal(OperationState.RolledBack, sync.Operation!.State);
        foreach (var gateway in bed.Gateways) Assert.Contains("tcp dport 81 drop", await RulesAsync(bed, gateway));
    }

    /// <summary>Three members that hold 81.</summary>
    private static async Task<Testbed> StartAsync()
    {
        var bed = await Testbed.StartAsync(new TestbedOptions { Gateways = 3 });
        await using var session = LinuxSession.Open(bed, "killed");
        await session.MakeGroupAsync(bed);
        Assert.Null((await session.SyncAsync(LinuxSession.Forbidding(81))).Failure);
        return bed;
    }

    /// <summary>A controller syncs 82 and is killed right before it sends the first script of that name.</summary>
    private static Task<string> RulesAsync(Testbed bed, TestbedHost gateway) => bed.NftListAsync(gateway, "list", "ruleset");

    private static async Task UntilAllAsync(Testbed bed, string rule)
    {
        var began = TimeProvider.System.GetTimestamp();
        foreach (var gateway in bed.Gateways)
        {
            while (!(await RulesAsync(bed, gateway)).Contains(rule, StringComparison.Ordinal))
            {
                Assert.True(TimeProvider.System.GetElapsedTime(began) < Patience, $"{gateway.Id} does not go back to '{rule}'");
                await Task.Delay(100);
            }
        }
    }
}
