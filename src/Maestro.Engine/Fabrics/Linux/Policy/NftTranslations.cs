using System.Globalization;
using System.Text;
using Maestro.Engine.Clustering.Distribution.Nat;

namespace Maestro.Engine.Fabrics.Linux.Policy;

/// <summary>
/// Finds the statements of a policy that translate addresses of what a member forwards, and on which devices that can happen at all: as far as the rule itself, or the
/// rules that lead to its chain, name them one by one. What is said in other ways (by exclusion, in a set of its own, by what an earlier rule let go) counts as not said.
/// Hooks that see only what the host itself sends or gets are left out.
/// </summary>
internal sealed class NftTranslations
{
    // nft's own limit (NFT_JUMP_STACK_SIZE); what is deeper it refuses.
    private const int DeepestJump = 16;
    private const int LongestWords = 100;

    private static readonly HashSet<string> ChainProperties = new(StringComparer.Ordinal) { "type", "policy", "flags", "device", "devices", "comment" };

    private readonly Dictionary<(string Table, string Name), Chain> _chains = [];
    private readonly HashSet<(Chain, string)> _visited = [];
    private readonly List<AddressTranslation> _found = [];

    /// <param name="statements">As <see cref="NftChecker"/> puts them.</param>
    public static IReadOnlyList<AddressTranslation> Find(IReadOnlyList<NftStatement> statements)
    {
        var finder = new NftTranslations();
        foreach (var statement in statements) finder.Collect(statement);
        foreach (var chain in finder._chains.Values.Where(c => c.Hook.Length > 0)) finder.Visit(chain, new Path(chain.Hook, null, null, 0));
        // Who is led here by an element of a map is led here from anywhere.
        foreach (var chain in finder._chains.Values.Where(c => c.Hook.Length == 0 && !finder._visited.Any(v => v.Item1 == c)).ToList()) finder.Visit(chain, new Path("", null, null, 0));
        return finder._found;
    }

    private void Collect(NftStatement statement)
    {
        if (statement.Word(0) == "table")
        {
            var table = $"{statement.Word(1)} {statement.Word(2)}";
            foreach (var inner in (statement.Block?.Statements ?? []).Where(i => i.Word(0) == "chain")) Fill(ChainOf(table, inner.Word(1)), inner.Block);
        }
        else if (statement.Word(1) == "chain")
        {
            Fill(ChainOf($"{statement.Word(2)} {statement.Word(3)}", statement.Word(4)), statement.Block);
        }
        else if (statement.Word(1) == "rule")
        {
            ChainOf($"{statement.Word(2)} {statement.Word(3)}", statement.Word(4)).Rules.Add(statement with { Head = [.. statement.Head.Skip(5)] });
        }
    }

    private Chain ChainOf(string table, string name)
    {
        if (!_chains.TryGetValue((table, name), out var chain)) _chains[(table, name)] = chain = new Chain(table);
        return chain;
    }

    private static void Fill(Chain chain, NftBlock? block)
    {
        foreach (var statement in block?.Statements ?? [])
        {
            if (!ChainProperties.Contains(statement.Word(0))) chain.Rules.Add(statement);
            for (var i = 0; statement.Word(0) == "type" && i + 1 < statement.Head.Count; i++) if (statement.Head[i].IsWord("hook")) chain.Hook = statement.Head[i + 1].Text;
        }
    }

    private void Visit(Chain chain, Path path)
    {
        if (path.Depth > DeepestJump || path.Hook is "input" or "output" || !_visited.Add((chain, path.ToString()))) return;
        foreach (var rule in chain.Rules) Visit(chain, rule, path);
    }

    private void Visit(Chain chain, NftStatement rule, Path path)
    {
        var head = rule.Head;
        for (var i = 0; i < head.Count; i++)
        {
            if (head[i].Kind != NftTokenKind.Word) continue;
            switch (head[i].Text)
            {
                case "iif" or "iifname" or "oif" or "oifname":
                    if (IsVerdictMap(head, i)) i = Follow(chain, head, i, path);
                    else path = path.With(head[i].Text, NftDeviceMatch.Read(head, i));
                    break;
                case "jump" or "goto" when i + 1 < head.Count:
                    if (_chains.TryGetValue((chain.Table, head[i + 1].Text), out var next)) Visit(next, path with { Depth = path.Depth + 1 });
                    i++;
                    break;
                case "jump" or "goto":
                    foreach (var inner in rule.Block?.Statements ?? []) Visit(chain, inner, path);
                    break;
                default:
                    if (KindAt(head, i) is { } kind) Add(head, i, kind, path);
                    break;
            }
        }
    }

    private static bool IsVerdictMap(IReadOnlyList<NftToken> head, int i) =>
        i + 2 < head.Count && head[i + 1].IsWord("vmap") && head[i + 2].Kind == NftTokenKind.Open && !(i > 0 && head[i - 1].Text == ".");

    /// <summary>Where a map from one device to a jump leads.</summary>
    /// <returns>The place of its closing brace.</returns>
    private int Follow(Chain chain, IReadOnlyList<NftToken> head, int at, Path path)
    {
        var i = at + 3;
        for (; i < head.Count && head[i].Kind != NftTokenKind.Close; i++)
        {
            if (i + 3 >= head.Count || head[i + 1].Text != ":" || head[i + 2].Text is not ("jump" or "goto")) continue;
            if (_chains.TryGetValue((chain.Table, head[i + 3].Text), out var next)) Visit(next, path.With(head[at].Text, NftDeviceMatch.NameOf(head[i]) is { } name ? [name] : null) with { Depth = path.Depth + 1 });
            i += 3;
        }

        return i;
    }

    private static TranslationKind? KindAt(IReadOnlyList<NftToken> head, int i) => head[i].Text switch
    {
        "snat" when IsStatement(head, i) => TranslationKind.Source,
        "dnat" when IsStatement(head, i) => TranslationKind.Destination,
        "masquerade" when IsStatement(head, i) => TranslationKind.Masquerade,
        "redirect" when IsStatement(head, i) => TranslationKind.Redirect,
        // Without connection tracking, a packet at a time.
        "saddr" or "sport" when i + 1 < head.Count && head[i + 1].IsWord("set") => TranslationKind.Source,
        "daddr" or "dport" when i + 1 < head.Count && head[i + 1].IsWord("set") => TranslationKind.Destination,
        _ => null,
    };

    /// <summary>Not a value of <c>ct status</c>, and not the name of a chain.</summary>
    private static bool IsStatement(IReadOnlyList<NftToken> head, int i) =>
        i == 0 || (head[i - 1].Kind is NftTokenKind.Word or NftTokenKind.Quoted or NftTokenKind.Close && !head[i - 1].IsBinaryOperator && head[i - 1].Text is not ("status" or "jump" or "goto" or "eq" or "ne"));

    private void Add(IReadOnlyList<NftToken> head, int i, TranslationKind kind, Path path)
    {
        var rest = head.Skip(head[i].Text is "saddr" or "daddr" or "sport" or "dport" ? Math.Max(0, i - 1) : i).ToList();
        var into = NftTarget.Read(head, i + 1);
        _found.Add(new AddressTranslation
        {
            Place = string.Format(CultureInfo.InvariantCulture, "{0}:{1}", head[i].File, head[i].Line),
            Words = WordsOf(rest),
            Kind = kind,
            ArrivesOn = path.ArrivesOn,
            LeavesBy = path.LeavesBy,
            ChangesPort = head[i].Text is "sport" or "dport" || into.HasPort,
            Into = into.Addresses,
        });
    }

    private static string WordsOf(IReadOnlyList<NftToken> tokens)
    {
        var text = new StringBuilder();
        foreach (var token in tokens)
        {
            if (text.Length > 0 && token.Spaced) text.Append(' ');
            text.Append(token.Text);
            if (text.Length > LongestWords) return text.ToString(0, LongestWords) + "...";
        }

        return text.ToString();
    }

    private sealed class Chain(string table)
    {
        public string Table => table;

        public string Hook { get; set; } = "";

        public List<NftStatement> Rules { get; } = [];
    }

    /// <summary>How a packet came to a rule.</summary>
    private sealed record Path(string Hook, IReadOnlyList<string>? ArrivesOn, IReadOnlyList<string>? LeavesBy, int Depth)
    {
        public Path With(string selector, IReadOnlyList<string>? devices) =>
            devices is null ? this : selector[0] == 'i' ? this with { ArrivesOn = Both(ArrivesOn, devices) } : this with { LeavesBy = Both(LeavesBy, devices) };

        public override string ToString() => $"{Hook}|{Words(ArrivesOn)}|{Words(LeavesBy)}";

        private static IReadOnlyList<string> Both(IReadOnlyList<string>? one, IReadOnlyList<string> other) => one is null ? other : [.. one.Intersect(other)];

        private static string Words(IReadOnlyList<string>? devices) => devices is null ? "?" : string.Join(",", devices);
    }
}
