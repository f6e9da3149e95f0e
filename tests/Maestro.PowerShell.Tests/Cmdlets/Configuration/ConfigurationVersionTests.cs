using System.Management.Automation;

namespace Maestro.PowerShell.Tests.Cmdlets.Configuration;

/// <summary>Get-ConfigurationVersion, Restore-Configuration and Compare-Configuration: what a group had, has, and should have.</summary>
public sealed class ConfigurationVersionTests
{
    [Fact]
    public void Versions_are_listed_newest_first_and_the_one_before_comes_back_as_a_new_one()
    {
        using var console = WithVersions(2);
        var report = Assert.Single(console.Run("Restore-Configuration dmz -Force -Message INC7712").MustSucceed().Output);
        Assert.Equal(["Confirmed", "3", "2"], new[] { "Outcome", "Version", "PreviousVersion" }.Select(report.Text));

        var versions = console.Run("Get-ConfigurationVersion dmz").MustSucceed();
        Assert.Equal(["3", "2", "1"], versions.Values("Version"));
        Assert.Equal(["Confirmed", "Superseded", "Superseded"], versions.Values("State"));
        Assert.Equal(versions.Output[2].Text("Fingerprint"), versions.Output[0].Text("Fingerprint"));
        Assert.StartsWith("version 1: ", versions.Output[0].Text("Source"), StringComparison.Ordinal);
        Assert.Equal(["3"], console.Run("Get-ConfigurationVersion dmz -Newest 1").Values("Version"));
        console.Run("Get-ConfigurationVersion dmz -Version 9").MustFail("ConfigurationVersionNotFound", ErrorCategory.ObjectNotFound, "9");

        var again = console.Run("Restore-Configuration dmz -Force").MustSucceed();
        Assert.Equal(["Unchanged"], again.Values("Outcome"));
        Assert.Single(again.Warnings);
        Assert.Equal(["Confirmed"], console.Run("Get-ConfigurationVersion dmz -Version 2 | Restore-Configuration -Force").MustSucceed().Values("Outcome"));
    }

    [Fact]
    public void Nothing_that_a_pipeline_carries_by_chance_restores_a_configuration()
    {
        using var policy = new PolicyFile();
        using var console = WithVersions(2);
        console.Run("$null = Sync-Policy dmz -Path $args[0]", policy.Path).MustSucceed();
        foreach (var source in new[] { "Sync-Configuration dmz", "Get-GroupMember dmz", "Get-PolicyVersion dmz", "Compare-Configuration dmz -Version 2" })
        {
            var outcome = console.Run(source + " | Restore-Configuration -Force");
            Assert.NotEmpty(outcome.Errors);
            Assert.Empty(outcome.Output);
        }

        Assert.NotEmpty(console.Run("Get-ConfigurationVersion dmz -Version 1 | Restore-Policy -Force").Errors);
    }

    [Fact]
    public void A_version_and_a_candidate_are_compared_item_by_item_and_as_text()
    {
        using var candidate = new ConfigurationFile("""{ "version": 1, "sysctl": { "net.ipv4.ip_forward": 2 }, "hostname": "gw" }""");
        using var console = WithVersions(2);
        var version = Assert.Single(console.Run("Compare-Configuration dmz -Version 2").MustSucceed().Output);
        Assert.Equal(["", "Changed", "sysctl net.ipv4.ip_forward", "1", "2"], new[] { "Member", "Change", "Item", "Intended", "Actual" }.Select(version.Text));
        var differences = console.Run("Compare-Configuration dmz -Path $args[0]", candidate.Path).MustSucceed();
        Assert.Equal([("Missing", "file /etc/motd"), ("Extra", "hostname")], differences.Output.Select(d => (d.Text("Change"), d.Text("Item"))));
        Assert.Contains("+  \"hostname\": \"gw\",", console.Run("Compare-Configuration dmz -Path $args[0] -Unified", candidate.Path).MustSucceed().Output.Select(o => o.ToString()));
        console.Run("Compare-Configuration dmz -Version 1").MustFail("ConfigurationVersionNotFound", ErrorCategory.ObjectNotFound, "1");
    }

    [Fact]
    public void A_member_that_was_changed_by_hand_is_told_item_by_item_and_a_sync_heals_only_it()
    {
        using var lab = new KeptLab();
        using (WithVersions(1, lab.Connect))
        {
        }

        lab.Edit(world =>
        {
            var items = world["Gateways"]!.AsArray().Single(g => (string?)g!["Member"] == "1_1")!["Items"]!.AsObject();
            items["sysctl net.ipv4.ip_forward"] = "7";
            items.Remove("file /etc/motd");
        });
        using var console = LabConsole.Open(lab.Connect);
        var before = lab.Fingerprint();
        var differences = console.Run("Compare-Configuration dmz").MustSucceed();
        Assert.Equal([("1_1", "Missing", "file /etc/motd"), ("1_1", "Changed", "sysctl net.ipv4.ip_forward")], differences.Output.Select(d => (d.Text("Member"), d.Text("Change"), d.Text("Item"))));
        Assert.Equal("7", differences.Output[1].Text("Actual"));
        Assert.Empty(console.Run("Compare-Configuration dmz 1_2, 1_3").MustSucceed().Output);
        Assert.Equal(before, lab.Fingerprint());

        var report = Assert.Single(console.Run("Sync-Configuration dmz").MustSucceed().Output);
        Assert.Equal([("1_1", "Confirmed"), ("1_2", "Unchanged"), ("1_3", "Unchanged")], report.List("Member").Select(m => (m.Text("Member"), m.Text("Outcome"))));
        Assert.Empty(console.Run("Compare-Configuration dmz").MustSucceed().Output);
        console.Run("Compare-Configuration dmz 1_9").MustFail("MemberNotFound", ErrorCategory.ObjectNotFound, "1_9");
    }

    private static LabConsole WithVersions(int count, string? connect = null)
    {
        var console = connect is null ? LabConsole.WithGroup(3) : LabConsole.WithGroup(3, connect);
        for (var i = 1; i <= count; i++)
        {
            using var configuration = new ConfigurationFile(forwarding: i);
            console.Run("$null = Sync-Configuration dmz -Path $args[0]", configuration.Path).MustSucceed();
        }

        return console;
    }
}
