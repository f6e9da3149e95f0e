using System.Diagnostics;
using Maestro.PowerShell.Tests.Runspaces;

namespace Maestro.PowerShell.Tests.Help;

/// <summary>What lies in examples/ runs as it is, with PowerShell's core cmdlets alone.</summary>
public sealed class ExampleScriptTests
{
    private static readonly string Examples = Path.Combine(Golden.Repository, "examples");

    [Fact]
    public void The_Quickstart_shows_a_group_from_its_first_policy_to_its_journal()
    {
        using var runspace = ModuleRunspace.Open();

        runspace.Show($"& '{Examples}/Quickstart.ps1'").MustSucceed();

        var shown = runspace.Host.Shown;
        Assert.Contains("Confirmed", shown, StringComparison.Ordinal);
        Assert.Contains("every member holds it already", shown, StringComparison.Ordinal);
        Assert.Contains("disk swap CHG0042", shown, StringComparison.Ordinal);
        Assert.Contains("would lose its N+1", shown, StringComparison.Ordinal);
        Assert.Contains("NewSecurityGroup", shown, StringComparison.Ordinal);
        // What was printed as a list would be a table that lost its view.
        Assert.DoesNotContain("SecurityGroup :", shown, StringComparison.Ordinal);
    }

    [Fact]
    public void A_seed_makes_another_lab()
    {
        using var runspace = ModuleRunspace.Open();

        runspace.Show($"& '{Examples}/Quickstart.ps1' -Seed 7").MustSucceed();

        Assert.Contains("lab (seed 7)", runspace.Host.Shown, StringComparison.Ordinal);
    }

    /// <summary>The hosts are the lab's here, so the connecting is not what is tested.</summary>
    [Theory]
    [InlineData("web.nft")]
    [InlineData("policy")]
    public void A_second_run_of_LinuxGateways_sends_nothing_and_says_so(string policy)
    {
        using var runspace = ModuleRunspace.Open();
        using var world = new TemporaryFolder();
        runspace.Run($"function Connect-Maestro($Inventory, [switch]$TrustOnFirstUse) {{ Maestro\\Connect-Maestro -Lab -Path '{world.Path}' }}").MustSucceed();
        var script = $"& '{Examples}/LinuxGateways.ps1' fra.json -Policy '{Examples}/{policy}' -Group edge -Message CHG0042";

        runspace.Show(script).MustSucceed();
        var first = runspace.Host.Shown;
        runspace.Host.Clear();
        runspace.Show(script).MustSucceed();

        Assert.Contains("'edge' was changed, as the table says.", first, StringComparison.Ordinal);
        Assert.Contains("'edge' is as wanted: nothing was sent.", runspace.Host.Shown, StringComparison.Ordinal);
    }

    /// <summary>The lab takes any words for a policy; the kernel does not.</summary>
    [SkippableTheory]
    [InlineData("web.nft")]
    [InlineData("policy")]
    public void A_kernel_takes_the_policy(string policy)
    {
        Skip.IfNot(OperatingSystem.IsLinux() && Environment.UserName == "root" && File.Exists("/usr/sbin/nft"), "Needs root and nft.");
        var path = Path.Combine(Examples, policy);
        var text = Directory.Exists(path) ? string.Concat(Directory.GetFiles(path, "*.nft").Order(StringComparer.Ordinal).Select(File.ReadAllText)) : File.ReadAllText(path);
        using var nft = Process.Start(new ProcessStartInfo("unshare", ["-n", "nft", "-f", "-"]) { RedirectStandardInput = true, RedirectStandardError = true })!;
        nft.StandardInput.Write(text);
        nft.StandardInput.Close();
        var said = nft.StandardError.ReadToEnd();
        nft.WaitForExit();

        Assert.True(nft.ExitCode == 0, said);
    }
}
