using Maestro.Engine.Fabrics.Linux.Ssh;

namespace Maestro.Engine.Tests.Fabrics.Linux.Ssh;

public sealed class RedactionTests
{
    [Fact]
    public void A_secret_is_taken_out_wherever_and_however_it_stands()
    {
        var text = Redaction.Apply($"P={PosixQuote.Word("it's-secret")}\nit's-secretit's-secret line-two-of-a-key", ["it's-secret", "line-one\nline-two-of-a-key\n"]);
        Assert.Equal("P=[redacted]\n[redacted][redacted] [redacted]", text);
    }

    [Fact]
    public void A_secret_inside_another_does_not_spare_the_rest() =>
        Assert.Equal("[redacted]!", Redaction.Apply("abcdefgh!", ["abcd", "abcdefgh"]));

    [Fact]
    public void Credentials_do_not_print_themselves() =>
        Assert.DoesNotContain("PRIVATE", new SshCredentials { KeyText = "PRIVATE", KeyPath = "PRIVATE" }.ToString());
}
