using System.Management.Automation;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Maestro.PowerShell.Tests.Cmdlets.Policy;

public sealed class ComparePolicyTests
{
    private const string Drifted = "table inet web {\n\tchain input {\n\t\ttype filter hook input priority 0\n\t\tpolicy drop\n\t\ttcp dport 443 accept\n\t\ttcp dport 4444 accept\n\t}\n}\n";

    [Fact]
    public void Members_that_hold_what_they_should_are_not_written()
    {
        using var web = new PolicyFile();
        using var console = LabConsole.WithGroup(3);
        console.Run("$null = Sync-Policy dmz -Path $args[0]", web.Path).MustSucceed();
        Assert.Empty(console.Run("Compare-Policy dmz; Compare-Policy dmz -Unified; Compare-Policy dmz 1_2; Compare-Policy dmz -Path $args[0]", web.Path).MustSucceed().Output);
    }

    [Fact]
    public void A_member_that_was_changed_by_hand_is_told_line_by_line_and_a_sync_heals_it()
    {
        using var lab = DriftedLab();
        using var console = LabConsole.Open(lab.Connect);
        var before = lab.Fingerprint();
        var differences = console.Run("Compare-Policy dmz").MustSucceed().Output;

        var rule = differences.Single(d => d.Text("Actual").Contains("4444", StringComparison.Ordinal));
        Assert.Equal(["dmz", "1_2", "Extra", "inet web input", "tcp dport 4444 accept", ""], new[] { "SecurityGroup", "Member", "Change", "Location", "Actual", "Intended" }.Select(rule.Text));
        Assert.All(differences, d => Assert.Equal("1_2", d.Text("Member")));
        Assert.Empty(console.Run("Compare-Policy dmz 1_1, 1_3").MustSucceed().Output);
        Assert.Equal(before, lab.Fingerprint());

        console.Run("$null = Sync-Policy dmz").MustSucceed();
        Assert.Empty(console.Run("Compare-Policy dmz").MustSucceed().Output);
    }

    [Fact]
    public void Unified_text_is_a_string_to_a_pipeline_and_coloured_only_by_its_view()
    {
        using var lab = DriftedLab();
        using var console = LabConsole.Open(lab.Connect);
        var output = console.Run("Compare-Policy dmz -Unified").MustSucceed().Output;

        var lines = output.Select(o => Assert.IsType<string>(o.BaseObject)).ToList();
        Assert.Matches("^--- dmz #1 [0-9a-f]{8} intended$", lines[0]);
        Assert.Equal("+++ dmz 1_2 actual", lines[1]);
        Assert.StartsWith("@@ -", lines[2], StringComparison.Ordinal);
        Assert.Contains("+\t\ttcp dport 4444 accept", lines);
        Assert.All(output, o => Assert.Equal("Maestro.UnifiedLine", o.TypeNames[0]));
        Assert.All(lines, l => Assert.DoesNotContain('\e', l));
    }

    [Fact]
    public void A_candidate_is_compared_with_the_groups_policy_and_nothing_is_sent()
    {
        using var lab = new KeptLab();
        using var web = new PolicyFile();
        using var candidate = new PolicyFile("table inet web {\n  chain input {\n    type filter hook input priority 0; policy drop;\n    tcp dport 8443 accept\n  }\n}\n");
        using var broken = new PolicyFile("table inet web {\n");
        using var console = LabConsole.WithGroup(2, lab.Connect);
        console.Run("$null = Sync-Policy dmz -Path $args[0]", web.Path).MustSucceed();
        var before = lab.Fingerprint();

        var difference = Assert.Single(console.Run("Compare-Policy dmz -Path $args[0]", candidate.Path).MustSucceed().Output);
        Assert.Equal(["", "Changed", "inet web input", "tcp dport 443 accept", "tcp dport 8443 accept"], new[] { "Member", "Change", "Location", "Intended", "Actual" }.Select(difference.Text));
        Assert.Contains("+++ " + candidate.Path, console.Run("Compare-Policy dmz -Path $args[0] -Unified", candidate.Path).MustSucceed().Output.Select(o => o.ToString()));
        console.Run("Compare-Policy dmz -Path $args[0]", broken.Path).MustFail("PolicyInvalid", ErrorCategory.InvalidData, broken.Path);
        Assert.Equal(before, lab.Fingerprint());
    }

    [Fact]
    public void A_version_is_compared_with_the_one_before_or_with_the_one_named()
    {
        using var console = LabConsole.WithGroup(2);
        foreach (var port in new[] { 1, 2, 3 })
        {
            using var policy = new PolicyFile($"table inet web {{\n  chain input {{\n    tcp dport {port} accept\n  }}\n}}\n");
            console.Run("$null = Sync-Policy dmz -Path $args[0]", policy.Path).MustSucceed();
        }

        Assert.Equal(["tcp dport 2 accept"], console.Run("Compare-Policy dmz -Version 3").MustSucceed().Values("Intended"));
        Assert.Equal(["tcp dport 1 accept"], console.Run("Compare-Policy dmz -Version 3 -ReferenceVersion 1").MustSucceed().Values("Intended"));
        Assert.Empty(console.Run("Compare-Policy dmz -Version 3 -ReferenceVersion 3").MustSucceed().Output);
        console.Run("Compare-Policy dmz -Version 9").MustFail("PolicyVersionNotFound", ErrorCategory.ObjectNotFound, "9");
        console.Run("Compare-Policy dmz -Version 1").MustFail("PolicyVersionNotFound", ErrorCategory.ObjectNotFound, "1");
    }

    [Fact]
    public void A_group_without_a_policy_has_nothing_to_compare_with_and_a_member_that_is_not_there_is_an_error()
    {
        using var web = new PolicyFile();
        using var console = LabConsole.WithGroup(2);
        console.Run("Compare-Policy dmz").MustFail("PolicyNotFound", ErrorCategory.ObjectNotFound, "dmz");
        console.Run("$null = Sync-Policy dmz -Path $args[0]", web.Path).MustSucceed();
        console.Run("Compare-Policy dmz 1_9").MustFail("MemberNotFound", ErrorCategory.ObjectNotFound, "1_9");
        console.Run("Compare-Policy nope").MustFail("GroupNotFound", ErrorCategory.ObjectNotFound, "nope");
    }

    [Fact]
    public void Groups_members_and_reports_can_be_piped_and_each_member_is_told_once()
    {
        using var lab = DriftedLab();
        using var console = LabConsole.Open(lab.Connect);
        var all = console.Run("Compare-Policy dmz").MustSucceed().Output.Count;

        Assert.Equal(all, console.Run("Get-SecurityGroup dmz | Compare-Policy").MustSucceed().Output.Count);
        Assert.Equal(all, console.Run("Get-GroupMember dmz | Compare-Policy").MustSucceed().Output.Count);
        Assert.Empty(console.Run("Get-GroupMember dmz 1_1 | Compare-Policy").MustSucceed().Output);
        Assert.Empty(console.Run("Sync-Policy dmz | Compare-Policy").MustSucceed().Output);
    }

    [Fact]
    public void A_member_that_does_not_answer_is_its_own_error()
    {
        using var lab = DriftedLab();
        var gateway = "";
        using (var first = LabConsole.Open(lab.Connect)) gateway = first.Run("(Get-GroupMember dmz 1_3).Gateway").Output[0].ToString()!;
        lab.TakeOffTheNetwork(gateway);
        using var console = LabConsole.Open(lab.Connect);
        var outcome = console.Run("Compare-Policy dmz");
        outcome.MustFail("MemberUnreachable", ErrorCategory.ConnectionError, "1_3");
        Assert.All(outcome.Values("Member"), m => Assert.Equal("1_2", m));
    }

    /// <summary>Group dmz of three members with a policy; somebody added a rule on 1_2.</summary>
    private static KeptLab DriftedLab()
    {
        var lab = new KeptLab();
        using var web = new PolicyFile();
        using (var first = LabConsole.WithGroup(3, lab.Connect)) first.Run("$null = Sync-Policy dmz -Path $args[0]", web.Path).MustSucceed();
        lab.Edit(world =>
        {
            var fingerprint = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Drifted)));
            world["Contents"]![fingerprint] = Drifted;
            world["Gateways"]!.AsArray().Single(g => (string?)g!["Member"] == "1_2")!["Running"] = new JsonObject { ["Number"] = 1, ["Fingerprint"] = fingerprint };
        });
        return lab;
    }
}
