using Maestro.PowerShell.Tests.Cmdlets;
using Maestro.Testbeds;

namespace Maestro.PowerShell.Tests.Secrets;

/// <summary>Secrets that are wrong, or given in the wrong place: the error says what to do and repeats none of them.</summary>
public sealed class WrongSecretTests
{
    [TestbedFact]
    public async Task What_opens_no_host_is_not_repeated()
    {
        await using var bed = await SecretBed.StartAsync();
        var wrong = new PlantedSecret("the wrong password");
        bed.Run("Connect-Maestro $args[0] -Credential $args[1] -StorePath $args[2]; Get-Gateway", bed.Inventory(), wrong.Credential(), bed.Store);
        Assert.True(bed.Haystack.Says("output of", "refused the login of"));

        var phrase = new PlantedSecret("the wrong passphrase");
        bed.Run("Connect-Maestro $args[0] -KeyPath $args[1] -KeyPassphrase $args[2] -StorePath $args[3]; Get-Gateway ", bed.Inventory(), bed.LockedKey, phrase.Secure(), bed.Store);
        bed.Run("Connect-Maestro $args[0] -KeyPath $args[1] -StorePath $args[2]; Get-Gateway  ", bed.Inventory(), bed.LockedKey, bed.Store);
        Assert.True(bed.Haystack.Says("output of", "has a passphrase"));

        // A change, so that what went wrong stands in the journal, too.
        bed.Run("New-SecurityGroup dmz; Get-Gateway | Add-GroupMember dmz; Get-MaestroOperation | ForEach-Object { Get-MaestroOperation $_.Id }");
        (await bed.GatherAsync()).MustNotHold([wrong, phrase, bed.Password, bed.Passphrase, .. bed.LinesOfKey]);
    }

    [TestbedFact]
    public async Task A_host_that_nobody_vouches_for_gets_no_password()
    {
        await using var bed = await SecretBed.StartAsync();
        var known = Path.Combine(bed.Folder, "known_hosts");
        bed.Run("Connect-Maestro $args[0] -Credential $args[1] -KnownHostsPath $args[2] -StorePath $args[3]; Get-Gateway", bed.Inventory(withHostKeys: false), bed.Password.Credential(), known, bed.Store);
        Assert.True(bed.Haystack.Says("output of", "which nobody has vouched for"));

        (await bed.GatherAsync()).MustNotHold(bed.Password);
        Assert.DoesNotContain(bed.Bed.Gateways, g => bed.Haystack.Says(g.Id + "'s logs", "password"));
    }

    [Theory]
    [InlineData("\"password\": \"¦\"")]
    [InlineData("\"sshPassword\": { \"text\": \"¦\" }")]
    [InlineData("\"password\": ¦")]
    [InlineData("\"password\": \"¦")]
    [InlineData("\"address\": \"root:¦@192.0.2.11\"")]
    [InlineData("\"user\": \"root:¦\"")]
    [InlineData("\"keyPassphrase\": [\"¦\"]")]
    public void A_secret_in_an_inventory_is_refused_and_not_repeated(string keys)
    {
        var secret = new PlantedSecret("the inline password");
        using var file = new PolicyFile($"{{ \"version\": 1, \"name\": \"fra\", \"gateways\": [ {{ \"id\": \"fw-a1\", {keys.Replace("¦", secret.Core, StringComparison.Ordinal)} }} ] }}");
        MustRefuse("Connect-Maestro $args[0]", [secret], "Maestro.InventoryInvalid", file.Path);
    }

    [Fact]
    public void A_passphrase_in_plain_text_is_refused_and_not_repeated()
    {
        var secret = new PlantedSecret("the plain passphrase");
        using var file = new PolicyFile("{}");
        MustRefuse("Connect-Maestro $args[0] -KeyPassphrase $args[1]", [secret], "ParameterArgumentTransformationError", file.Path, secret.Text);
    }

    [Fact]
    public void A_key_where_its_path_belongs_is_refused_and_not_repeated()
    {
        PlantedSecret[] lines = [new("the key's first line"), new("the key's second line")];
        using var file = new PolicyFile("""{ "version": 1, "name": "fra", "gateways": [ { "id": "fw-a1", "address": "192.0.2.11" } ] }""");
        MustRefuse("Connect-Maestro $args[0] -KeyPath $args[1]", lines, "Maestro.ParameterInvalid", file.Path, $"-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n\n{lines[0].Core}\n{lines[1].Core}\n-----END RSA PRIVATE KEY-----\n");
    }

    private static void MustRefuse(string script, IReadOnlyList<PlantedSecret> secrets, string id, params object[] arguments)
    {
        using var console = LabConsole.Open("");
        console.Run(SecretBed.Loud).MustSucceed();
        var outcome = console.Run(script, arguments);
        var haystack = new Haystack();
        haystack.Add(script, outcome, console.Host);
        haystack.Add("$Error", string.Join('\n', Everything.In(console.Run("$Error").Output)));
        haystack.MustNotHold(secrets);
        Assert.Equal([id], outcome.ErrorIds);
        Assert.True(haystack.Says("error of", id));
    }
}
