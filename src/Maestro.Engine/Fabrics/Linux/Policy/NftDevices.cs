namespace Maestro.Engine.Fabrics.Linux.Policy;

/// <summary>
/// Finds the devices that must exist for a policy to load: <c>iif</c>, <c>oif</c>, <c>fwd</c>, <c>dup</c> and base chains of netdev keep a
/// device's number and not its name. One too many costs a stand-in in the scratch namespace; one too few makes the proof impossible.
/// </summary>
internal sealed class NftDevices
{
    // IFNAMSIZ - 1 (linux/if.h).
    private const int LongestName = 15;

    private static readonly HashSet<string> NotNames = new(StringComparer.Ordinal)
    {
        "iif", "oif", "iifname", "oifname", "type", "check", "missing", "exists", "vmap", "map", "set", "lo", ".", "eq", "ne", "ip", "ip6", "tcp", "udp", "meta", "accept", "drop",
    };

    private readonly SortedSet<string> _names = new(StringComparer.Ordinal);

    public static IReadOnlyList<string> Find(IReadOnlyList<NftStatement> statements)
    {
        var devices = new NftDevices();
        devices.Visit(statements);
        return [.. devices._names];
    }

    private void Visit(IReadOnlyList<NftStatement> statements)
    {
        var keyed = statements.FirstOrDefault(s => s.Word(0) is "type" or "typeof");
        foreach (var statement in statements)
        {
            var head = statement.Head;
            for (var i = 0; i < head.Count; i++)
            {
                if (head[i].Kind != NftTokenKind.Word) continue;
                switch (head[i].Text)
                {
                    case "device":
                        Take(head, i + 1, 0);
                        break;
                    case "devices":
                        TakeValue(head, i + 1, 0);
                        break;
                    case "to" when i > 0 && head.Take(i).Any(t => t.Text is "fwd" or "dup"):
                        TakeForwarded(head, i + 1);
                        break;
                    case "iif" or "oif" or "sdif" when statement != keyed:
                        TakeValue(head, i + 1, ComponentOf(head, i));
                        break;
                }
            }

            if (head[0].Text == "elements" && keyed is not null) TakeElements(head, keyed.Head);
            if (statement.Block is { } block) Visit(block.Statements);
        }
    }

    /// <summary>Which part of a concatenation a word is: 1 in <c>ip saddr . iif</c>.</summary>
    private static int ComponentOf(IReadOnlyList<NftToken> head, int at)
    {
        var component = 0;
        var i = at - 1;
        if (i >= 0 && head[i].Text == "meta") i--;
        while (i >= 0 && head[i].Text == ".")
        {
            component++;
            for (i--; i >= 0 && head[i].Kind == NftTokenKind.Word && head[i].Text != "."; i--)
            {
            }
        }

        return component;
    }

    /// <summary>The value that a selector is compared with: skips the rest of the concatenation, the operator and <c>vmap</c>.</summary>
    private void TakeValue(IReadOnlyList<NftToken> head, int i, int component)
    {
        if (i < head.Count && head[i].Text == ".")
        {
            while (i < head.Count && head[i].Kind == NftTokenKind.Word && head[i].Text is not ("vmap" or "map" or "eq" or "ne")) i++;
        }

        while (i < head.Count && head[i].Text is "=" or "==" or "!=" or "eq" or "ne" or "vmap" or "map") i++;
        if (i >= head.Count) return;
        if (head[i].Kind == NftTokenKind.Open) TakeItems(head, i, item => Take(item, 0, component));
        else Take(head, i, component);
    }

    private void TakeElements(IReadOnlyList<NftToken> head, IReadOnlyList<NftToken> key)
    {
        var open = 0;
        while (open < head.Count && head[open].Kind != NftTokenKind.Open) open++;
        if (open == head.Count) return;
        int component = 0, half = 0;
        foreach (var token in key)
        {
            if (token.Text == ".") component++;
            if (token.Text == ":") (component, half) = (0, half + 1);
            if (token.Text is not ("iface_index" or "iif" or "oif" or "sdif")) continue;
            var (part, side) = (component, half);
            TakeItems(head, open, item => Take([.. Half(item, side)], 0, part));
        }
    }

    private void TakeForwarded(IReadOnlyList<NftToken> head, int i)
    {
        if (!head.Skip(i).Any(t => t.IsWord("map"))) Take(head, i, 0);
        while (i < head.Count && head[i].Kind != NftTokenKind.Open) i++;
        if (i < head.Count) TakeItems(head, i, item => Take([.. Half(item, 1)], 0, 0));
    }

    private static IEnumerable<NftToken> Half(IReadOnlyList<NftToken> item, int side)
    {
        var colon = item.Select((t, i) => (t, i)).FirstOrDefault(p => p.t.Text == ":").i;
        if (colon == 0) return side == 0 ? item : [];
        return side == 0 ? item.Take(colon) : item.Skip(colon + 1);
    }

    private static void TakeItems(IReadOnlyList<NftToken> head, int open, Action<IReadOnlyList<NftToken>> take)
    {
        var item = new List<NftToken>();
        for (var i = open + 1; i < head.Count && head[i].Kind != NftTokenKind.Close; i++)
        {
            if (!head[i].IsComma)
            {
                item.Add(head[i]);
                continue;
            }

            take(item);
            item = [];
        }

        take(item);
    }

    /// <summary>Takes one part of the concatenation that begins at a token.</summary>
    private void Take(IReadOnlyList<NftToken> tokens, int i, int component)
    {
        for (; component > 0 && i < tokens.Count; i++)
        {
            if (tokens[i].Text == ".") component--;
        }

        if (i >= tokens.Count || tokens[i].Kind is not (NftTokenKind.Word or NftTokenKind.Quoted)) return;
        var name = tokens[i].Unquoted;
        if (name.Length is 0 or > LongestName || NotNames.Contains(name) || char.IsDigit(name[0]) || name[0] == '-' || name.IndexOfAny(['/', ' ', '*', '\\']) >= 0) return;
        _names.Add(name);
    }
}
