using Maestro.PowerShell.Tests.Hosting;
using Maestro.Testbeds;

namespace Maestro.PowerShell.Tests.Secrets;

/// <summary>The same through a process of its own, as a runner starts it: what it prints, what it leaves, and what other processes could see of it.</summary>
public sealed class ShellSecretTests
{
    [TestbedFact]
    public async Task A_process_that_was_given_secrets_prints_and_leaves_none()
    {
        await using var bed = await SecretBed.StartAsync();
        var marker = new PlantedSecret("the marker");
        // What is given lies beside what may be written.
        var given = Directory.CreateDirectory(Path.Combine(bed.Bed.DirectoryPath, "given")).FullName;
        Directory.CreateSymbolicLink(Path.Combine(given, "out"), bed.Folder);
        File.Copy(bed.Inventory(), Path.Combine(given, "inventory.json"));
        File.WriteAllText(Path.Combine(given, "password"), bed.Password.Text);
        File.WriteAllText(Path.Combine(given, "passphrase"), bed.Passphrase.Text);
        File.WriteAllText(Path.Combine(given, "web.nft"), $"table inet web {{ comment \"{marker.Core}\"; }}\n");
        File.WriteAllText(Path.Combine(given, "bad.nft"), "table inet web { chain c { type nat hook postrouting priority 0; redirect to :x-no-port; } }\n");

        var run = await StartedProcess.Run(
            StartedAssembly.Shell,
            [Path.Combine(AppContext.BaseDirectory, "Secrets", "Scripts", "EveryStream.ps1"), given, marker.Core],
            environment: new Dictionary<string, string?> { ["MAESTRO_TEST_KEY"] = File.ReadAllText(bed.LockedKey), ["MAESTRO_STORE"] = null });
        bed.Haystack.Add("standard output", run.Output);
        bed.Haystack.Add("standard error", run.Error);

        var all = await bed.GatherAsync();
        all.MustNotHold(bed.Password, bed.Passphrase);
        // The user put the key into the environment of this one process; that the watch sees it there proves the watch.
        Assert.All(bed.LinesOfKey, line => Assert.Matches("^environment of .*dotnet \\(plain\\)$", Assert.Single(all.Find(line))));
        all.MustHold(marker, "standard output", "the controller: /store.db", "fw-a1: /var/lib/maestro/", "arguments");
        Assert.True(all.Says("standard output", "DEBUG: key: fw-a1 sent: write stage, "), run.Output + run.Error);
        Assert.True(all.Says("standard output", "has a passphrase"));
    }
}
