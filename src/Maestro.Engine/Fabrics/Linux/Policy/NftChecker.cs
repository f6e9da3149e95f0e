namespace Maestro.Engine.Fabrics.Linux.Policy;

/// <summary>
/// Decides what of a file is policy: which tables it declares, and that every statement is about one of them. The statements come out in one
/// form: with verb, family and table written out, and without those that mean "replace what is there", for that is done in any case.
/// </summary>
internal sealed class NftChecker(NftProblems problems)
{
    private const string OwnTable = "maestro";

    private readonly List<NftTable> _tables = [];
    private readonly HashSet<NftTable> _filled = [];
    private readonly List<(NftTable Table, NftToken At)> _emptied = [];
    private readonly List<NftStatement> _statements = [];
    private readonly List<string> _warnings = [];
    private bool _any;

    public IReadOnlyList<NftTable> Tables => _tables;

    public IReadOnlyList<NftStatement> Statements => _statements;

    public IReadOnlyList<string> Warnings => _warnings;

    public void Check(NftBlock file)
    {
        foreach (var statement in file.Statements)
        {
            CheckStatement(statement);
            _any = true;
        }

        foreach (var (table, at) in _emptied)
        {
            if (!_tables.Contains(table)) problems.Add(at.Problem($"table {table} is not declared by this policy"));
        }

        if (_tables.Count == 0 && !problems.Any) problems.Add(file.Close.Problem("the policy declares no table"));
    }

    private void CheckStatement(NftStatement statement)
    {
        var verb = statement.Word(0);
        var subject = statement.Word(1);
        switch (verb)
        {
            case "flush" when subject == "ruleset":
                if (!_any) _warnings.Add("'flush ruleset' means 'replace what Maestro owns' and is not sent: other tables on the members stay.");
                else problems.Add(statement.First.Problem("'flush ruleset' may only be the first statement: it would empty what stands before it, and tables that are not ours"));
                break;
            case "delete" or "destroy" or "flush" when subject == "table":
                Empty(statement, verb);
                break;
            case "table":
                Declare(statement, 1);
                break;
            case "add" or "create" when subject == "table":
                Declare(statement, 2);
                break;
            case "insert" when NftKeywords.Objects.Contains(subject) && subject != "rule":
                problems.Add(statement.First.Problem($"'insert {subject}' is nothing that nft knows; only rules are inserted"));
                break;
            case "insert" when subject != "rule":
                problems.Add(statement.First.Problem("'insert' must be followed by 'rule'"));
                break;
            case "add" or "create" or "insert":
                Refer(statement, verb, NftKeywords.Objects.Contains(subject) ? 1 : -1);
                break;
            case var _ when NftKeywords.Objects.Contains(verb):
                Refer(statement, "add", 0);
                break;
            case var _ when NftKeywords.OtherVerbs.Contains(verb):
                problems.Add(statement.First.Problem($"'{verb}' has no place in a policy: a policy says what shall be there, and nothing else"));
                break;
            case var _ when StartsWithOwnTable(statement):
                // "filter input accept": nft takes a rule without any verb.
                Refer(statement, "add", -1);
                break;
            default:
                problems.Add(statement.First.Problem($"a policy's statement cannot begin with '{statement.First.Text}'"));
                break;
        }
    }

    private void Declare(NftStatement statement, int at)
    {
        if (TableAt(statement, at) is not { } found) return;
        var (table, next) = found;
        if (next < statement.Head.Count) problems.Add(statement.Head[next].Problem($"expected a block or the end of the line behind the name of table {table}"));
        if (table.Name == OwnTable || table.Name.StartsWith(OwnTable + "_", StringComparison.Ordinal))
        {
            problems.Add(statement.Head[next - 1].Problem($"the table name '{table.Name}' is Maestro's own"));
            return;
        }

        if (NftKeywords.Unlistable.Contains(table.Name)) problems.Add(statement.Head[next - 1].Problem($"nft cannot list a table that is called '{table.Name}', so what the kernel holds could not be proven; use another name"));
        if (!_tables.Contains(table)) _tables.Add(table);
        foreach (var inner in statement.Block?.Statements ?? [])
        {
            _filled.Add(table);
            // nft takes the table away again when the process that made it ends.
            if (inner.Word(0) == "flags" && inner.Head.FirstOrDefault(t => t.IsWord("owner")) is { Line: > 0 } owner) problems.Add(owner.Problem("a table with an owner goes when nft ends, so it cannot be a policy"));
        }

        var name = statement.Head[next - 1];
        _statements.Add(statement with { Head = [statement.Head[at - 1], name.Synthetic(NftTokenKind.Word, table.Family), name with { Spaced = true }] });
    }

    /// <summary>A statement about something in a table. Its kind (<c>chain</c>, <c>rule</c>) stands at a place of the head; -1 for a rule that is not called one.</summary>
    private void Refer(NftStatement statement, string verb, int keyword)
    {
        var isRule = keyword < 0 || statement.Head[keyword].Text == "rule";
        var at = keyword < 0 ? (statement.First.Text == verb ? 1 : 0) : keyword + (statement.Head[keyword].Text == "ct" ? 2 : 1);
        if (TableAt(statement, at) is not { } found) return;
        var (table, next) = found;
        if (!_tables.Contains(table))
        {
            problems.Add(statement.Head[Math.Min(at, statement.Head.Count - 1)].Problem($"table {table} is not declared by this policy above this line"));
            return;
        }

        if (isRule && statement.Word(next + 1) is "handle" or "position") problems.Add(statement.Head[next + 1].Problem("a handle is known to one kernel only; a policy cannot refer to it"));
        _filled.Add(table);
        var first = statement.First;
        var kind = keyword < 0 ? [first.Synthetic(NftTokenKind.Word, "rule")] : statement.Head.Skip(keyword).Take(at - keyword).Select(t => t with { Spaced = true });
        _statements.Add(statement with { Head = [first.Synthetic(NftTokenKind.Word, verb), .. kind, first.Synthetic(NftTokenKind.Word, table.Family), statement.Head[next - 1] with { Spaced = true }, .. statement.Head.Skip(next)] });
    }

    // "table x; delete table x; table x { }" is how files replace a table.
    private void Empty(NftStatement statement, string verb)
    {
        if (TableAt(statement, 2) is not { } found) return;
        var table = found.Table;
        if (_filled.Contains(table))
        {
            problems.Add(statement.First.Problem($"'{verb} table {table}' would take away what stands above it"));
            return;
        }

        _emptied.Add((table, statement.First));
        _warnings.Add($"'{verb} table {table}' is not sent: the policy's tables are replaced in any case.");
    }

    private bool StartsWithOwnTable(NftStatement statement)
    {
        if (statement.First.Kind != NftTokenKind.Word || statement.Head.Count < 3) return false;
        return NftKeywords.Families.Contains(statement.Word(0)) || _tables.Contains(new NftTable("ip", statement.Word(0)));
    }

    /// <summary>The table whose family and name begin at a place of the head, and the place behind it.</summary>
    private (NftTable Table, int Next)? TableAt(NftStatement statement, int at)
    {
        var family = NftKeywords.Families.Contains(statement.Word(at)) ? statement.Word(at++) : "ip";
        var name = statement.Word(at);
        if (name.Length > 0 && !char.IsDigit(name[0]) && !name.Contains('*')) return (new NftTable(family, name), at + 1);
        problems.Add(statement.Head[Math.Min(at, statement.Head.Count - 1)].Problem("expected the name of a table here, a word without quotes"));
        return null;
    }
}
