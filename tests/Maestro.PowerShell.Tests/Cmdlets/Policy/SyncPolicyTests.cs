using System.Management.Automation;

namespace Maestro.PowerShell.Tests.Cmdlets.Policy;

public sealed class SyncPolicyTests
{
    [Fact]
    public void All_members_get_one_policy_and_the_report_is_written()
    {
        using var policy = new PolicyFile();
        using var console = LabConsole.WithGroup(4);
        var report = Assert.Single(console.Run("Sync-Policy dmz -Path $args[0] -Message 'first policy'", policy.Path).MustSucceed().Output);

        Assert.Equal(["dmz", "Confirmed", "1"], new[] { "SecurityGroup", "Outcome", "Version" }.Select(report.Text));
        Assert.Equal(["Confirmed", "Confirmed", "Confirmed", "Confirmed"], report.List("Member").Select(m => m.Text("Outcome")));
        Assert.Equal(["1", "1", "1", "1"], console.Run("Get-GroupMember dmz").Values("PolicyVersion"));
        Assert.Equal(["SyncPolicy"], console.Run("Get-MaestroOperation $args[0]", report.Text("Id")).Values("Kind"));
    }

    [Fact]
    public void A_second_run_sends_and_writes_nothing_and_says_unchanged()
    {
        using var lab = new KeptLab();
        using var policy = new PolicyFile();
        using var console = LabConsole.WithGroup(3, lab.Connect);
        console.Run("$null = Sync-Policy dmz -Path $args[0]", policy.Path).MustSucceed();
        var before = lab.Fingerprint();

        Assert.Equal(["Unchanged"], console.Run("Sync-Policy dmz -Path $args[0]", policy.Path).MustSucceed().Values("Outcome"));
        Assert.Equal(["Unchanged"], console.Run("Get-SecurityGroup dmz | Sync-Policy").MustSucceed().Values("Outcome"));
        Assert.Equal(["Unchanged"], console.Run("Sync-Policy dmz -NoWait").MustSucceed().Values("Outcome"));
        Assert.Equal(before, lab.Fingerprint());
    }

    [Fact]
    public void A_script_that_is_not_content_takes_all_back_and_one_that_is_lets_it_be_decided()
    {
        using var policy = new PolicyFile();
        using var console = LabConsole.WithGroup(3);
        var refused = console.Run("$known = 1; Sync-Policy dmz -Path $args[0] -Probe { $null -ne $known }", policy.Path);
        refused.MustFail("ProbeFailed", ErrorCategory.InvalidOperation, "dmz");
        Assert.Contains("the script ended with false", Assert.Single(refused.Errors).ToString());
        var down = console.Run("Sync-Policy dmz -Path $args[0] -Probe 'exec:true', { throw 'down' }", policy.Path);
        Assert.Contains("the script failed: down", Assert.Single(down.Errors).ToString());
        Assert.Equal(["Reverted"], down.Values("Outcome"));
        Assert.Equal(["", "", ""], console.Run("Get-GroupMember dmz").Values("PolicyVersion"));
        Assert.Equal(["Confirmed"], console.Run("Sync-Policy dmz -Path $args[0] -Mode BestEffort -Probe 'exec:true', { $null -eq $known }", policy.Path).MustSucceed().Values("Outcome"));
    }

    [Fact]
    public void Who_is_left_behind_is_named_by_every_cmdlet_on_the_group_until_it_is_settled()
    {
        using var lab = new KeptLab();
        using var policy = new PolicyFile();
        string gateway;
        using (var before = LabConsole.WithGroup(4, lab.Connect))
        {
            before.Run("$null = Sync-Policy dmz -Path $args[0]", policy.Path).MustSucceed();
            gateway = before.Run("Get-GroupMember dmz 1_3").Values("Gateway")[0];
        }

        lab.TakeOffTheNetwork(gateway);
        using var next = new PolicyFile("table inet next { }\n");
        using var console = LabConsole.Open(lab.Connect);
        var sync = console.Run("Sync-Policy dmz -Path $args[0] -Mode RequireQuorum", next.Path).MustSucceed();
        Assert.Equal(["Partial"], sync.Values("Outcome"));
        Assert.Contains(sync.Warnings, w => w.Contains("left behind: 1_3", StringComparison.Ordinal));

        foreach (var line in new[] { "Get-GroupMember dmz", "Get-SecurityGroup", "Get-PolicyVersion dmz", "Test-SecurityGroup dmz", "Suspend-GroupMember dmz 1_2 -WhatIf" })
        {
            Assert.Contains(console.Run(line).Warnings, w => w.StartsWith("'dmz' is unsettled: 1_3 (SyncPolicy ", StringComparison.Ordinal));
        }

        Assert.Contains("1_3", console.Run("Get-SecurityGroup dmz").Values("Hold")[0]);
        Assert.DoesNotContain(console.Run("Get-Orchestrator").Warnings, w => w.Contains("unsettled", StringComparison.Ordinal));
    }

    [Fact]
    public void A_text_that_is_no_probe_is_refused_before_anything_is_sent()
    {
        using var policy = new PolicyFile();
        using var console = LabConsole.WithGroup(2);
        console.Run("Sync-Policy dmz -Path $args[0] -Probe 'shop.example:443'", policy.Path).MustFail("ParameterInvalid", ErrorCategory.InvalidArgument, "Probe");
        Assert.Empty(console.Run("Get-MaestroOperation -Kind SyncPolicy").Output);
    }

    [Fact]
    public void Two_groups_are_two_runs_and_an_unknown_one_is_its_own_error()
    {
        using var policy = new PolicyFile();
        using var console = LabConsole.WithGroup(2);
        console.Run("(Get-Gateway -Unassigned)[0..1] | New-SecurityGroup edge").MustSucceed();
        var outcome = console.Run("'dmz', 'nope', 'edge', 'dmz' | Sync-Policy -Path $args[0]", policy.Path);

        outcome.MustFail("GroupNotFound", ErrorCategory.ObjectNotFound, "nope");
        Assert.Equal(["dmz", "edge"], outcome.Values("SecurityGroup"));
        Assert.Equal(2, console.Run("Get-MaestroOperation -Kind SyncPolicy").Output.Count);
    }

    [Fact]
    public void Each_row_of_a_file_brings_its_own_policy_and_two_for_one_group_are_refused_before_anything_is_sent()
    {
        using var web = new PolicyFile();
        using var other = new PolicyFile("table inet other { }\n");
        using var console = LabConsole.WithGroup(2);
        console.Run("(Get-Gateway -Unassigned)[0..1] | New-SecurityGroup edge; $rows = [pscustomobject]@{ SecurityGroup = 'dmz'; Path = $args[0] }, [pscustomobject]@{ SecurityGroup = 'edge'; Path = $args[1] }", web.Path, other.Path).MustSucceed();

        var conflict = console.Run("$rows + [pscustomobject]@{ SecurityGroup = 'dmz'; Path = $rows[1].Path } | Sync-Policy");
        conflict.MustFail("ParameterInvalid", ErrorCategory.InvalidArgument, "dmz");
        Assert.Empty(console.Run("Get-MaestroOperation -Kind SyncPolicy").Output);

        var reports = console.Run("$rows | Sync-Policy").MustSucceed();
        Assert.Equal(2, reports.Values("Fingerprint").Distinct().Count());
    }

    [Fact]
    public void A_policy_that_does_not_parse_is_refused_with_line_and_column()
    {
        using var lab = new KeptLab();
        using var policy = new PolicyFile("table inet web {\n  chain input {\n    tcp dport 443 accept\n");
        using var console = LabConsole.WithGroup(2, lab.Connect);
        var before = lab.Fingerprint();
        var error = console.Run("Sync-Policy dmz -Path $args[0]", policy.Path).MustFail("PolicyInvalid", ErrorCategory.InvalidData, policy.Path);

        Assert.Matches(@"web\.nft:\d+:\d+", error.ErrorDetails.Message);
        Assert.Equal(before, lab.Fingerprint());
    }

    [Fact]
    public void A_policy_of_rules_in_JSON_is_synced_and_its_faults_are_told_with_line_and_column()
    {
        using var folder = new PolicyFile();
        var good = folder.Path + ".json";
        var bad = folder.Path + ".bad.json";
        File.WriteAllText(good, """{ "version": 1, "rules": [ { "name": "web", "service": "tcp/443", "action": "accept" } ] }""");
        File.WriteAllText(bad, "{ \"version\": 1,\n  \"rules\": [ { \"name\": \"web\", \"servise\": \"tcp/443\", \"action\": \"allow\" } ] }");
        using var console = LabConsole.WithGroup(2);

        Assert.Equal(["Confirmed"], console.Run("Sync-Policy dmz -Path $args[0]", good).MustSucceed().Values("Outcome"));
        Assert.Equal([good], console.Run("Get-PolicyVersion dmz").Values("Source"));
        var error = console.Run("Sync-Policy dmz -Path $args[0]", bad).MustFail("PolicyInvalid", ErrorCategory.InvalidData, bad);
        Assert.Contains($"{bad}:2:31: unknown key 'servise'; did you mean 'service'?", error.ErrorDetails.Message, StringComparison.Ordinal);
        Assert.Contains($"{bad}:2:63: 'action' may be accept, drop, reject", error.ErrorDetails.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_policy_there_is_nothing_to_heal_to()
    {
        using var console = LabConsole.WithGroup(2);
        console.Run("Sync-Policy dmz").MustFail("PolicyNotFound", ErrorCategory.ObjectNotFound, "dmz");
        Assert.Equal(["Maestro.PolicyNotFound"], console.Run("Sync-Policy dmz -Path ./no-such.nft").ErrorIds);
    }

    [Fact]
    public void A_member_that_drifted_is_healed()
    {
        using var lab = new KeptLab();
        using var policy = new PolicyFile();
        using (var first = LabConsole.WithGroup(3, lab.Connect)) first.Run("$null = Sync-Policy dmz -Path $args[0]", policy.Path).MustSucceed();
        lab.Edit(world => world["Gateways"]!.AsArray().Single(g => (string?)g!["Member"] == "1_2")!["Running"] = null);

        using var console = LabConsole.Open(lab.Connect);
        var report = Assert.Single(console.Run("Sync-Policy dmz").MustSucceed().Output);
        Assert.Equal(["Unchanged", "Confirmed", "Unchanged"], report.List("Member").Select(m => m.Text("Outcome")));
    }

    [Fact]
    public void A_member_that_does_not_answer_stops_it_before_anything_is_sent()
    {
        using var lab = new KeptLab();
        using var policy = new PolicyFile();
        var id = "";
        using (var first = LabConsole.WithGroup(3, lab.Connect)) id = first.Run("(Get-GroupMember dmz 1_2).Gateway").Output[0].ToString()!;
        lab.TakeOffTheNetwork(id);

        using var console = LabConsole.Open(lab.Connect);
        var before = lab.Fingerprint();
        console.Run("Sync-Policy dmz -Path $args[0]", policy.Path).MustFail("MemberUnreachable", ErrorCategory.ConnectionError, "1_2");
        Assert.Equal(before, lab.Fingerprint());
    }

    [Fact]
    public void A_failed_run_writes_its_report_and_its_error()
    {
        using var policy = new PolicyFile();
        using var console = LabConsole.WithGroup(3);
        var outcome = console.Run("Sync-Policy dmz -Path $args[0] -Timeout 1", policy.Path);

        outcome.MustFail("TimedOut", ErrorCategory.OperationTimeout, "dmz");
        Assert.Equal(["Reverted"], outcome.Values("Outcome"));
        Assert.Equal(["Paused"], console.Run("Get-MaestroOperation -Newest 1").Values("State"));
    }

    /// <summary>With an alias Name, Get-Item x | Sync-Policy would take the file's name for the group.</summary>
    [Fact]
    public void A_piped_file_is_the_policy_and_never_the_group()
    {
        using var policy = new PolicyFile();
        using var console = LabConsole.WithGroup(2);
        const string File = "$file = [System.IO.FileInfo]$args[0]; $file.PSObject.Properties.Add([psnoteproperty]::new('PSPath', \"Microsoft.PowerShell.Core\\FileSystem::$($args[0])\")); $file";

        Assert.Equal(["dmz"], console.Run(File + " | Sync-Policy dmz", policy.Path).MustSucceed().Values("SecurityGroup"));
        Assert.NotEmpty(console.Run("[pscustomobject]@{ Name = 'dmz' } | Sync-Policy -Path $args[0]", policy.Path).Errors);
        Assert.Single(console.Run("Get-MaestroOperation -Kind SyncPolicy").Output);
    }
}
