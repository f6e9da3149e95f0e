using Maestro.Engine.Clustering.Membership;
using Maestro.Engine.Model.Errors;
using Maestro.Engine.Model.Groups;
using Maestro.Engine.Model.Operations;
using Maestro.Engine.Model.Policy;
using Maestro.Testbeds;

namespace Maestro.Engine.Tests.Fabrics.Linux;

/// <summary>The product's main job on real hosts: sshd, nftables, packets.</summary>
public sealed class LinuxRunTests
{
    [TestbedFact]
    public async Task Eight_hosts_become_a_group_get_a_policy_and_the_second_run_writes_nothing()
    {
        await using var bed = await Testbed.StartAsync(new TestbedOptions { Gateways = 8 });
        await using var session = LinuxSession.Open(bed, account: TestbedAccount.Sudo);
        await session.MakeGroupAsync(bed);
        var sync = await session.SyncAsync(LinuxSession.Forbidding(81));
        Assert.True(sync.Failure is null, sync.Failure?.Message);

        var members = await session.MembersAsync();
        Assert.Equal(8, members.Count);
        Assert.All(members, m => Assert.Equal(MemberState.Active, m.State));
        Assert.All(members, m => Assert.Equal(sync.Plan.Attributes["fingerprint"], m.PolicyFingerprint));
        // Seen by others than us: a separate nft, and packets.
        foreach (var gateway in bed.Gateways) Assert.Contains("tcp dport 81 drop", await bed.NftListAsync(gateway, "list", "ruleset"));
        Assert.True((await bed.SendTcpAsync(bed.Gateways[0], 80)).Passed);
        Assert.True((await bed.SendTcpAsync(bed.Gateways[0], 81)).Dropped);

        var writes = session.Wire.Writes;
        var add = await session.RunAsync(new AddMembersChange { Group = "dmz", Gateways = [.. bed.Gateways.Select(g => g.Id)] });
        var again = await session.SyncAsync(LinuxSession.Forbidding(81));
        Assert.Null(add.Operation);
        Assert.Null(again.Operation);
        Assert.Equal(SyncOutcome.Unchanged, session.Host.ReportSync(again, members).Outcome);
        Assert.Equal(writes, session.Wire.Writes);
    }

    [TestbedFact]
    public async Task A_liar_that_says_yes_and_does_nothing_is_found_out_and_the_others_go_back()
    {
        await using var bed = await Testbed.StartAsync(new TestbedOptions { Gateways = 3 });
        await using var session = LinuxSession.Open(bed);
        await session.MakeGroupAsync(bed);
        Assert.Null((await session.SyncAsync(LinuxSession.Forbidding(81))).Failure);

        // Loads nothing from now on, and says so to nobody. Listing stays honest.
        Testbed.SetNftWrapper(bed.Gateways[1], """
            #!/bin/sh
            case " $* " in *" -f "*) cat >/dev/null 2>&1 <&0 & exit 0;; esac
            exec /usr/sbin/nft "$@"
            """);
        var sync = await session.SyncAsync(LinuxSession.Forbidding(82));

        Assert.NotNull(sync.Failure);
        var report = session.Host.ReportSync(sync, []);
        Assert.NotEqual(SyncOutcome.Confirmed, report.Outcome);
        foreach (var gateway in bed.Gateways)
        {
            var rules = await bed.NftListAsync(gateway, "list", "ruleset");
            Assert.Contains("tcp dport 81 drop", rules);
            Assert.DoesNotContain("tcp dport 82 drop", rules);
        }
    }

    [TestbedFact]
    public async Task Members_whose_nft_speaks_another_dialect_are_each_proven_in_their_own()
    {
        await using var bed = await Testbed.StartAsync(new TestbedOptions { Gateways = 2 });
        Testbed.SetNftWrapper(bed.Gateways[0], """
            #!/bin/sh
            case "$1" in --version) echo "nftables v1.1.9 (Other Dialect)"; exit 0;; esac
            /usr/sbin/nft "$@" >/tmp/dialect.$$; status=$?
            sed 's/policy accept/policy  accept #allowed/; s/tcp dport 81 drop/meta l4proto tcp th dport 81 drop/' /tmp/dialect.$$; rm -f /tmp/dialect.$$
            exit $status
            """);
        await using var session = LinuxSession.Open(bed);
        await session.MakeGroupAsync(bed);
        var sync = await session.SyncAsync(LinuxSession.Forbidding(81));
        Assert.True(sync.Failure is null, sync.Failure?.Message);
        var members = await session.MembersAsync();
        Assert.Single(members.Select(m => m.PolicyFingerprint).Distinct());
        Assert.All(members, m => Assert.NotEqual("", m.PolicyFingerprint));
        Assert.Contains("th dport 81", (await bed.RunInsideAsync(bed.Gateways[0], "/usr/local/sbin/nft list table inet web")).Output);
    }

    [TestbedFact]
    public async Task What_traffic_put_into_a_dynamic_set_lives_through_the_next_policy_and_does_not_disturb_the_proof()
    {
        const string learning = """
            set seen { type ipv4_addr; flags dynamic,timeout; timeout 10m; }
            set fixed { type ipv4_addr; elements = { 192.0.2.1 } }
            chain learn { type filter hook forward priority -10; ip saddr 0.0.0.0/0 update @seen { ip saddr }; }
            """;
        await using var bed = await Testbed.StartAsync(new TestbedOptions { Gateways = 1 });
        await using var session = LinuxSession.Open(bed);
        await session.MakeGroupAsync(bed);
        var first = await session.SyncAsync(LinuxSession.Forbidding(81, learning));
        Assert.True(first.Failure is null, first.Failure?.Message);
        Assert.True((await bed.SendTcpAsync(bed.Gateways[0], 80)).Passed);
        var client = bed.Gateways[0].ClientAddress.ToString();
        Assert.Contains(client, await bed.NftListAsync(bed.Gateways[0], "list", "set", "inet", "web", "seen"));
        Assert.Equal(first.Plan.Attributes["fingerprint"], (await session.MembersAsync())[0].PolicyFingerprint);

        var second = await session.SyncAsync(LinuxSession.Forbidding(82, learning));

        Assert.True(second.Failure is null, second.Failure?.Message);
        Assert.Contains(client, await bed.NftListAsync(bed.Gateways[0], "list", "set", "inet", "web", "seen"));
        Assert.Contains("tcp dport 82 drop", await bed.NftListAsync(bed.Gateways[0], "list", "ruleset"));
    }

    [TestbedFact]
    public async Task A_named_quota_goes_on_counting_where_it_was()
    {
        const string quota = "quota allowance { over 10 mbytes }";
        await using var bed = await Testbed.StartAsync(new TestbedOptions { Gateways = 1 });
        await using var session = LinuxSession.Open(bed);
        await session.MakeGroupAsync(bed);
        string Policy(int port) => $$"""
            table inet web {
                {{quota}}
                chain forward { type filter hook forward priority 0; quota name "allowance" drop; tcp dport {{port}} drop; }
            }
            """;
        var first = await session.SyncAsync(Policy(81));
        Assert.True(first.Failure is null, first.Failure?.Message);
        Assert.True((await bed.SendTcpAsync(bed.Gateways[0], 80)).Passed);
        var used = await bed.NftListAsync(bed.Gateways[0], "list", "quota", "inet", "web", "allowance");
        Assert.Matches(@"used [1-9]\d* bytes", used);
        var second = await session.SyncAsync(Policy(82));
        Assert.True(second.Failure is null, second.Failure?.Message);
        Assert.Equal(used, await bed.NftListAsync(bed.Gateways[0], "list", "quota", "inet", "web", "allowance"));
    }

    [TestbedFact]
    public async Task Power_off_and_on_brings_the_confirmed_policy_back_before_the_host_is_reached()
    {
        await using var bed = await Testbed.StartAsync(new TestbedOptions { Gateways = 2 });
        await using var session = LinuxSession.Open(bed);
        await session.MakeGroupAsync(bed);
        Assert.Null((await session.SyncAsync(LinuxSession.Forbidding(81))).Failure);
        await bed.PowerCycleAsync(bed.Gateways[0]);
        Assert.Contains("tcp dport 81 drop", await bed.NftListAsync(bed.Gateways[0], "list", "ruleset"));
        Assert.DoesNotContain("maestro_initial", await bed.NftListAsync(bed.Gateways[0], "list", "ruleset"));
        var member = (await session.MembersAsync())[0];
        Assert.Equal(1, member.PolicyVersion);
        Assert.NotEqual("", member.PolicyFingerprint);
        Assert.True((await bed.SendTcpAsync(bed.Gateways[0], 81)).Dropped);
    }

    [TestbedFact]
    public async Task A_member_without_a_policy_comes_up_closed()
    {
        await using var bed = await Testbed.StartAsync(new TestbedOptions { Gateways = 1 });
        await using var session = LinuxSession.Open(bed);
        await session.MakeGroupAsync(bed);
        Assert.True((await bed.SendTcpAsync(bed.Gateways[0], 80)).Dropped);
        await bed.PowerCycleAsync(bed.Gateways[0]);
        Assert.True((await bed.SendTcpAsync(bed.Gateways[0], 80)).Dropped);
        Assert.Single(await session.MembersAsync());
    }

    [TestbedFact]
    public async Task Leaving_takes_away_all_that_was_placed_and_leaves_the_initial_policy()
    {
        await using var bed = await Testbed.StartAsync(new TestbedOptions { Gateways = 3 });
        await using var session = LinuxSession.Open(bed);
        await session.MakeGroupAsync(bed);
        Assert.Null((await session.SyncAsync(LinuxSession.Forbidding(81))).Failure);
        var result = await session.RunAsync(new RemoveMembersChange { Group = "dmz", Members = ["1_2"] });
        Assert.True(result.Failure is null, result.Failure?.Message);

        var left = bed.Gateways[1];
        var rules = await bed.NftListAsync(left, "list", "ruleset");
        Assert.DoesNotContain("table inet web", rules);
        Assert.DoesNotContain("table inet maestro {", rules);
        Assert.Contains("table inet maestro_initial", rules);
        Assert.Equal(["epoch", "lock"], Directory.GetFileSystemEntries(left.DataDirectory).Select(Path.GetFileName).Order());
        Assert.Contains(result.Operation!.Step, s => s.Evidence.Contains("fw-a2: removed", StringComparison.Ordinal) && s.Evidence.Contains("initial policy", StringComparison.Ordinal));
        Assert.Equal(2, (await session.MembersAsync()).Count);
    }

    [TestbedFact]
    public async Task A_joiner_has_the_groups_policy_when_it_becomes_active_and_a_new_store_reads_it_from_the_members()
    {
        await using var bed = await Testbed.StartAsync(new TestbedOptions { Gateways = 3 });
        await using (var session = LinuxSession.Open(bed))
        {
            Assert.Null((await session.RunAsync(new NewGroupChange { Name = "dmz", Gateways = ["fw-a1", "fw-a2"] })).Failure);
            Assert.Null((await session.SyncAsync(LinuxSession.Forbidding(81))).Failure);
        }

        await using var other = LinuxSession.Open(bed, store: "b");
        var add = await other.RunAsync(new AddMembersChange { Group = "dmz", Gateways = ["fw-a3"] });
        Assert.True(add.Failure is null, add.Failure?.Message);
        Assert.Contains("tcp dport 81 drop", await bed.NftListAsync(bed["fw-a3"], "list", "ruleset"));
        Assert.All(await other.MembersAsync(), m => Assert.Equal(1, m.PolicyVersion));
    }

    [TestbedFact]
    public async Task A_rule_that_a_members_nft_refuses_is_told_in_the_authors_own_file_and_no_kernel_changes()
    {
        await using var bed = await Testbed.StartAsync(new TestbedOptions { Gateways = 2 });
        await using var session = LinuxSession.Open(bed);
        await session.MakeGroupAsync(bed);
        var sync = await session.SyncAsync("""
            # a comment
            table inet web {
                chain forward {
                    type filter hook forward priority 0; policy accept;
                    tcp dprot 81 drop
                }
            }
            """);
        Assert.Equal(ErrorCatalogue.PolicyRefused, sync.Failure!.Code);
        Assert.Matches(@":5:\d+: ", sync.Failure.Message);
        foreach (var gateway in bed.Gateways) Assert.DoesNotContain("table inet web", await bed.NftListAsync(gateway, "list", "ruleset"));
        Assert.Empty(Directory.GetFileSystemEntries(Path.Combine(bed.Gateways[0].DataDirectory, "generations")));
    }

    [TestbedFact]
    public async Task A_table_that_exists_and_is_not_ours_is_left_alone()
    {
        await using var bed = await Testbed.StartAsync(new TestbedOptions { Gateways = 2 });
        await using var session = LinuxSession.Open(bed);
        await session.MakeGroupAsync(bed);
        await bed.NftLoadAsync(bed.Gateways[1], "table inet web { set theirs { type ipv4_addr; }; }");
        await bed.NftLoadAsync(bed.Gateways[1], "table inet other { set theirs { type ipv4_addr; }; }");
        var sync = await session.SyncAsync("flush ruleset\n" + LinuxSession.Forbidding(81));
        Assert.Equal(ErrorCatalogue.PolicyTableForeign, sync.Failure!.Code);
        var rules = await bed.NftListAsync(bed.Gateways[1], "list", "ruleset");
        Assert.Contains("set theirs", rules);
        Assert.Contains("table inet other", rules);
        Assert.DoesNotContain("table inet web", await bed.NftListAsync(bed.Gateways[0], "list", "ruleset"));
    }

    [TestbedFact]
    public async Task A_hand_made_rule_is_seen_as_drift_and_healed_on_that_member_only()
    {
        await using var bed = await Testbed.StartAsync(new TestbedOptions { Gateways = 3 });
        await using var session = LinuxSession.Open(bed);
        await session.MakeGroupAsync(bed);
        Assert.Null((await session.SyncAsync(LinuxSession.Forbidding(81))).Failure);
        await bed.NftLoadAsync(bed.Gateways[1], "add rule inet web forward tcp dport 82 drop");
        var drifted = (await session.MembersAsync()).Single(m => m.PolicyFingerprint.Length == 0);
        Assert.Equal("1_2", drifted.Member);

        var heal = await session.RunAsync(new Engine.Synchronisation.Policy.SyncPolicyChange { Group = "dmz" });

        Assert.True(heal.Failure is null, heal.Failure?.Message);
        Assert.Equal(["1_2"], heal.Plan.AllSteps.Select(s => s.Member).Where(m => m.Length > 0).Distinct());
        Assert.DoesNotContain("tcp dport 82", await bed.NftListAsync(bed.Gateways[1], "list", "ruleset"));
    }

    [TestbedFact]
    public async Task One_member_without_power_means_that_nothing_is_sent_to_any()
    {
        await using var bed = await Testbed.StartAsync(new TestbedOptions { Gateways = 3 });
        await using var session = LinuxSession.Open(bed);
        await session.MakeGroupAsync(bed);
        await bed.PowerOffAsync(bed.Gateways[2]);
        var refusal = await Assert.ThrowsAsync<MaestroException>(() => session.SyncAsync(LinuxSession.Forbidding(81)));
        Assert.Equal(ErrorCatalogue.MemberUnreachable, refusal.Code);
        Assert.Equal("1_3", refusal.Target);
        Assert.Equal(MemberState.Lost, (await session.MembersAsync())[2].State);
    }
}
