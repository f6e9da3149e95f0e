using Maestro.PowerShell.Tests.Cmdlets;
using Maestro.PowerShell.Tests.Hosting;
using Maestro.Testbeds;

namespace Maestro.PowerShell.Tests.Secrets;

/// <summary>Real hosts with a planted password, a controller's folder, and a console that says everything it has to say.</summary>
internal sealed class SecretBed : IAsyncDisposable
{
    public const string Loud = "$VerbosePreference = $DebugPreference = $InformationPreference = $WarningPreference = 'Continue'";

    private const string RudeShell = "/usr/local/bin/rude-shell";
    private readonly Testbed _bed;

    private SecretBed(Testbed bed, PlantedSecret password, PlantedSecret passphrase, string lockedKey)
    {
        _bed = bed;
        (Password, Passphrase, LockedKey) = (password, passphrase, lockedKey);
        Folder = Directory.CreateDirectory(Path.Combine(bed.DirectoryPath, "controller")).FullName;
        Watch = new ProcessWatch();
        Console = LabConsole.Open("");
        Console.Run(Loud).MustSucceed();
    }

    public Testbed Bed => _bed;

    /// <summary>Opens both accounts of every host.</summary>
    public PlantedSecret Password { get; }

    public PlantedSecret Passphrase { get; }

    /// <summary>The path of a private key that opens them, too, locked with the passphrase.</summary>
    public string LockedKey { get; }

    /// <summary>The whole lines of that key which are not its public half.</summary>
    public IEnumerable<PlantedSecret> LinesOfKey => File.ReadAllLines(LockedKey)[3..^2].Select((line, i) => new PlantedSecret($"line {i + 4} of the key", line));

    /// <summary>What Maestro may write into on this machine.</summary>
    public string Folder { get; }

    public string Store => Path.Combine(Folder, "store.db");

    public LabConsole Console { get; }

    public ProcessWatch Watch { get; }

    public Haystack Haystack { get; } = new();

    public static async Task<SecretBed> StartAsync(bool throughJumpHost = false)
    {
        var (password, passphrase) = (new PlantedSecret("the password"), new PlantedSecret("the passphrase"));
        var bed = await Testbed.StartAsync(new TestbedOptions { Gateways = 2, Password = password.Text, JumpHost = throughJumpHost });
        // Before anybody watches: ssh-keygen takes the passphrase as an argument.
        var key = Path.Combine(bed.DirectoryPath, "locked");
        var made = await StartedProcess.Run("ssh-keygen", ["-q", "-t", "ed25519", "-N", passphrase.Text, "-f", key]);
        Assert.True(made.ExitCode == 0, made.Error);
        foreach (var host in Hosts(bed))
        {
            foreach (var user in new[] { Testbed.RootUser, Testbed.SudoUser }) File.AppendAllText(host.PathOf($"/etc/ssh/authorized_keys/{user}"), "\n" + File.ReadAllText(key + ".pub"));
        }

        return new SecretBed(bed, password, passphrase, key);
    }

    public string Inventory(TestbedAccount account = TestbedAccount.Root, bool withKey = false, bool withHostKeys = true)
    {
        var path = Path.Combine(Folder, $"inventory-{account}-{withKey}-{withHostKeys}.json");
        _bed.WriteInventory(path, new InventoryOptions { Account = account, KeyPath = withKey, HostKeys = withHostKeys, ThroughJumpHost = _bed.JumpHost is not null });
        return path;
    }

    /// <summary>Runs a script and keeps all that it said.</summary>
    public Outcome Run(string script, params object[] arguments)
    {
        var outcome = Console.Run(script, arguments);
        Haystack.Add(script, outcome, Console.Host);
        return outcome;
    }

    /// <summary>An nft that notes how it was called.</summary>
    public void NoteCallsOfNft()
    {
        foreach (var host in _bed.Gateways) Testbed.SetNftWrapper(host, "#!/bin/sh\n{ echo \"$*\"; env; } >>/var/log/nft-calls\nexec /usr/sbin/nft \"$@\"\n");
    }

    /// <summary>Every login is greeted with the text, on both streams, and nft says it instead of checking anything.</summary>
    public async Task SayAsync(PlantedSecret text)
    {
        foreach (var host in _bed.Gateways)
        {
            File.WriteAllText(host.PathOf("/etc/ssh/sshrc"), $"{text.Printf()}; {text.Printf()} >&2\n");
            Testbed.SetNftWrapper(host, $"#!/bin/sh\ncase \" $* \" in *' -c '*) {text.Printf()}; {text.Printf()} >&2; exit 1; esac\n{text.Printf()} >&2\nexec /usr/sbin/nft \"$@\"\n");
            await _bed.RunInsideAsync(host, "pkill -KILL -f '^sshd: '");
        }
    }

    /// <summary>The login shell says the text and is gone.</summary>
    public async Task TurnAwayAsync(PlantedSecret text)
    {
        foreach (var host in _bed.Gateways)
        {
            File.WriteAllText(host.PathOf(RudeShell), $"#!/bin/sh\n{text.Printf()} >&2\nexit 1\n");
            await _bed.RunInsideAsync(host, $"chmod 755 {RudeShell}; sed -i 's,^\\({Testbed.RootUser}:.*\\|{Testbed.SudoUser}:.*\\):[^:]*$,\\1:{RudeShell},' /etc/passwd; pkill -KILL -f '^sshd: '");
        }
    }

    /// <summary>What Maestro keeps on the hosts now.</summary>
    public void LookAtHosts()
    {
        foreach (var host in _bed.Gateways) Haystack.AddFolder(host.Id + ", on: ", host.DataDirectory);
    }

    /// <summary>Closes the console, powers the hosts off, and gathers what is left on all disks, what the hosts logged, and what processes were seen.</summary>
    public async Task<Haystack> GatherAsync()
    {
        Haystack.Add("$Error", string.Join('\n', Everything.In(Console.Run("$Error").Output)));
        Haystack.AddFolder("the controller, open: ", Folder);
        Console.Dispose();
        Haystack.AddFolder("the controller: ", Folder);
        Watch.AddTo(Haystack);
        foreach (var host in Hosts(_bed)) Haystack.Add($"{host.Id}'s logs", host.SshLog + host.BootLog);
        await _bed.PowerOffAsync(Hosts(_bed));
        foreach (var host in Hosts(_bed)) Haystack.AddFolder(host.Id + ": ", host.PathOf("/"));
        return Haystack;
    }

    private static IEnumerable<TestbedHost> Hosts(Testbed bed) => bed.JumpHost is { } jump ? bed.Gateways.Append(jump) : bed.Gateways;

    public async ValueTask DisposeAsync()
    {
        Console.Dispose();
        Watch.Dispose();
        await _bed.DisposeAsync();
    }
}
