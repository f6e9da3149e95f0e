using Maestro.Engine.Model.Errors;
using Maestro.Engine.Model.Policy;
using Maestro.Testbeds;

namespace Maestro.Engine.Tests.Fabrics.Linux;

/// <summary>What somebody changes by hand on one host is found there, in the words of its own nft.</summary>
public sealed class LinuxDriftTests
{
    // Counters and a dynamic set: what traffic moves is no drift.
    private const string Moving = "set seen { type ipv4_addr; flags dynamic,timeout; timeout 1m; }\n    counter hits { }";

    [TestbedFact]
    public async Task A_hand_made_rule_on_one_member_is_found_with_its_line_and_nothing_else_is_told()
    {
        await using var bed = await Testbed.StartAsync(new TestbedOptions { Gateways = 3 });
        await using var session = LinuxSession.Open(bed, account: TestbedAccount.Sudo);
        await session.MakeGroupAsync(bed);
        Assert.Null((await session.SyncAsync(LinuxSession.Forbidding(81, Moving))).Failure);
        Assert.Empty(await session.Host.ComparePolicyAsync("dmz", [], default));

        await bed.RunInsideAsync(bed.Gateways[1], "nft add rule inet web forward tcp dport 4444 accept; nft add element inet web seen '{ 192.0.2.7 }'");
        var writes = session.Wire.Writes;
        var comparison = Assert.Single(await session.Host.ComparePolicyAsync("dmz", [], default));
        Assert.Equal(writes, session.Wire.Writes);

        var listed = (await bed.NftListAsync(bed.Gateways[1], "-s", "list", "table", "inet", "web")).Split('\n').ToList();
        var difference = Assert.Single(comparison.Difference);
        Assert.Equal(("1_2", PolicyChange.Extra, "inet web forward", "tcp dport 4444 accept", null, null), (difference.Member, difference.Change, difference.Location, difference.Actual, difference.Intended, difference.Confirmed));
        // nft's listing there has one line more than what is compared: the elements that traffic put in.
        Assert.Equal(listed.FindIndex(l => l.Contains("4444", StringComparison.Ordinal)), difference.Line);
        Assert.Contains("\n+\t\ttcp dport 4444 accept\n", Assert.Single(comparison.Unified), StringComparison.Ordinal);
        Assert.Equal("", (await bed.RunInsideAsync(bed.Gateways[1], "ls -d /tmp/tmp.* 2>/dev/null || true")).Output);
    }

    [TestbedFact]
    public async Task Rules_that_were_removed_changed_or_moved_and_tables_that_are_gone_are_told_for_each_member_and_healed()
    {
        await using var bed = await Testbed.StartAsync(new TestbedOptions { Gateways = 4 });
        await using var session = LinuxSession.Open(bed);
        await session.MakeGroupAsync(bed);
        Assert.Null((await session.SyncAsync(LinuxSession.Forbidding(81))).Failure);
        await bed.RunInsideAsync(bed.Gateways[0], "nft flush chain inet web forward");
        await bed.RunInsideAsync(bed.Gateways[1], "nft flush chain inet web forward; nft add rule inet web forward tcp dport 82 drop");
        await bed.RunInsideAsync(bed.Gateways[2], "nft flush ruleset");

        var drift = await session.Host.ComparePolicyAsync("dmz", [], default);
        Assert.Equal(["1_1", "1_2", "1_3"], drift.Select(d => d.Member));
        Assert.Equal([(PolicyChange.Missing, "tcp dport 81 drop")], drift[0].Difference.Select(d => (d.Change, d.Intended)));
        Assert.Equal([(PolicyChange.Changed, "tcp dport 81 drop", "tcp dport 82 drop")], drift[1].Difference.Select(d => (d.Change, d.Intended, d.Actual)));
        Assert.Contains(drift[2].Difference, d => d is { Change: PolicyChange.Missing, Intended: "table inet web {" });
        Assert.Contains(drift[2].Difference, d => d is { Change: PolicyChange.Missing, Location: "generation" });
        Assert.Equal(["1_2"], (await session.Host.ComparePolicyAsync("dmz", ["1_2", "1_4"], default)).Select(d => d.Member));

        var heal = await session.RunAsync(new Engine.Synchronisation.Policy.SyncPolicyChange { Group = "dmz" });
        Assert.True(heal.Failure is null, heal.Failure?.Message);
        Assert.Empty(await session.Host.ComparePolicyAsync("dmz", [], default));
    }

    [TestbedFact]
    public async Task A_member_that_does_not_answer_is_named_and_the_others_are_compared()
    {
        await using var bed = await Testbed.StartAsync(new TestbedOptions { Gateways = 3 });
        await using var session = LinuxSession.Open(bed);
        await session.MakeGroupAsync(bed);
        Assert.Null((await session.SyncAsync(LinuxSession.Forbidding(81))).Failure);
        await bed.RunInsideAsync(bed.Gateways[1], "nft flush chain inet web forward");
        await bed.CutNetworkAsync(bed.Gateways[2]);

        var drift = await session.Host.ComparePolicyAsync("dmz", [], default);
        Assert.Equal([("1_2", null), ("1_3", ErrorCatalogue.MemberUnreachable)], drift.Select(d => (d.Member, d.Failure?.Code)));
    }
}
