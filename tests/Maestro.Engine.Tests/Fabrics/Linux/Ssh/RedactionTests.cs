using Maestro.Engine.Fabrics.Linux.Ssh;
using Maestro.Engine.Hosting;

namespace Maestro.Engine.Tests.Fabrics.Linux.Ssh;

public sealed class RedactionTests
{
    [Fact]
    public void A_secret_is_taken_out_wherever_and_however_it_stands()
    {
        var text = new Redaction(["it's-secret", "line-one\nline-two-of-a-key\n"]).Apply($"P={PosixQuote.Word("it's-secret")}\nit's-secretit's-secret line-two-of-a-key");
        Assert.Equal("P=[redacted]\n[redacted][redacted] [redacted]", text);
    }

    [Fact]
    public void A_secret_inside_another_does_not_spare_the_rest() =>
        Assert.Equal("[redacted]!", new Redaction(["abcd", "abcdefgh"]).Apply("abcdefgh!"));

    [Fact]
    public void Credentials_do_not_print_themselves()
    {
        Assert.DoesNotContain("PRIVATE", new SshCredentials { KeyText = "PRIVATE", KeyPath = "PRIVATE" }.ToString());
        Assert.DoesNotContain("PRIVATE", new InventoryOptions { Path = "fra.json", KeyText = "PRIVATE" }.ToString());
    }

    /// <summary>A policy may hold any word, a short password too, and counts byte by byte.</summary>
    [Fact]
    public void What_a_host_sends_as_data_stays_and_what_it_says_is_redacted()
    {
        var answer = new ScriptAnswer(ScriptOutcome.Answered, 0, "@outcome drop\n@reason it says drop\ntcp dport 80 drop\n") { ErrorOutput = "drop!", Redaction = new Redaction(["drop"]) };

        Assert.Equal(("drop", "it says [redacted]"), (answer.Value("outcome"), answer.Word("reason")));
        Assert.Contains("dport 80 drop", answer.Output);
        Assert.Equal("tcp dport 80 [redacted]\n[redacted]!", answer.Evidence);
        Assert.DoesNotContain("drop", answer.Transcript);
    }

    [Fact]
    public void A_line_of_the_wire_is_one_line_without_secrets()
    {
        var trace = new WireTrace(DateTimeOffset.UnixEpoch, "fw-a1", WireEvent.Answered, new Redaction(["it's-secret"]), () => "exit 1; no it's-secret\nmore", () => "body it's-secret");

        Assert.Equal("fw-a1 answered: exit 1; no [redacted]", trace.Line);
        Assert.Equal("fw-a1 answered: exit 1; no [redacted]\nbody [redacted]", trace.Text);
    }
}
