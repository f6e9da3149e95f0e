using System.Buffers.Binary;
using System.Text;
using Maestro.Engine.Fabrics.Linux.Ssh;
using Maestro.Engine.Model.Errors;

namespace Maestro.Engine.Tests.Fabrics.Linux.Ssh;

public sealed class HostKeyVerifierTests : IDisposable
{
    private static readonly HostKey Ed25519 = KeyOf("ssh-ed25519", 1);
    private static readonly HostKey OtherEd25519 = KeyOf("ssh-ed25519", 2);
    private static readonly HostKey Rsa = KeyOf("ssh-rsa", 3);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("host-keys-");

    private string Path => System.IO.Path.Combine(_folder.FullName, "ssh", "known_hosts");

    private static HostEndpoint Host => new() { Id = "fw-a1", Address = "192.0.2.1", User = "root" };

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void An_unknown_key_is_refused_with_the_parameter_that_accepts_it()
    {
        var refusal = Judge(Host, Ed25519)!;
        Assert.Equal(ErrorCatalogue.KeyUnknown, refusal.Code);
        Assert.Equal("fw-a1", refusal.Target);
        Assert.EndsWith($"-Fingerprint {Ed25519.Fingerprint}", refusal.Advice);
        Assert.Null(new HostKeyVerifier(Path, [Ed25519.Fingerprint], false).Judge(Host, Ed25519).Refusal);
        Assert.False(File.Exists(Path));
    }

    [Fact]
    public void A_fingerprint_is_what_ssh_keygen_prints()
    {
        // ssh-keygen -lf of the key of github.com, as that site publishes both.
        var key = new HostKey("ssh-ed25519", "AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl");
        Assert.Equal("SHA256:+DiY3wvvV6TuJJhbpZisF/zLDA0zPMSvHdkr4UvCOqU", key.Fingerprint);
    }

    [Fact]
    public void A_key_on_record_is_good_and_another_of_its_type_is_a_changed_one()
    {
        Write($"192.0.2.1 ssh-ed25519 {Ed25519.Key}\n");
        Assert.Null(Judge(Host, Ed25519));
        var refusal = Judge(Host, OtherEd25519)!;
        Assert.Equal(ErrorCatalogue.KeyChanged, refusal.Code);
        Assert.Contains(OtherEd25519.Fingerprint, refusal.Message);
    }

    [Fact]
    public void A_key_of_a_type_that_is_not_on_record_is_unknown_and_no_first_use()
    {
        Write($"192.0.2.1 ssh-ed25519 {Ed25519.Key}\n");
        var refusal = new HostKeyVerifier(Path, [], trustOnFirstUse: true).Judge(Host, Rsa).Refusal!;
        Assert.Equal(ErrorCatalogue.KeyUnknown, refusal.Code);
        Assert.Contains("known by ssh-ed25519 only", refusal.Message);
        Assert.DoesNotContain("ssh-rsa", File.ReadAllText(Path));
    }

    [Fact]
    public void A_revoked_key_is_refused_whoever_vouches_for_it()
    {
        Write($"@revoked * ssh-ed25519 {Ed25519.Key}\n192.0.2.1 ssh-ed25519 {Ed25519.Key}\n");
        var verifier = new HostKeyVerifier(Path, [Ed25519.Fingerprint], trustOnFirstUse: true);
        Assert.Equal(ErrorCatalogue.KeyRevoked, verifier.Judge(Host with { HostKey = Ed25519.Fingerprint }, Ed25519).Refusal!.Code);
    }

    [Theory]
    [InlineData("{fingerprint}")]
    [InlineData("{fingerprint}=")]
    [InlineData("{type} {key}")]
    [InlineData("{type} {key} root@fw")]
    [InlineData("{key}")]
    public void The_inventorys_pin_alone_decides(string form)
    {
        Write($"192.0.2.1 ssh-ed25519 {OtherEd25519.Key}\n");
        var pinned = Host with { HostKey = form.Replace("{fingerprint}", Ed25519.Fingerprint).Replace("{type}", Ed25519.Type).Replace("{key}", Ed25519.Key) };
        Assert.Null(Judge(pinned, Ed25519));
        Assert.Equal(ErrorCatalogue.KeyChanged, Judge(pinned, OtherEd25519)!.Code);
    }

    [Fact]
    public void Another_key_of_the_host_may_be_the_one_only_when_the_pin_tells_no_type()
    {
        var verifier = new HostKeyVerifier(Path, [], false);
        Assert.True(verifier.Judge(Host with { HostKey = Ed25519.Fingerprint }, Rsa).OtherTypesMayMatch);
        Assert.False(verifier.Judge(Host with { HostKey = $"{Ed25519.Type} {Ed25519.Key}" }, Rsa).OtherTypesMayMatch);
        Assert.False(verifier.Judge(Host, Rsa).OtherTypesMayMatch);
        Assert.True(new HostKeyVerifier(Path, [Ed25519.Fingerprint], false).Judge(Host, Rsa).OtherTypesMayMatch);
    }

    [Fact]
    public void The_types_on_record_are_asked_for_in_their_order()
    {
        Write($"192.0.2.1 ssh-rsa {Rsa.Key}\n192.0.2.1 ssh-ed25519 {Ed25519.Key}\n");
        var verifier = new HostKeyVerifier(Path, [], false);
        Assert.Equal(["ssh-rsa", "ssh-ed25519"], verifier.KnownTypes(Host));
        Assert.Equal(["ssh-ed25519", "ssh-rsa"], verifier.KnownTypes(Host with { HostKey = Ed25519.Key }));
        Assert.Empty(verifier.KnownTypes(Host with { Address = "192.0.2.9" }));
    }

    [Fact]
    public void Certificates_are_not_asked_for_and_an_authority_on_record_is_named()
    {
        Write($"@cert-authority 192.0.2.* ssh-ed25519 {OtherEd25519.Key}\n");
        Assert.Contains("certificate authority", Judge(Host, Ed25519)!.Message);
        var info = Offer(["ssh-rsa"], []);
        Assert.DoesNotContain(info, a => a.Contains("-cert-"));
        Assert.Equal(["rsa-sha2-512", "rsa-sha2-256", "ssh-rsa"], info.Take(3));
        Assert.Contains("ssh-ed25519", info);
        Assert.DoesNotContain(Offer([], ["ssh-rsa"]), a => a.Contains("rsa"));
    }

    [Fact]
    public void First_use_is_remembered_for_good_and_only_when_told_so()
    {
        Assert.Null(new HostKeyVerifier(Path, [], trustOnFirstUse: true).Judge(Host with { Port = 2222 }, Ed25519).Refusal);
        Assert.Equal($"[192.0.2.1]:2222 ssh-ed25519 {Ed25519.Key}\n", File.ReadAllText(Path));
        Assert.Null(Judge(Host with { Port = 2222 }, Ed25519));
        Assert.Equal(ErrorCatalogue.KeyChanged, new HostKeyVerifier(Path, [], trustOnFirstUse: true).Judge(Host with { Port = 2222 }, OtherEd25519).Refusal!.Code);
    }

    [Fact]
    public void A_last_line_without_an_end_is_not_glued_to_the_new_one()
    {
        Write($"192.0.2.7 ssh-ed25519 {OtherEd25519.Key}");
        Assert.Null(new HostKeyVerifier(Path, [], trustOnFirstUse: true).Judge(Host, Ed25519).Refusal);
        Assert.Equal($"192.0.2.7 ssh-ed25519 {OtherEd25519.Key}\n192.0.2.1 ssh-ed25519 {Ed25519.Key}\n", File.ReadAllText(Path));
    }

    [Fact]
    public void Of_two_first_uses_at_once_the_second_is_judged_by_what_the_first_wrote()
    {
        var second = new KnownHostsFile(Path);
        second.Read();
        Assert.Null(new HostKeyVerifier(Path, [], trustOnFirstUse: true).Judge(Host, Ed25519).Refusal);
        Assert.Equal([Ed25519], second.Remember(Host.Address, Host.Port, OtherEd25519));
        Assert.DoesNotContain(OtherEd25519.Key, File.ReadAllText(Path));
    }

    [Fact]
    public async Task Many_first_uses_at_once_lose_nothing()
    {
        var hosts = Enumerable.Range(1, 40).Select(i => Host with { Address = $"192.0.2.{i}" }).ToList();
        await Task.WhenAll(hosts.Select(h => Task.Run(() => Assert.Null(new HostKeyVerifier(Path, [], trustOnFirstUse: true).Judge(h, Ed25519).Refusal))));
        var verifier = new HostKeyVerifier(Path, [], false);
        Assert.All(hosts, h => Assert.Null(verifier.Judge(h, Ed25519).Refusal));
        Assert.Equal(40, File.ReadAllLines(Path).Length);
    }

    [Fact]
    public void A_key_that_somebody_adds_meanwhile_is_seen()
    {
        var verifier = new HostKeyVerifier(Path, [], false);
        Assert.NotNull(verifier.Judge(Host, Ed25519).Refusal);
        Write($"192.0.2.1 ssh-ed25519 {Ed25519.Key}\n");
        Assert.Null(verifier.Judge(Host, Ed25519).Refusal);
    }

    [Fact]
    public void First_use_is_refused_where_it_cannot_be_remembered()
    {
        Directory.CreateDirectory(Path);
        var refusal = new HostKeyVerifier(Path, [], trustOnFirstUse: true).Judge(Host, Ed25519).Refusal!;
        Assert.Equal(ErrorCatalogue.KeyUnknown, refusal.Code);
        Assert.Contains("cannot be written", refusal.Message);
    }

    private MaestroException? Judge(HostEndpoint host, HostKey key) => new HostKeyVerifier(Path, [], false).Judge(host, key).Refusal;

    private void Write(string text)
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(Path)!);
        File.WriteAllText(Path, text);
    }

    private static List<string> Offer(string[] known, string[] without)
    {
        var info = new Renci.SshNet.ConnectionInfo("192.0.2.1", "root", new Renci.SshNet.NoneAuthenticationMethod("root"));
        SshLogin.OfferHostKeys(info, known, without);
        return [.. info.HostKeyAlgorithms.Keys];
    }

    private static HostKey KeyOf(string type, byte filling)
    {
        var bytes = new byte[4 + type.Length + 4 + 32];
        BinaryPrimitives.WriteInt32BigEndian(bytes, type.Length);
        Encoding.ASCII.GetBytes(type, bytes.AsSpan(4));
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(4 + type.Length), 32);
        bytes.AsSpan(8 + type.Length).Fill(filling);
        return HostKey.FromBytes(bytes);
    }
}
