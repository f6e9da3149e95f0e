using System.Diagnostics;
using Maestro.Engine.Fabrics.Linux.Ssh;

namespace Maestro.Engine.Tests.Fabrics.Linux.Ssh;

public sealed class KnownHostsTests
{
    private const string Key = "AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl";
    private const string Other = "AAAAC3NzaC1lZDI1NTE5AAAAIN9bXq2ak9FcVQ7nUmUvJ0T1pGq3xkWmKk3Q4m0X0w7A";

    [Theory]
    [InlineData("fw", "fw", 22, true)]
    [InlineData("FW.Example", "fw.example", 22, true)]
    [InlineData("fw", "fw", 2222, false)]
    [InlineData("[fw]:2222", "fw", 2222, true)]
    [InlineData("[fw]:2222", "fw", 22, false)]
    [InlineData("a,fw,192.0.2.1", "192.0.2.1", 22, true)]
    [InlineData("a,fw", "f", 22, false)]
    [InlineData("*.example", "fw.example", 22, true)]
    [InlineData("*.example", "example", 22, false)]
    [InlineData("*.example,!fw.example", "fw.example", 22, false)]
    [InlineData("!fw.example,*.example", "fw.example", 22, false)]
    [InlineData("!fw.example,*.example", "fx.example", 22, true)]
    [InlineData("!fw", "fx", 22, false)]
    [InlineData("fw-?", "fw-1", 22, true)]
    [InlineData("fw-?", "fw-12", 22, false)]
    [InlineData("*", "anything", 22, true)]
    [InlineData("f*w*1", "fooww-x1", 22, true)]
    [InlineData("2001:db8::1", "2001:db8::1", 22, true)]
    [InlineData("[2001:db8::1]:2222", "2001:db8::1", 2222, true)]
    public void A_host_is_found_by_the_names_of_its_line(string names, string host, int port, bool isFound) =>
        Assert.Equal(isFound, KnownHosts.Parse($"{names} ssh-ed25519 {Key}\n").For(host, port).Any());

    [SkippableTheory]
    [InlineData("fw.example", 22)]
    [InlineData("fw.example", 2222)]
    [InlineData("2001:db8::7", 2222)]
    public void A_name_that_ssh_keygen_hashed_is_found(string host, int port)
    {
        Skip.IfNot(LocalShell.Exists("ssh-keygen"), "ssh-keygen is not installed: its hashed names are not seen");
        var folder = Directory.CreateTempSubdirectory("known-hosts-");
        try
        {
            var path = Path.Combine(folder.FullName, "known_hosts");
            File.WriteAllText(path, $"{KnownHosts.NameOf(host, port)} ssh-ed25519 {Key}\n");
            using var hashing = Process.Start(new ProcessStartInfo("ssh-keygen", ["-H", "-f", path]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            hashing.WaitForExit();
            var text = File.ReadAllText(path);
            Assert.StartsWith("|1|", text, StringComparison.Ordinal);
            Assert.Equal(Key, Assert.Single(KnownHosts.Parse(text).For(host, port)).Key);
            Assert.Empty(KnownHosts.Parse(text).For("other.example", port));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void All_keys_of_a_host_stand_in_the_order_of_the_file()
    {
        var known = KnownHosts.Parse($"# fw\n\nfw ssh-rsa {Other}\nfw ssh-ed25519 {Key} root@fw a comment\nfx ssh-ed25519 {Other}\n");
        Assert.Equal(["ssh-rsa", "ssh-ed25519"], known.For("fw", 22).Select(k => k.Type));
    }

    [Fact]
    public void A_revoked_key_is_on_no_record_and_an_authority_is_no_key()
    {
        var known = KnownHosts.Parse($"fw ssh-ed25519 {Key}\n@revoked * ssh-ed25519 {Key}\n@cert-authority *.example ssh-ed25519 {Other}\n");
        Assert.True(known.IsRevoked("fw", 22, new HostKey("ssh-ed25519", Key)));
        Assert.False(known.IsRevoked("fw", 22, new HostKey("ssh-ed25519", Other)));
        Assert.Empty(known.For("fw", 22));
        Assert.Empty(known.For("fw.example", 22));
        Assert.True(known.HasAuthority("fw.example", 22));
        Assert.False(known.HasAuthority("fw", 22));
    }

    [Theory]
    [InlineData("fw")]
    [InlineData("fw ssh-ed25519")]
    [InlineData("@revoked fw ssh-ed25519")]
    [InlineData("|1|nonsense ssh-ed25519 AAAA")]
    [InlineData("|1|***|*** ssh-ed25519 AAAA")]
    public void A_line_that_is_cut_off_or_damaged_vouches_for_nobody(string line) => Assert.Empty(KnownHosts.Parse(line).For("fw", 22));
}
