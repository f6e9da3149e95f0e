using System.Text;

namespace Maestro.Engine.Fabrics.Linux.Policy;

/// <summary>
/// Reads a policy: which tables it declares, and that every statement is about one of them. Rules themselves are checked by each gateway's own
/// nft. A leading <c>flush ruleset</c> means "replace what Maestro owns" and does not travel.
/// </summary>
internal sealed class NftReader
{
    private static readonly HashSet<string> Families = new(StringComparer.Ordinal) { "ip", "ip6", "inet", "arp", "bridge", "netdev" };
    private static readonly HashSet<string> Reserved = new(StringComparer.Ordinal) { "maestro", "maestro_initial" };
    private static readonly HashSet<string> Objects = new(StringComparer.Ordinal)
    {
        "chain", "rule", "set", "map", "element", "flowtable", "counter", "quota", "limit", "secmark", "synproxy", "ct",
    };

    private readonly List<PolicyProblem> _problems = [];
    private readonly List<NftTable> _tables = [];
    private readonly List<string> _warnings = [];
    private readonly StringBuilder _text = new();
    private readonly List<(string, int, int)> _places = [];
    private readonly SortedSet<string> _devices = new(StringComparer.Ordinal);

    /// <exception cref="Model.Errors.MaestroException"><c>PolicyInvalid</c> with every fault found; <c>PolicyNotFound</c>.</exception>
    public static NftPolicy Read(string path, IPolicySource source)
    {
        var reader = new NftReader();
        var files = source.Roots(path);
        var tokens = new NftResolver(source, reader._problems).Resolve(files);
        reader.ReadStatements(tokens);
        if (reader._tables.Count == 0 && reader._problems.Count == 0) reader._problems.Add(new PolicyProblem(files[0], 1, 1, "the policy declares no table"));
        if (reader._problems.Count > 0) throw PolicyProblem.ToException(reader._problems, path);
        return new NftPolicy
        {
            Text = reader._text.ToString(),
            Tables = reader._tables,
            Devices = [.. reader._devices],
            Places = reader._places,
            Warnings = reader._warnings,
        };
    }

    private void ReadStatements(IReadOnlyList<NftToken> tokens)
    {
        var statement = new List<NftToken>();
        var depth = 0;
        var any = false;
        foreach (var token in tokens)
        {
            if (token.Kind == NftTokenKind.Open) depth++;
            if (token.Kind == NftTokenKind.Close && --depth < 0)
            {
                _problems.Add(token.Problem("unexpected '}'"));
                depth = 0;
            }

            if (depth == 0 && token.EndsStatement)
            {
                if (statement.Count > 0) ReadStatement(statement, first: !any);
                any |= statement.Count > 0;
                statement = [];
                continue;
            }

            if (statement.Count > 0 || token.Kind != NftTokenKind.NewLine) statement.Add(token);
        }

        if (depth > 0) _problems.Add(statement.Count > 0 ? statement[0].Problem("the block that begins here is not closed") : new PolicyProblem("", 1, 1, "a block is not closed"));
        else if (statement.Count > 0) ReadStatement(statement, first: !any);
    }

    private void ReadStatement(List<NftToken> statement, bool first)
    {
        var words = statement.Where(t => t.Kind != NftTokenKind.NewLine).ToList();
        var verb = words[0].Text;
        var second = words.Count > 1 ? words[1].Text : "";
        switch (verb)
        {
            case "flush" when second == "ruleset":
                if (first) _warnings.Add("'flush ruleset' means 'replace what Maestro owns' and is not sent: other tables on the members stay.");
                else _problems.Add(words[0].Problem("'flush ruleset' may only be the first statement: it would empty what stands before it"));
                return;

            case "table":
                Declare(words, 1, statement);
                return;

            case "add" or "create" when second == "table":
                Declare(words, 2, statement);
                return;

            case "delete" or "flush" or "destroy" when second == "table" && Refer(words, 2) is { } emptied:
                // "table x; delete table x; table x { }" is how files replace a table; ours replaces all it owns anyway.
                _warnings.Add($"'{verb} table {emptied}' is not sent: the policy's tables are replaced in any case.");
                return;

            case "add" or "create" or "insert" when Objects.Contains(second):
                if (Refer(words, second == "ct" ? 3 : 2) is not null) Write(statement);
                return;

            default:
                if (Objects.Contains(verb) && Refer(words, verb == "ct" ? 2 : 1) is not null) Write(statement);
                else if (!Objects.Contains(verb)) _problems.Add(words[0].Problem(verb is "delete" or "flush" or "destroy" && second == "table" ? "the table is not declared by this policy" : $"'{verb}' has no place in a policy"));
                return;
        }
    }

    private void Declare(List<NftToken> words, int at, List<NftToken> statement)
    {
        if (TableAt(words, at) is not { } table) return;
        if (Reserved.Contains(table.Name))
        {
            _problems.Add(words[at].Problem($"the table name '{table.Name}' is Maestro's own"));
            return;
        }

        if (!_tables.Contains(table)) _tables.Add(table);
        Write(statement);
    }

    /// <summary>The table that a statement is about; null, with a problem, when the policy does not declare it.</summary>
    private NftTable? Refer(List<NftToken> words, int at)
    {
        if (TableAt(words, at) is not { } table) return null;
        if (_tables.Contains(table)) return table;
        _problems.Add(words[at].Problem($"table {table} is not declared by this policy"));
        return null;
    }

    private NftTable? TableAt(List<NftToken> words, int at)
    {
        if (at < words.Count && Families.Contains(words[at].Text) && at + 1 < words.Count) return new NftTable(words[at].Text, words[at + 1].Text);
        // Without a family nft means ip.
        if (at < words.Count && words[at].Kind == NftTokenKind.Word) return new NftTable("ip", words[at].Text);
        _problems.Add(words[words.Count - 1].Problem("a table's name is missing"));
        return null;
    }

    private void Write(List<NftToken> statement)
    {
        FindDevices(statement);
        var depth = 0;
        var atStart = true;
        foreach (var token in statement)
        {
            if (token.Kind == NftTokenKind.NewLine)
            {
                if (!atStart) EndLine();
                atStart = true;
                continue;
            }

            if (atStart)
            {
                _places.Add((token.File, token.Line, token.Column));
                _text.Append('\t', token.Kind == NftTokenKind.Close ? Math.Max(depth - 1, 0) : depth);
            }
            else
            {
                _text.Append(token.Kind == NftTokenKind.Semicolon || token.Text == "," ? "" : " ");
            }

            _text.Append(token.Text);
            atStart = false;
            if (token.Kind == NftTokenKind.Open) depth++;
            if (token.Kind == NftTokenKind.Close) depth--;
        }

        if (!atStart) EndLine();
    }

    private void EndLine() => _text.Append('\n');

    private void FindDevices(List<NftToken> statement)
    {
        for (var i = 0; i < statement.Count - 1; i++)
        {
            if (statement[i].Text is not ("iif" or "oif" or "device" or "devices")) continue;
            var j = i + 1;
            while (j < statement.Count && statement[j].Text is "=" or "!=" or "==") j++;
            if (j >= statement.Count) continue;
            if (statement[j].Kind != NftTokenKind.Open)
            {
                Take(statement[j]);
                continue;
            }

            for (j++; j < statement.Count && statement[j].Kind != NftTokenKind.Close; j++) Take(statement[j]);
        }

        void Take(NftToken token)
        {
            if (token.Kind is not (NftTokenKind.Word or NftTokenKind.Text)) return;
            var name = token.Text.Trim('"');
            if (name.Length is > 0 and < 16 && name is not ("lo" or "vmap" or "map" or ".") && !name.StartsWith("@", StringComparison.Ordinal)) _devices.Add(name);
        }
    }
}
