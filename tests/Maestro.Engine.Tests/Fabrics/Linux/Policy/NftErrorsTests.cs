using System.Globalization;
using Maestro.Engine.Fabrics.Linux.Policy;

namespace Maestro.Engine.Tests.Fabrics.Linux.Policy;

public sealed class NftErrorsTests : IDisposable
{
    // As nft 1.0.6 wrote it, but for the last two lines of other kinds.
    private const string Captured = """
        /dev/stdin:4:43-43: Error: syntax error, unexpected '}'
          set s3 { type ipv4_addr; elements = { { }, 9.9.9.9 }
                                                  ^
        /dev/stdin:13:60-65: Error: syntax error, unexpected quoted string, expecting accept or drop or '$'
          chain i { type filter hook input priority filter; policy "drop";
                                                                   ^^^^^^
        rt.nft:24:20-21: Error: conflicting intervals specified
        		tcp dport vmap { 80 : accept, 443 : goto from_dmz, 1-1023 : drop }
        		                 ^^                                ~~~~~~
        Error: Could not process rule: Operation not permitted
        netlink: Error: cache initialization failed: Operation not permitted
        """;

    private readonly Sandbox _sandbox = new();

    public void Dispose() => _sandbox.Dispose();

    [Fact]
    public void Place_words_and_marks_are_read()
    {
        var errors = NftErrors.Parse(Captured.ReplaceLineEndings("\n"));

        Assert.Equal(
            [("/dev/stdin", 4, 43, 43, "syntax error, unexpected '}'"), ("/dev/stdin", 13, 60, 65, "syntax error, unexpected quoted string, expecting accept or drop or '$'"), ("rt.nft", 24, 20, 21, "conflicting intervals specified"), ("", 0, 0, 0, "Could not process rule: Operation not permitted"), ("", 0, 0, 0, "cache initialization failed: Operation not permitted")],
            errors.Select(e => (e.File, e.Line, e.FirstColumn, e.LastColumn, e.Text)));
        Assert.EndsWith("\n                                          ^", errors[0].Excerpt, StringComparison.Ordinal);
        Assert.Equal("", errors[3].Excerpt);
    }

    [Theory]
    [InlineData("")]
    [InlineData("\n\n")]
    [InlineData("something else: 5\n")]
    [InlineData("a:99999999999999999999:1-1: Error: huge\n")]
    public void Output_of_another_kind_is_no_fault_of_ours(string output) => Assert.InRange(NftErrors.Parse(output).Count, 0, 1);

    // Each fault stands at the mark, '§' before the token that nft complains about.
    [SkippableTheory]
    [InlineData("table t {\n  chain c {\n    tcp dport 22 §acept\n  }\n}\n")]
    [InlineData("table t {\n  chain c { accept; tcp §dport §99999 drop; }\n}\n")]
    [InlineData("define p = 99999\ntable t { chain c { tcp dport 1 accept # é\n tcp dport §$p drop; } }\n")]
    [InlineData("table t { chain c { ip saddr 10.0.0.1 comment \"é\"; ip saddr { 10.0.0.1,\n  10.0.0.2,\n  §10.0.0.300 } accept; } }\n")]
    [InlineData("table t {\n chain c { jump §nowhere; }\n}\n")]
    [InlineData("table t { }\nadd chain t §c { type filter hook input priority 0; policy accept; };add rule t c tcp §dport §here accept\n")]
    [InlineData("table t { chain c { ip saddr §@unknown accept; } }\n")]
    [InlineData("table t { chain c { type filter hook §nowhere priority 0; } }\n")]
    public void A_complaint_of_nft_leads_to_the_authors_place(string marked)
    {
        Sandbox.SkipIfUnavailable();
        var policy = MemoryPolicySource.Load(marked.Replace("§", "", StringComparison.Ordinal));
        _sandbox.Write("file.nft", "add table ip t\ndelete table ip t\n" + policy.Text);

        var said = _sandbox.Run("nft -c -f - <\"$M/file.nft\"");

        var problems = NftErrors.Map(NftErrors.Parse(said), policy.Places, linesBefore: 2);
        Assert.NotEmpty(problems);
        Assert.Contains(Places(marked), p => p == string.Create(CultureInfo.InvariantCulture, $"{problems[0].Line}:{problems[0].Column}"));
        Assert.All(problems, p => Assert.Equal("policy.nft", p.File));
    }

    [Fact]
    public void A_complaint_about_lines_that_are_not_the_policys_has_no_place()
    {
        var policy = MemoryPolicySource.Load("table t\n");

        var problems = NftErrors.Map(NftErrors.Parse("x:1:1-5: Error: before\nx:3:1-5: Error: in it\nx:4:1-5: Error: behind\n"), policy.Places, linesBefore: 2);

        Assert.Equal([("", "before"), ("policy.nft", "in it"), ("", "behind")], problems.Select(p => (p.File, p.Text)));
    }

    private static IEnumerable<string> Places(string marked)
    {
        int line = 1, column = 1;
        foreach (var c in marked)
        {
            if (c == '§') yield return string.Create(CultureInfo.InvariantCulture, $"{line}:{column}");
            else if (c == '\n') (line, column) = (line + 1, 1);
            else column++;
        }
    }
}
