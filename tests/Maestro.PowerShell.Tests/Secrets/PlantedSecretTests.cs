using Maestro.PowerShell.Tests.Cmdlets;
using Maestro.Testbeds;

namespace Maestro.PowerShell.Tests.Secrets;

/// <summary>Secrets are planted in every input that takes one and looked for in everything that comes out. Markers, which are no secrets, prove that the search finds.</summary>
public sealed class PlantedSecretTests
{
    // Everything that reaches the hosts and the journal, with the marker where a user's words may stand.
    private const string WholeRun = """
        param($group, $policy, $words, $configuration)
        New-SecurityGroup $group -Description $words -Message $words
        Get-Gateway | Add-GroupMember $group
        Sync-Policy $group -Path $policy -Message $words
        Sync-Configuration $group -Path $configuration -Message $words
        Compare-Configuration $group -Unified; Get-ConfigurationVersion $group
        Get-Gateway; Get-SecurityGroup; Get-GroupMember $group; Get-PendingChange; Get-MaestroSession
        Get-MaestroOperation | ForEach-Object { Get-MaestroOperation $_.Id }
        """;

    private static string Policy(PlantedSecret marker, int port = 443) =>
        $"table inet web {{\n  chain input {{\n    type filter hook input priority 0; policy accept;\n    tcp dport {port} accept comment \"{marker.Core}\"\n  }}\n}}\n";

    [TestbedTheory]
    [InlineData(TestbedAccount.Root, false)]
    [InlineData(TestbedAccount.Sudo, false)]
    [InlineData(TestbedAccount.Sudo, true)]
    public async Task A_password_and_a_passphrase_are_found_nowhere(TestbedAccount account, bool throughJumpHost)
    {
        await using var bed = await SecretBed.StartAsync(throughJumpHost);
        var marker = new PlantedSecret("the marker");
        bed.NoteCallsOfNft();
        using var policy = new PolicyFile(Policy(marker));

        Connect(bed, account).MustSucceed();
        using var configuration = new ConfigurationFile($$"""{ "version": 1, "files": { "note": { "path": "/etc/note", "content": "{{marker.Core}}\n" } }, "sysctl": { "net.ipv4.conf.all.log_martians": 1 } }""");
        bed.Run(WholeRun, marker.Core, policy.Path, marker.Text, configuration.Path).MustSucceed();
        bed.Run("Connect-Maestro $args[0] -KeyPath $args[1] -KeyPassphrase $args[2] -StorePath $args[3] -Name second", bed.Inventory(account), bed.LockedKey, bed.Passphrase.Secure(), bed.Store).MustSucceed();
        bed.Run("Get-SecurityGroup | Get-GroupMember; Get-SecurityGroup | Sync-Policy -Path $args[0]", policy.Path).MustSucceed();
        bed.LookAtHosts();
        bed.Run("Get-SecurityGroup | Remove-SecurityGroup -Force; Get-MaestroOperation").MustSucceed();
        bed.Run("Get-MaestroSession | Disconnect-Maestro").MustSucceed();

        var all = await bed.GatherAsync();
        all.MustNotHold([bed.Password, bed.Passphrase, .. bed.LinesOfKey]);
        all.MustHold(marker, "output of", "verbose of", "debug of", "progress of", "host of", "the controller: /store.db", "the controller, open: /", "fw-a1, on: /generations/", "fw-a1, on: /configuration/generations/");
        Assert.True(all.Says("information of", "Succeeded"));
        Assert.True(all.Says("debug of", "fw-a1 sent: write stage, "));
        Assert.True(all.Says("debug of", "fw-a1 answered: exit 0 after "));
        Assert.True(all.Says("fw-a1: /var/log/nft-calls", "-f"));
        Assert.True(all.Says("arguments", account == TestbedAccount.Sudo ? "sudo\0-n\0/bin/sh" : "/bin/sh"));
        Assert.True(all.Says("environment of", "SSH_CONNECTION="));
    }

    [TestbedTheory]
    [InlineData(TestbedAccount.Root)]
    [InlineData(TestbedAccount.Sudo)]
    public async Task A_host_that_repeats_the_password_is_not_repeated(TestbedAccount account)
    {
        await using var bed = await SecretBed.StartAsync();
        Connect(bed, account).MustSucceed();
        await HearItsWordsAsync(bed, bed.Password);

        var all = await bed.GatherAsync();
        all.MustNotHold(bed.Password);
        foreach (var place in PlacesOfItsWords) Assert.True(all.Says(place, "[redacted]"), place);
    }

    /// <summary>The same words, and nobody called them a secret: the proof that they come as far as the places where they are looked for.</summary>
    [TestbedFact]
    public async Task Words_of_a_host_that_are_no_secret_are_seen_in_all_those_places()
    {
        await using var bed = await SecretBed.StartAsync();
        bed.Run("Connect-Maestro $args[0] -StorePath $args[1]", bed.Inventory(withKey: true), bed.Store).MustSucceed();
        await HearItsWordsAsync(bed, bed.Password);

        (await bed.GatherAsync()).MustHold(bed.Password, PlacesOfItsWords);
    }

    private static readonly string[] PlacesOfItsWords = ["error of Sync-Policy", "debug of Sync-Policy", "$Error", "the controller: /store.db", "output of Get-Gateway", "output of Get-MaestroOperation"];

    private static async Task HearItsWordsAsync(SecretBed bed, PlantedSecret words)
    {
        using var first = new PolicyFile(Policy(new PlantedSecret("a comment")));
        using var second = new PolicyFile(Policy(new PlantedSecret("a comment"), port: 8443));
        bed.Run("New-SecurityGroup dmz; Get-Gateway | Add-GroupMember dmz; Sync-Policy dmz -Path $args[0]", first.Path).MustSucceed();

        await bed.SayAsync(words);
        Assert.Equal(["Maestro.PolicyRefused"], bed.Run("Sync-Policy dmz -Path $args[0]", second.Path).ErrorIds.Distinct());
        bed.Run("Get-GroupMember dmz");
        await bed.TurnAwayAsync(words);
        bed.Run("Get-Gateway; Get-GroupMember dmz");
        Assert.NotEmpty(bed.Run("Sync-Policy dmz -Path $args[0]", second.Path).Errors);
        bed.Run("Get-MaestroOperation | ForEach-Object { Get-MaestroOperation $_.Id }");
    }

    private static Outcome Connect(SecretBed bed, TestbedAccount account) =>
        bed.Run("Connect-Maestro $args[0] -Credential $args[1] -StorePath $args[2]", bed.Inventory(account), bed.Password.Credential(), bed.Store);
}
