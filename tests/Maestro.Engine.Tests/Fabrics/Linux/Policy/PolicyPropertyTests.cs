using System.Text;
using System.Text.RegularExpressions;
using CsCheck;
using Maestro.Engine.Fabrics.Linux.Policy;

namespace Maestro.Engine.Tests.Fabrics.Linux.Policy;

/// <summary>Whatever the author's hand did to the form, the statements are the same; whatever stands in names and strings, it stays there.</summary>
public sealed class PolicyPropertyTests
{
    private static readonly Gen<string> Words = Gen.OneOf("ip", "saddr", "10.0.0.0/8", "tcp", "dport", "22", "ssh-http", "!=", "1-9", "accept", "fe80::1", "&", "0x10", "eth0", "@set", ".", "counter", "eth*");

    // No quote, no control character: those are refused.
    private static readonly Gen<string> Odd = Gen.Char[' ', '\u024f'].Array[0, 12].Select(c => new string([.. c.Where(x => x != '"' && !char.IsControl(x))]));

    private static readonly Gen<string> Quoted = Gen.OneOf(Odd, Gen.OneOf("# no comment", "a { b } ; c", "\\", "$x", "table ip evil { }", "}; flush ruleset; {", "add @s { 1 }", "' && reboot #", "$(reboot)", "`reboot`")).Select(s => $"\"{s}\"");

    private static readonly Gen<string[]> Sets = Gen.OneOf(Words.Where(w => w is not ("&" or ".")), Quoted).Array[1, 4].Select(items => (string[])["{", .. items.SelectMany((e, i) => i == 0 ? [e] : (string[])[",", e]), "}"]);

    private static readonly Gen<string[]> Rules = Gen.OneOf(Words.Select(w => (string[])[w]), Quoted.Select(q => (string[])[q]), Sets).Array[1, 6].Select(parts => (string[])[.. parts.SelectMany(p => p)]).Where(r => r[0] != "{");

    private static readonly Gen<string> BetweenWords = Gen.OneOf(" ", "\t", "   ", " \\\n", " \\\n\t# a comment { \" ; in a line of its own\n ", " \\\r\n");

    private static readonly Gen<string> BetweenElements = Gen.OneOf("", " ", "\n", " # behind an element }\n", "\n\n# a line of its own \\\n", "\r\n");

    private static readonly Gen<string> Ends = Gen.OneOf("\n", ";", " ; ", " # the end; or {\n", "\n\n", "\n   # whole line\n", ";\n;\n", "\r\n");

    [Fact]
    public void Blanks_comments_and_continuations_change_no_statement() =>
        Gen.Select(Rules.Array[1, 5], BetweenWords.Array[40], BetweenElements.Array[40], Ends.Array[12]).Sample((rules, words, elements, ends) =>
        {
            var plain = "table t {\nchain c {\n" + string.Concat(rules.Select(r => string.Join(' ', r) + "\n")) + "}\n}\n";
            var noisy = new StringBuilder("table").Append(words[0]).Append('t').Append(words[1]).Append('{').Append(ends[10]).Append("chain").Append(words[2]).Append("c").Append(words[3]).Append('{').Append(ends[11]);
            var (w, e) = (4, 0);
            for (var r = 0; r < rules.Length; r++)
            {
                var inSet = false;
                foreach (var token in rules[r])
                {
                    noisy.Append(inSet ? elements[e++ % elements.Length] : "").Append(words[w++ % words.Length]).Append(token);
                    inSet = token == "{" || (inSet && token != "}");
                }

                noisy.Append(ends[r]);
            }

            noisy.Append("};}");

            Assert.Equal(MemoryPolicySource.Load(plain).Text, MemoryPolicySource.Load(noisy.ToString()).Text);
        }, iter: 3000);

    [Fact]
    public void What_stands_in_a_string_stays_there() =>
        Quoted.Sample(text =>
        {
            var policy = MemoryPolicySource.Load($"table inet t {{ comment {text}; chain c {{ accept comment {text}; }} }}");

            Assert.Equal($"table inet t {{\n\tcomment {text}\n\tchain c {{\n\t\taccept comment {text}\n\t}}\n}}\n", policy.Text);
            Assert.Equal([new NftTable("inet", "t")], policy.Tables);
        }, iter: 3000);

    [Fact]
    public void A_name_is_a_plain_word_or_refused() =>
        Gen.OneOf(Odd, Gen.OneOf("a;b", "a\nb", "../x", "-rf", "$(reboot)", "'", "a b", "a}b", "{", "..", "a/b-c")).Sample(name =>
        {
            try
            {
                var policy = MemoryPolicySource.Load($"table inet {name} {{ chain c {{ iif \"{name.Replace("\n", "")}\" accept; }} }}\ntable ip last\n");
                Assert.All(policy.Tables, t => Assert.Matches("^[A-Za-z_.][A-Za-z0-9_./-]*$", t.Name));
                Assert.All(policy.Devices, d => Assert.Matches("^[^-/ ][^/ ]*$", d));
            }
            catch (PolicyInvalidException)
            {
            }
        }, iter: 3000);

    // Pieces that mean something, so that many of the texts get somewhere.
    private static readonly Gen<string> Pieces = Gen.OneOf(
        Words,
        Quoted,
        Gen.OneOf("table", "t", "inet", "chain", "c", "set", "s", "{", "}", "{", "}", ";", "\n", "\n", "define", "x", "=", "$x", "$y", ",", "include", "\"f\"", "flush", "ruleset", "add", "rule", "element", "jump", "elements", "#", "\\", "\"", "(", ")", "maestro", "delete", "redefine", "prefix", "policy"));

    [Fact]
    public void Any_text_is_refused_with_its_places_or_travels_unchanged_from_then_on() =>
        Pieces.Array[0, 60].Select(p => string.Join(' ', p)).Sample(text =>
        {
            NftPolicy policy;
            try
            {
                policy = MemoryPolicySource.Load(text, ("f", "define x = 1\ntable t { }\n"));
            }
            catch (PolicyInvalidException refused)
            {
                Assert.NotEmpty(refused.Problems);
                Assert.All(refused.Problems, p => Assert.True(p.Line >= 1 && p.Column >= 1 && p.File is "policy.nft" or "f"));
                return;
            }

            Assert.Equal(policy.Text, PolicyFile.Parse(policy.Text).Text);
            Assert.DoesNotMatch(@"(?m)^\s*(include|define|redefine|undefine|flush|delete|list)\b", Regex.Replace(policy.Text, "\"[^\"]*\"", "\"\""));
            Assert.DoesNotContain(policy.Tables, t => t.Name.StartsWith("maestro", StringComparison.Ordinal));
        }, iter: 20_000);
}
