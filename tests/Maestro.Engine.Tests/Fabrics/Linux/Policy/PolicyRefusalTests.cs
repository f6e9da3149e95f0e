using Maestro.Engine.Model.Errors;

namespace Maestro.Engine.Tests.Fabrics.Linux.Policy;

public sealed class PolicyRefusalTests
{
    [Theory]
    [InlineData("", "policy.nft:1:1: the policy declares no table")]
    [InlineData("define a = 1\n", "policy.nft:1:1: the policy declares no table")]
    [InlineData("table t\n flush ruleset", "policy.nft:2:2: 'flush ruleset' may only be the first statement: it would empty what stands before it, and tables that are not ours")]
    [InlineData("table t\nadd rule inet t c accept", "policy.nft:2:10: table inet t is not declared by this policy above this line")]
    [InlineData("add rule t c accept\ntable t", "policy.nft:1:10: table ip t is not declared by this policy above this line")]
    [InlineData("table t\nelement u s { 1 }", "policy.nft:2:9: table ip u is not declared by this policy above this line")]
    [InlineData("table t\nadd ct helper u h { type \"ftp\" protocol tcp; }", "policy.nft:2:15: table ip u is not declared by this policy above this line")]
    [InlineData("table t { chain c { accept; } }\ndelete table t", "policy.nft:2:1: 'delete table ip t' would take away what stands above it")]
    [InlineData("table t\nadd chain t c\nflush table t", "policy.nft:3:1: 'flush table ip t' would take away what stands above it")]
    [InlineData("delete table inet u\ntable t", "policy.nft:1:1: table inet u is not declared by this policy")]
    [InlineData("table t\nlist ruleset", "policy.nft:2:1: 'list' has no place in a policy: a policy says what shall be there, and nothing else")]
    [InlineData("table t\nmonitor", "policy.nft:2:1: 'monitor' has no place in a policy: a policy says what shall be there, and nothing else")]
    [InlineData("table t\nreset counters", "policy.nft:2:1: 'reset' has no place in a policy: a policy says what shall be there, and nothing else")]
    [InlineData("table t\nrename chain t a b", "policy.nft:2:1: 'rename' has no place in a policy: a policy says what shall be there, and nothing else")]
    [InlineData("table t\ndelete rule t c handle 5", "policy.nft:2:1: 'delete' has no place in a policy: a policy says what shall be there, and nothing else")]
    [InlineData("table t\nreplace rule t c handle 5 accept", "policy.nft:2:1: 'replace' has no place in a policy: a policy says what shall be there, and nothing else")]
    [InlineData("table t\nadd rule t c handle 5 accept", "policy.nft:2:14: a handle is known to one kernel only; a policy cannot refer to it")]
    [InlineData("table t\ninsert rule ip t c position 5 accept", "policy.nft:2:20: a handle is known to one kernel only; a policy cannot refer to it")]
    [InlineData("table t\ninsert chain t c", "policy.nft:2:1: 'insert chain' is nothing that nft knows; only rules are inserted")]
    [InlineData("table t\nfrobnicate now", "policy.nft:2:1: a policy's statement cannot begin with 'frobnicate'")]
    [InlineData("table t\n{ }", "policy.nft:2:1: a policy's statement cannot begin with '{'")]
    [InlineData("table inet maestro { }", "policy.nft:1:12: the table name 'maestro' is Maestro's own")]
    [InlineData("table maestro_initial", "policy.nft:1:7: the table name 'maestro_initial' is Maestro's own")]
    [InlineData("table inet meters", "policy.nft:1:12: nft cannot list a table that is called 'meters', so what the kernel holds could not be proven; use another name")]
    [InlineData("table t { flags owner; }", "policy.nft:1:17: a table with an owner goes when nft ends, so it cannot be a policy")]
    [InlineData("table \"t\" { }", "policy.nft:1:7: expected the name of a table here, a word without quotes")]
    [InlineData("table inet { }", "policy.nft:1:7: expected the name of a table here, a word without quotes")]
    [InlineData("table t u { }", "policy.nft:1:9: expected a block or the end of the line behind the name of table ip t")]
    [InlineData("table t {\nchain c {\naccept\n}\n", "policy.nft:1:9: the block that begins here is not closed")]
    [InlineData("table t { chain c { accept; } } }", "policy.nft:1:33: unexpected '}'")]
    [InlineData("table t { chain c { ip saddr { 10.0.0.1 accept; } }", "policy.nft:1:30: the brace that opens here is not closed")]
    [InlineData("table t { chain c { tcp dport { 1, , 2 }; } }", "policy.nft:1:36: an element is missing before the comma")]
    [InlineData("table t { chain c { log prefix \"abc; } }", "policy.nft:1:32: the string that begins here has no end on its line")]
    [InlineData("table t { chain c { accept comment \"a\tb\"; } }", "policy.nft:1:36: the string holds a control character")]
    [InlineData("table t { chain c { tcp dport 22 ~ accept; } }", "policy.nft:1:34: unexpected character '~'")]
    [InlineData("table t\0", "policy.nft:1:8: unexpected control character")]
    [InlineData("table t\ninclude rules.nft", "policy.nft:2:1: include needs the name of a file in double quotes")]
    [InlineData("table t\ninclude \"gone.nft\"", "policy.nft:2:1: the included file \"gone.nft\" does not exist")]
    public void A_fault_is_told_with_file_line_and_column(string text, string fault) => Assert.Equal(fault, MemoryPolicySource.Faults(text)[0]);

    [Fact]
    public void All_faults_are_told_at_once()
    {
        var faults = MemoryPolicySource.Faults("table inet maestro\ntable t { chain c { tcp dport $a; tcp dport $b; } }\nadd rule u c accept\ninclude \"gone\"\nlist tables\n");

        Assert.Equal(["2:31", "2:45", "4:1", "1:12", "3:10", "5:1"], faults.Select(f => string.Join(':', f.Split(':')[1..3])));
    }

    [Fact]
    public void The_error_is_PolicyInvalid_about_the_path()
    {
        var error = Assert.ThrowsAny<MaestroException>(() => MemoryPolicySource.Load("list ruleset"));

        Assert.Equal(ErrorCatalogue.PolicyInvalid, error.Code);
        Assert.Equal("policy.nft", error.Target);
        Assert.Contains("policy.nft:1:1: 'list' has no place", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_leading_flush_ruleset_is_not_sent_and_said()
    {
        var policy = MemoryPolicySource.Load("# first\ndefine a = 1\nflush ruleset\ntable t\n");

        Assert.Equal("table ip t\n", policy.Text);
        Assert.Contains("flush ruleset", Assert.Single(policy.Warnings), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("table t\ndelete table t\ntable t { chain c { accept; } }")]
    [InlineData("add table t\nflush table ip t\ntable t { chain c { accept; } }")]
    [InlineData("destroy table t\ntable t { chain c { accept; } }")]
    public void Replacing_the_whole_table_first_is_not_sent_and_said(string text)
    {
        var policy = MemoryPolicySource.Load(text);

        Assert.DoesNotContain("delete", policy.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("flush", policy.Text, StringComparison.Ordinal);
        Assert.Contains("is not sent", Assert.Single(policy.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void An_include_in_a_circle_is_refused() =>
        Assert.Equal(["b:1:1: \"a\" includes itself"], MemoryPolicySource.Faults("include \"a\"\ntable t\n", ("a", "include \"b\"\n"), ("b", "include \"a\"\n")));

    [Fact]
    public void An_include_that_goes_too_deep_is_refused()
    {
        var files = Enumerable.Range(1, 20).Select(i => ($"f{i}", $"include \"f{i + 1}\"\n")).Append(("f21", "table t\n")).ToArray();

        Assert.Contains("more than 16 deep", Assert.Single(MemoryPolicySource.Faults("include \"f1\"\ntable u\n", files)), StringComparison.Ordinal);
    }

    [Fact]
    public void Blocks_and_sets_without_end_are_refused_and_not_followed()
    {
        Assert.Contains(MemoryPolicySource.Faults("table t { chain c {" + string.Concat(Enumerable.Repeat(" jump {", 50_000))), f => f.Contains("blocks are nested", StringComparison.Ordinal));
        Assert.Contains(MemoryPolicySource.Faults("table t { chain c { tcp dport " + new string('{', 50_000)), f => f.Contains("sets are nested", StringComparison.Ordinal));
    }

    [Fact]
    public void An_included_file_ends_its_last_statement() =>
        Assert.Equal("table ip t {\n\tchain c {\n\t\taccept\n\t\tdrop\n\t}\n}\n", MemoryPolicySource.Load("table t { chain c { include \"r\"; drop; } }", ("r", "accept")).Text);
}
