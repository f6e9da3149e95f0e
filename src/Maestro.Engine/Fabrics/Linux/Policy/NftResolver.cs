using System.Globalization;

namespace Maestro.Engine.Fabrics.Linux.Policy;

/// <summary>Takes includes in and replaces variables by what they stand for, so that what travels depends on no other file. A block's definitions end with it.</summary>
internal sealed class NftResolver(IPolicySource source, List<PolicyProblem> problems)
{
    // nft itself stops at 16 (MAX_INCLUDE_DEPTH in its source).
    private const int DeepestInclude = 16;

    private readonly List<Dictionary<string, List<NftToken>>> _scopes = [new(StringComparer.Ordinal)];
    private readonly List<NftToken> _output = [];

    public IReadOnlyList<NftToken> Resolve(IReadOnlyList<string> files)
    {
        foreach (var file in files) Take(file, depth: 0);
        return _output;
    }

    private void Take(string file, int depth)
    {
        var tokens = NftLexer.Read(source.Read(file), file).ToList();
        var i = 0;
        var begins = true;
        while (i < tokens.Count)
        {
            var token = tokens[i];
            if (begins && token.Kind == NftTokenKind.Word && token.Text is "include") Include(tokens, ref i, depth);
            else if (begins && token.Kind == NftTokenKind.Word && token.Text is "define" or "redefine" or "undefine") Define(tokens, ref i);
            else
            {
                Emit(token);
                i++;
            }

            begins = i > 0 && i <= tokens.Count && (tokens[i - 1].EndsStatement || tokens[i - 1].Kind is NftTokenKind.Open or NftTokenKind.Close);
        }

        _output.Add(new NftToken(NftTokenKind.NewLine, "\n", file, tokens.Count == 0 ? 1 : tokens[tokens.Count - 1].Line, 1));
    }

    private void Emit(NftToken token)
    {
        switch (token.Kind)
        {
            case NftTokenKind.Open:
                _scopes.Add(new(StringComparer.Ordinal));
                break;
            case NftTokenKind.Close when _scopes.Count > 1:
                _scopes.RemoveAt(_scopes.Count - 1);
                break;
            case NftTokenKind.Variable:
                if (Find(token.Text) is { } value) _output.AddRange(value.Select(v => v with { File = token.File, Line = token.Line, Column = token.Column }));
                else problems.Add(token.Problem($"unknown identifier '{token.Text}'"));
                return;
        }

        _output.Add(token);
    }

    private List<NftToken>? Find(string name)
    {
        for (var i = _scopes.Count - 1; i >= 0; i--)
        {
            if (_scopes[i].TryGetValue(name, out var value)) return value;
        }

        return null;
    }

    private void Include(List<NftToken> tokens, ref int i, int depth)
    {
        var at = tokens[i++];
        if (i >= tokens.Count || tokens[i].Kind is not (NftTokenKind.Text or NftTokenKind.Word))
        {
            problems.Add(at.Problem("include needs a file name"));
            return;
        }

        var pattern = tokens[i++].Text.Trim('"');
        while (i < tokens.Count && tokens[i].EndsStatement) i++;
        if (depth >= DeepestInclude)
        {
            problems.Add(at.Problem($"includes are nested more than {DeepestInclude.ToString(CultureInfo.InvariantCulture)} deep, or in a circle"));
            return;
        }

        var files = source.Resolve(at.File, pattern);
        if (files.Count == 0 && pattern.IndexOfAny(['*', '?']) < 0) problems.Add(at.Problem($"the included file \"{pattern}\" does not exist"));
        foreach (var file in files) Take(file, depth + 1);
    }

    private void Define(List<NftToken> tokens, ref int i)
    {
        var verb = tokens[i++];
        if (i >= tokens.Count || tokens[i].Kind != NftTokenKind.Word)
        {
            problems.Add(verb.Problem($"{verb.Text} needs a name"));
            return;
        }

        var name = tokens[i++];
        if (verb.Text == "undefine")
        {
            if (!_scopes[_scopes.Count - 1].Remove(name.Text)) problems.Add(name.Problem($"'{name.Text}' is not defined here"));
            return;
        }

        if (i >= tokens.Count || tokens[i].Text != "=")
        {
            problems.Add(name.Problem("expected '=' after the name"));
            return;
        }

        i++;
        var value = new List<NftToken>();
        var depth = 0;
        for (; i < tokens.Count; i++)
        {
            var token = tokens[i];
            if (token.Kind == NftTokenKind.Open) depth++;
            if (token.Kind == NftTokenKind.Close) depth--;
            if (token.EndsStatement && depth == 0) break;
            if (token.Kind == NftTokenKind.NewLine) continue;
            if (token.Kind != NftTokenKind.Variable) value.Add(token);
            else if (Find(token.Text) is { } inner) value.AddRange(inner);
            else problems.Add(token.Problem($"unknown identifier '{token.Text}'"));
        }

        if (value.Count == 0) problems.Add(name.Problem($"'{name.Text}' is defined as nothing"));
        var scope = _scopes[_scopes.Count - 1];
        if (verb.Text == "define" && scope.ContainsKey(name.Text)) problems.Add(name.Problem($"redefinition of '{name.Text}'"));
        scope[name.Text] = value;
    }
}
