namespace Maestro.Engine.Tests.Fabrics.Linux.Policy;

public sealed class PolicyVariableTests
{
    [Theory]
    [InlineData("define a = 22", "tcp dport $a", "tcp dport 22")]
    [InlineData("define a = 22", "tcp dport $ a accept", "tcp dport 22 accept")]
    [InlineData("define a = { 1, 2 }", "tcp dport $a", "tcp dport { 1, 2 }")]
    [InlineData("define a = { 1, 2 }\ndefine b = { $a, 3 }", "tcp dport $b", "tcp dport { 1, 2, 3 }")]
    [InlineData("define a = { }", "tcp dport { $a, 3 }", "tcp dport { 3 }")]
    [InlineData("define a = { 1, 2 }", "tcp dport vmap { $a : accept, 3 : drop }", "tcp dport vmap { 1 : accept, 2 : accept, 3 : drop }")]
    [InlineData("define a = 10\ndefine b = 20", "tcp dport $a - $b", "tcp dport 10 - 20")]
    [InlineData("define a = ssh", "tcp dport {$a,80}", "tcp dport { ssh, 80 }")]
    [InlineData("define a = 1 | 2", "meta mark & $a == $a", "meta mark & ( 1 | 2 ) == 1 | 2")]
    [InlineData("define a = 1 | 2", "meta mark set $a", "meta mark set 1 | 2")]
    [InlineData("define a = 1 | 2\ndefine b = $a & 3", "meta mark $b", "meta mark ( 1 | 2 ) & 3")]
    [InlineData("define a = 1 | 2\ndefine b = 3 & $a", "meta mark $b", "meta mark 3 & ( 1 | 2 )")]
    [InlineData("define a = 10.0.0.1\ndefine b = $a . 22", "ip saddr . tcp dport $b", "ip saddr . tcp dport 10.0.0.1 . 22")]
    [InlineData("define a = syn,ack", "tcp flags & $a == $a", "tcp flags & ( syn | ack ) == syn, ack")]
    [InlineData("define a = -5", "type filter hook input priority $a", "type filter hook input priority -5")]
    [InlineData("define a = \"filter\"", "type filter hook input priority $a", "type filter hook input priority filter")]
    [InlineData("define a = \"drop\"", "policy $a", "policy drop")]
    [InlineData("define a = \"other\"", "jump $a", "jump other")]
    [InlineData("define a = \"eth0\"", "iifname $a", "iifname \"eth0\"")]
    [InlineData("define a = \"x y\"\ndefine b = 7", "log prefix \"<$a-$b.c> \"", "log prefix \"<x y-7.c> \"")]
    [InlineData("define a = 1", "accept comment \"$a\"", "accept comment \"$a\"")]
    [InlineData("define a = 1\nredefine a = { $a, 2 }", "tcp dport $a", "tcp dport { 1, 2 }")]
    [InlineData("define a.b/c-d = 1", "tcp dport $a.b/c-d", "tcp dport 1")]
    public void A_variable_becomes_what_it_means(string definitions, string rule, string resolved)
    {
        var text = MemoryPolicySource.Load($"{definitions}\ntable t {{ chain c {{ {rule}; }} }}").Text;

        Assert.Equal($"table ip t {{\n\tchain c {{\n\t\t{resolved}\n\t}}\n}}\n", text);
    }

    [Fact]
    public void A_definition_binds_what_is_written_after_it() =>
        Assert.Contains("tcp dport 1\n\t\ttcp dport 2\n", MemoryPolicySource.Load("define a = 1\ndefine b = $a\nredefine a = 2\ntable t { chain c { tcp dport $b; tcp dport $a; } }").Text, StringComparison.Ordinal);

    [Fact]
    public void What_a_block_redefines_is_as_before_after_it()
    {
        var text = MemoryPolicySource.Load("define a = 1\ntable t { redefine a = 2; chain c { tcp dport $a; } }\ntable u { chain c { tcp dport $a; } }").Text;

        Assert.Contains("table ip t {\n\tchain c {\n\t\ttcp dport 2", text, StringComparison.Ordinal);
        Assert.Contains("table ip u {\n\tchain c {\n\t\ttcp dport 1", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_set_has_no_scope_of_its_own() =>
        Assert.Contains("meta mark 4", MemoryPolicySource.Load("table t { set s { type mark; define b = 4; elements = { $b }; }\nchain c { meta mark $b; } }").Text, StringComparison.Ordinal);

    [Fact]
    public void A_set_of_nothing_adds_nothing() =>
        Assert.Equal("table ip t {\n\tset s {\n\t\ttype mark\n\t}\n}\n", MemoryPolicySource.Load("define n = { }\ntable t { set s { type mark; elements = $n; } }\nadd element t s $n\nadd element t s { $n }\n").Text);

    [Theory]
    [InlineData("table t { chain c { tcp dport $a; } }", "policy.nft:1:31: the variable 'a' is not defined")]
    [InlineData("table t { chain c { tcp dport $a; } }\ndefine a = 1", "policy.nft:1:31: the variable 'a' is not defined")]
    [InlineData("table t { chain c { define a = 1; }\nchain d { tcp dport $a; } }", "policy.nft:2:21: the variable 'a' is not defined")]
    [InlineData("define a = 1\nundefine a\ntable t { chain c { tcp dport $a; } }", "policy.nft:3:31: the variable 'a' is not defined")]
    [InlineData("define a = 1\ndefine a = 2\ntable t", "policy.nft:2:8: 'a' is defined already; 'redefine' replaces it")]
    [InlineData("define a = 1\ntable t { define a = 2; }", "policy.nft:2:18: 'a' is defined already; 'redefine' replaces it")]
    [InlineData("define net = 10.0.0.0\ntable t { chain c { ip saddr $net/8; } }", "policy.nft:2:30: the variable 'net/8' is not defined: nft takes '/8' as a part of the name; put a blank before it")]
    [InlineData("define a =\ntable t", "policy.nft:1:8: 'a' is defined as nothing")]
    [InlineData("define = 1\ntable t", "policy.nft:1:1: define needs a name")]
    [InlineData("define a 1\ntable t", "policy.nft:1:8: expected '=' behind 'a'")]
    [InlineData("table t { chain c { tcp dport $; } }", "policy.nft:1:31: a variable's name must follow the dollar sign")]
    [InlineData("define l = 80,443\ntable t { chain c { tcp dport { $l }; } }", "policy.nft:2:33: 'l' is a list without braces, which nft reads as bits set together; define it with braces to mean 'one of'")]
    [InlineData("define s = { 1, 2 }\ntable t { chain c { ip saddr . tcp dport { 10.0.0.1 . $s }; } }", "policy.nft:2:55: 's' is a set, and nft takes no set inside an element")]
    [InlineData("table t { chain c { log prefix \"a$b\"; } }", "policy.nft:1:32: the variable 'b' in the log prefix is not defined")]
    [InlineData("table t { chain c { log prefix \"5 $\"; } }", "policy.nft:1:32: a '$' in a log prefix begins a variable's name")]
    [InlineData("define s = { 1, 2 }\ntable t { chain c { log prefix \"$s\"; } }", "policy.nft:2:32: the variable 's' is no single word, so it cannot stand in a log prefix")]
    public void A_wrong_variable_is_told_where_it_stands(string text, string fault) => Assert.Equal([fault], MemoryPolicySource.Faults(text));

    [Fact]
    public void A_value_made_of_itself_has_an_end()
    {
        var text = "define a0 = { 1, 2 }\n" + string.Concat(Enumerable.Range(1, 40).Select(i => $"define a{i} = {{ $a{i - 1}, $a{i - 1} }}\n")) + "table t";

        Assert.Contains("stand for more than", MemoryPolicySource.Faults(text)[0], StringComparison.Ordinal);
    }
}
