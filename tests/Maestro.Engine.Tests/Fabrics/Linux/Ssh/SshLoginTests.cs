using System.Diagnostics;
using System.Net;
using Maestro.Engine.Fabrics.Linux.Ssh;
using Maestro.Engine.Model.Errors;
using Maestro.Testbeds;

namespace Maestro.Engine.Tests.Fabrics.Linux.Ssh;

/// <summary>Host keys, logins and login shells of every kind, on real hosts.</summary>
[Collection(SshCollection.Name)]
public sealed class SshLoginTests(SshBed bed) : IDisposable
{
    private static readonly TimeSpan Ample = TimeSpan.FromSeconds(60);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ssh-login-");

    private Testbed Bed => bed.Bed;

    private TestbedGateway Host => Bed.Gateways[0];

    public void Dispose() => _folder.Delete(recursive: true);

    [TestbedFact]
    public async Task A_host_of_which_nothing_is_known_gets_nothing()
    {
        var answer = await Run(bed.Transport(), bed.Endpoint(Host) with { HostKey = "" });
        Assert.Equal((ScriptOutcome.NotSent, ErrorCatalogue.KeyUnknown), (answer.Outcome, answer.Fault!.Code));
        Assert.Contains("-Fingerprint " + Host.HostKeyFingerprint, answer.Fault.Advice);
    }

    [TestbedFact]
    public async Task A_fingerprint_given_by_the_caller_opens_the_host_also_when_it_is_of_its_other_key()
    {
        Assert.Equal(2, Host.HostKeys.Count);
        foreach (var key in Host.HostKeys)
        {
            var fields = key.Split(' ');
            var fingerprint = new HostKey(fields[0], fields[1]).Fingerprint;
            Assert.Equal("well\n", (await Run(bed.Transport(verifier: new HostKeyVerifier("", [fingerprint], false)), bed.Endpoint(Host) with { HostKey = "" })).Output);
            Assert.Equal("well\n", (await Run(bed.Transport(), bed.Endpoint(Host) with { HostKey = fingerprint })).Output);
            Assert.Equal("well\n", (await Run(bed.Transport(), bed.Endpoint(Host) with { HostKey = key })).Output);
        }
    }

    [TestbedFact]
    public async Task A_pin_that_fits_no_key_of_the_host_is_a_changed_key()
    {
        var answer = await Run(bed.Transport(), bed.Endpoint(Host) with { HostKey = Bed.Gateways[1].HostKeyFingerprint });
        Assert.Equal((ScriptOutcome.NotSent, ErrorCatalogue.KeyChanged), (answer.Outcome, answer.Fault!.Code));
    }

    [TestbedFact]
    public async Task A_host_known_by_one_type_is_asked_for_that_type()
    {
        foreach (var key in Host.HostKeys)
        {
            var path = Path.Combine(_folder.FullName, "known_hosts");
            await File.WriteAllTextAsync(path, $"{Host.Address} {key}\n");
            Assert.Equal("well\n", (await Run(bed.Transport(verifier: new HostKeyVerifier(path, [], trustOnFirstUse: true)), bed.Endpoint(Host) with { HostKey = "" })).Output);
            Assert.Single(await File.ReadAllLinesAsync(path));
        }
    }

    [TestbedFact]
    public async Task First_use_writes_a_line_that_ssh_itself_accepts()
    {
        var path = Path.Combine(_folder.FullName, "fresh", "known_hosts");
        Assert.Equal("well\n", (await Run(bed.Transport(verifier: new HostKeyVerifier(path, [], trustOnFirstUse: true)), bed.Endpoint(Host) with { HostKey = "" })).Output);
        using var ssh = Process.Start(new ProcessStartInfo("ssh", [
            "-F", "none", "-i", Bed.KeyPath, "-o", "IdentitiesOnly=yes", "-o", "BatchMode=yes", "-o", "StrictHostKeyChecking=yes",
            "-o", $"UserKnownHostsFile={path}", "-o", "GlobalKnownHostsFile=none", $"{Testbed.RootUser}@{Host.Address}", "echo accepted"]) { RedirectStandardOutput = true })!;
        Assert.Equal("accepted\n", await ssh.StandardOutput.ReadToEndAsync());
    }

    [TestbedFact]
    public async Task A_host_that_got_a_new_key_is_refused_though_first_use_may_be_trusted()
    {
        var host = Bed.Gateways[5];
        var path = Path.Combine(_folder.FullName, "known_hosts");
        var unpinned = bed.Endpoint(host) with { HostKey = "" };
        Assert.Equal("well\n", (await Run(bed.Transport(verifier: new HostKeyVerifier(path, [], trustOnFirstUse: true)), unpinned)).Output);
        await Bed.ReplaceHostKeyAsync(host);
        var answer = await Run(bed.Transport(verifier: new HostKeyVerifier(path, [], trustOnFirstUse: true)), unpinned);
        Assert.Equal(ErrorCatalogue.KeyChanged, answer.Fault!.Code);
        Assert.Contains("HOST KEY CHANGED", answer.Fault.Message);
    }

    [TestbedFact]
    public async Task Keys_of_every_form_open_a_host()
    {
        foreach (var (name, arguments) in new (string, string[])[]
        {
            ("ed25519", ["-t", "ed25519"]), ("ecdsa", ["-t", "ecdsa", "-b", "384"]), ("rsa", ["-t", "rsa", "-b", "2048"]), ("pem", ["-t", "rsa", "-b", "2048", "-m", "PEM"]),
        })
        {
            foreach (var passphrase in new[] { "", "a secret phrase" })
            {
                var path = Path.Combine(_folder.FullName, name + passphrase.Length);
                Generate(path, passphrase, arguments);
                await Authorise(path + ".pub");
                var secret = passphrase.Length > 0 ? SshBed.Secure(passphrase) : null;
                Assert.Equal("well\n", (await Run(bed.Transport(new SshCredentials { KeyPath = path, KeyPassphrase = secret }), bed.Endpoint(Host))).Output);
                Assert.Equal("well\n", (await Run(bed.Transport(new SshCredentials { KeyText = (await File.ReadAllTextAsync(path)).TrimEnd(), KeyPassphrase = secret }), bed.Endpoint(Host))).Output);
            }
        }
    }

    [TestbedFact]
    public async Task A_key_that_cannot_be_used_says_what_to_give()
    {
        var path = Path.Combine(_folder.FullName, "locked");
        Generate(path, "a secret phrase", "-t", "ed25519");
        await File.WriteAllTextAsync(Path.Combine(_folder.FullName, "nonsense"), "nonsense");
        foreach (var (credentials, advice) in new (SshCredentials, string)[]
        {
            (new() { KeyPath = path }, "-KeyPassphrase"),
            (new() { KeyPath = path, KeyPassphrase = SshBed.Secure("wrong") }, "-KeyPassphrase"),
            (new() { KeyPath = Path.Combine(_folder.FullName, "absent") }, "-KeyPath"),
            (new() { KeyPath = Path.Combine(_folder.FullName, "nonsense") }, "-KeyPath"),
            (new() { KeyText = "nonsense" }, "-KeyPath"),
            (new(), "-KeyPath"),
        })
        {
            var answer = await Run(bed.Transport(credentials), bed.Endpoint(Host));
            Assert.Equal((ScriptOutcome.NotSent, ErrorCatalogue.LoginRefused), (answer.Outcome, answer.Fault!.Code));
            Assert.Contains(advice, answer.Fault.Advice);
            Assert.Contains("ssh-agent is not supported", answer.Fault.Advice);
        }
    }

    [TestbedFact]
    public async Task The_hosts_own_key_comes_first_and_the_sessions_key_after_it()
    {
        var stranger = Path.Combine(_folder.FullName, "stranger");
        Generate(stranger, "", "-t", "ed25519");
        var session = new SshCredentials { KeyPath = stranger };
        Assert.Equal("well\n", (await Run(bed.Transport(session), bed.Endpoint(Host) with { KeyPath = Bed.KeyPath })).Output);
        Assert.Equal("well\n", (await Run(bed.Transport(), bed.Endpoint(Host) with { KeyPath = stranger })).Output);
        Assert.Equal("well\n", (await Run(bed.Transport(), bed.Endpoint(Host) with { KeyPath = Path.Combine(_folder.FullName, "absent") })).Output);
        Assert.Equal(ErrorCatalogue.LoginRefused, (await Run(bed.Transport(session), bed.Endpoint(Host))).Fault!.Code);
    }

    [TestbedFact]
    public async Task Where_nothing_is_named_the_users_default_keys_are_tried()
    {
        File.Copy(Bed.KeyPath, Path.Combine(_folder.FullName, "id_ed25519"));
        await File.WriteAllTextAsync(Path.Combine(_folder.FullName, "id_rsa"), "locked or strange");
        Assert.Equal("well\n", (await Run(bed.Transport(new SshCredentials { DefaultKeyFolder = _folder.FullName }), bed.Endpoint(Host))).Output);
    }

    [TestbedFact]
    public async Task A_password_opens_a_host_that_allows_it()
    {
        Assert.Equal("well\n", (await Run(bed.Transport(new SshCredentials { Password = new NetworkCredential("", SshBed.Password) }), bed.Endpoint(Host))).Output);
        var answer = await Run(bed.Transport(new SshCredentials { Password = new NetworkCredential("", "wrong-one") }), bed.Endpoint(Host));
        Assert.Equal((ScriptOutcome.NotSent, ErrorCatalogue.LoginRefused), (answer.Outcome, answer.Fault!.Code));
        Assert.DoesNotContain("wrong-one", answer.Fault.ToString());
    }

    [TestbedFact]
    public async Task A_refused_sudo_ran_nothing_and_says_what_is_missing()
    {
        await using var one = await Testbed.StartAsync(new TestbedOptions { Gateways = 1 });
        var host = one.Gateways[0];
        await one.RunInsideAsync(host, "for f in /etc/sudoers /etc/sudoers.d/*; do [ -f \"$f\" ] && sed -i 's/NOPASSWD://' \"$f\"; done");
        var answer = await Run(bed.Transport(new SshCredentials { KeyPath = one.KeyPath }), bed.Endpoint(host, TestbedAccount.Sudo));
        Assert.Equal((ScriptOutcome.NotSent, ErrorCatalogue.LoginRefused), (answer.Outcome, answer.Fault!.Code));
        Assert.Contains("sudo:", answer.Fault.Message);
        Assert.Contains("NOPASSWD", answer.Fault.Advice);
    }

    [TestbedTheory]
    [InlineData("/usr/sbin/nologin", "not available")]
    [InlineData("/bin/false", "gives 'toor' no shell")]
    public async Task An_account_without_a_shell_is_a_refused_login(string shell, string words)
    {
        await using var one = await Testbed.StartAsync(new TestbedOptions { Gateways = 1 });
        await one.RunInsideAsync(one.Gateways[0], $"sed -i 's,^\\({Testbed.RootUser}:.*\\):[^:]*$,\\1:{shell},' /etc/passwd");
        var answer = await Run(bed.Transport(new SshCredentials { KeyPath = one.KeyPath }), bed.Endpoint(one.Gateways[0]));
        Assert.Equal((ScriptOutcome.NotSent, ErrorCatalogue.LoginRefused), (answer.Outcome, answer.Fault!.Code));
        Assert.Contains(words, answer.Fault.Message);
    }

    [TestbedFact]
    public async Task A_login_shell_that_talks_is_not_heard()
    {
        await using var one = await Testbed.StartAsync(new TestbedOptions { Gateways = 1 });
        var host = one.Gateways[0];
        await one.RunInsideAsync(host, $$"""
            sed -i 's,^\({{Testbed.RootUser}}:.*\):[^:]*$,\1:/bin/bash,' /etc/passwd
            home=$(getent passwd {{Testbed.RootUser}} | cut -d: -f6)
            for f in .bashrc .profile; do printf 'echo "@outcome done"\nprintf "noise without an end"\necho complaint >&2\n' >"$home/$f"; done
            """);
        var transport = bed.Transport(new SshCredentials { KeyPath = one.KeyPath });
        var noise = await one.RunSshAsync(host, "echo");
        Assert.Contains("@outcome done", noise.Output);
        for (var i = 0; i < 2; i++)
        {
            var answer = await Run(transport, bed.Endpoint(host));
            Assert.Equal(("well\n", ""), (answer.Output, answer.ErrorOutput));
        }
    }

    [SkippableTheory]
    [InlineData("/bin/bash")]
    [InlineData("/bin/busybox")]
    public async Task Other_shells_under_the_name_of_sh_understand_us(string program)
    {
        TestbedRequirement.SkipIfUnavailable();
        Skip.IfNot(File.Exists(program), $"{program} is not installed: that shell is not seen as a host's /bin/sh");
        await using var one = await Testbed.StartAsync(new TestbedOptions { Gateways = 1 });
        var host = one.Gateways[0];
        Assert.Equal(0, (await one.RunInsideAsync(host, $"ln -sf {program} /bin/sh.new && mv -f /bin/sh.new /bin/sh && /bin/sh -c :")).ExitCode);
        var transport = bed.Transport(new SshCredentials { KeyPath = one.KeyPath });
        foreach (var account in new[] { TestbedAccount.Root, TestbedAccount.Sudo })
        {
            var content = string.Concat(Enumerable.Range(0, 3000).Select(i => $"line {i}\n"));
            var answer = await transport.RunAsync(
                bed.Endpoint(host, account), new ShellScript("all", ScriptIntent.Read, "cat \"$F\"; printf '%s' \"$A\" >&2; exit 4").WithFile("F", content).With("A", "it's\n$x"), Ample, CancellationToken.None);
            Assert.Equal((4, content, "it's\n$x"), (answer.ExitCode, answer.Output, answer.ErrorOutput));
        }
    }

    [TestbedTheory]
    [InlineData(true, "sntrup761x25519-sha512")]
    [InlineData(false, "curve25519-sha256")]
    public async Task The_key_exchange_is_the_one_that_is_preferred(bool prefersPostQuantum, string exchange)
    {
        var connected = "";
        await using var transport = bed.Transport(configure: o => o with { PrefersPostQuantum = prefersPostQuantum, Trace = t => connected = t.Event == WireEvent.Connected ? t.Text : connected });
        await Run(transport, bed.Endpoint(Host));
        // A newer sshd speaks ML-KEM, which comes first either way.
        Assert.True(connected.Contains(exchange) || connected.Contains("mlkem768"), connected);
    }

    private async Task<ScriptAnswer> Run(SshTransport transport, HostEndpoint host)
    {
        var answer = await transport.RunAsync(host, new ShellScript("test", ScriptIntent.Read, "echo well"), Ample, CancellationToken.None);
        if (answer.Outcome != ScriptOutcome.Answered) await transport.DisposeAsync();
        return answer;
    }

    private static void Generate(string path, string passphrase, params string[] arguments)
    {
        using var keygen = Process.Start(new ProcessStartInfo("ssh-keygen", ["-q", "-N", passphrase, "-f", path, .. arguments]))!;
        keygen.WaitForExit();
        Assert.Equal(0, keygen.ExitCode);
    }

    private async Task Authorise(string publicKey)
    {
        var path = $"/etc/ssh/authorized_keys/{Testbed.RootUser}";
        var added = await Bed.RunInsideAsync(Host, $"echo >>{path}; cat >>{path}", await File.ReadAllTextAsync(publicKey));
        Assert.Equal(0, added.ExitCode);
    }
}
