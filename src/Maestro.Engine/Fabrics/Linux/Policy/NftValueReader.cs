using System.Globalization;

namespace Maestro.Engine.Fabrics.Linux.Policy;

/// <summary>Reads values, and replaces variables in them so that the text means to nft what the variable did.</summary>
internal sealed class NftValueReader(NftInput input, NftProblems problems)
{
    // nft 1.0.6 allows no deeper ones than these in practice; the bound keeps a file of braces from exhausting the stack.
    private const int DeepestSet = 16;

    // A value made of itself doubles with every line.
    private const int MostTokens = 1_000_000;

    private NftScope _scope = new(null);
    private int _depth;
    private int _tokens;
    private bool _afterVariable;

    public void OpenScope() => _scope = new NftScope(_scope);

    public void CloseScope() => _scope = _scope.Outer!;

    /// <summary>Reads <c>define</c>, <c>redefine</c> or <c>undefine</c>.</summary>
    public void ReadDefinition()
    {
        var verb = input.Next();
        var name = input.Peek();
        if (name.Kind != NftTokenKind.Word)
        {
            problems.Add(verb.Problem($"{verb.Text} needs a name"));
            SkipStatement();
            return;
        }

        input.Next();
        if (verb.Text == "undefine")
        {
            _scope.Remove(name.Text);
            SkipStatement();
            return;
        }

        if (input.Peek() is not { Kind: NftTokenKind.Symbol, Text: "=" })
        {
            problems.Add(name.Problem($"expected '=' behind '{name.Text}'"));
            SkipStatement();
            return;
        }

        input.Next();
        if (ReadValue(name) is not { } value) return;
        if (verb.Text == "define" && _scope.Find(name.Text) is not null) problems.Add(name.Problem($"'{name.Text}' is defined already; 'redefine' replaces it"));
        else _scope.Set(name.Text, value);
    }

    /// <summary>Appends one token that was just read, or what the variable that it names stands for.</summary>
    public void Append(List<NftToken> target, NftToken token)
    {
        if (_afterVariable) token = token with { Spaced = true };
        _afterVariable = token.Kind == NftTokenKind.Variable;
        if (token.Kind == NftTokenKind.Variable)
        {
            if (Find(token) is { } value) AppendValue(target, token, value);
        }
        else
        {
            var isLogPrefix = token.Kind == NftTokenKind.Quoted && target.Count > 1 && target[target.Count - 1].IsWord("prefix");
            target.Add(isLogPrefix ? NftLogPrefix.Expand(token, _scope, problems) : token);
        }
    }

    private void AppendValue(List<NftToken> target, NftToken at, NftValue value)
    {
        switch (value)
        {
            case NftValue.Set set:
                AddSet(target, at.Synthetic(NftTokenKind.Open, "{"), [.. set.Items.Select(item => Moved(item, at))], at.Synthetic(NftTokenKind.Close, "}"));
                break;
            case NftValue.Bits bits when IsBesideOperator(target):
                AddBracketed(target, at, [.. bits.Tokens.Select(t => t.IsComma ? t.Synthetic(NftTokenKind.Symbol, "|") : t)]);
                break;
            case NftValue.Bits bits:
                target.AddRange(Moved(bits.Tokens, at));
                break;
            case NftValue.Plain plain when plain.NeedsBrackets && IsBesideOperator(target):
                AddBracketed(target, at, plain.Tokens);
                break;
            case NftValue.Plain { Tokens: [var name] } when NeedsName(target, name):
                target.Add(at.Synthetic(NftTokenKind.Word, name.Unquoted));
                break;
            case NftValue.Plain plain:
                target.AddRange(Moved(plain.Tokens, at));
                break;
        }
    }

    /// <summary>Appends the set that an opening brace, just read, begins.</summary>
    public void AppendSet(List<NftToken> target, NftToken open)
    {
        var items = ReadItems(open, out var close);
        AddSet(target, open, items, close);
    }

    private NftValue? ReadValue(NftToken name)
    {
        if (EndsValue(input.Peek()))
        {
            problems.Add(name.Problem($"'{name.Text}' is defined as nothing"));
            return null;
        }

        var tokens = new List<NftToken>();
        var hasSet = false;
        while (!EndsValue(input.Peek()))
        {
            var token = input.Next();
            var isFirst = tokens.Count == 0;
            if (token.Kind == NftTokenKind.Open)
            {
                var items = ReadItems(token, out var close);
                if (isFirst && EndsValue(input.Peek())) return new NftValue.Set(items);
                AddSet(tokens, token, items, close);
                hasSet = true;
            }
            else
            {
                if (isFirst && token.Kind == NftTokenKind.Variable && EndsValue(input.Peek())) return Find(token);
                Append(tokens, token);
            }
        }

        _afterVariable = false;
        return !hasSet && tokens.Any(t => t.IsComma) ? new NftValue.Bits(tokens) : new NftValue.Plain(tokens);
    }

    private List<IReadOnlyList<NftToken>> ReadItems(NftToken open, out NftToken close)
    {
        var items = new List<IReadOnlyList<NftToken>>();
        var item = new List<NftToken>();
        IReadOnlyList<IReadOnlyList<NftToken>>? leading = null;
        if (++_depth > DeepestSet)
        {
            problems.Add(open.Problem($"sets are nested more than {DeepestSet.ToString(CultureInfo.InvariantCulture)} deep"));
            SkipStatement();
        }

        while (true)
        {
            var token = input.Peek();
            if (token.Kind is NftTokenKind.End or NftTokenKind.Semicolon)
            {
                problems.Add(open.Problem("the brace that opens here is not closed"));
                close = token.Synthetic(NftTokenKind.Close, "}");
                break;
            }

            input.Next();
            if (token.Kind == NftTokenKind.Close)
            {
                close = token;
                break;
            }

            if (token.IsComma)
            {
                if (item.Count == 0 && leading is null) problems.Add(token.Problem("an element is missing before the comma"));
                FinishItem();
            }
            else if (token.Kind == NftTokenKind.Open)
            {
                var inner = ReadItems(token, out var innerClose);
                if (item.Count == 0 && leading is null) leading = inner;
                else AddSet(item, token, inner, innerClose);
            }
            else if (token.Kind == NftTokenKind.Variable && Find(token) is { } value and not NftValue.Plain)
            {
                if (value is NftValue.Bits) problems.Add(token.Problem($"'{token.Text}' is a list without braces, which nft reads as bits set together; define it with braces to mean 'one of'"));
                else if (item.Count == 0 && leading is null) leading = [.. ((NftValue.Set)value).Items.Select(i => Moved(i, token))];
                else problems.Add(token.Problem($"'{token.Text}' is a set, and nft takes no set inside an element"));
            }
            else if (token.Kind != NftTokenKind.NewLine)
            {
                Append(item, token);
            }
        }

        FinishItem();
        _afterVariable = false;
        _depth--;
        return items;

        // A set in a set melts into it; "{ $hosts : accept }" means that for each of the hosts.
        void FinishItem()
        {
            if (leading is not null && item.Count == 0) items.AddRange(leading);
            else if (leading is not null) items.AddRange(leading.Select(first => (IReadOnlyList<NftToken>)[.. first, .. Moved(item, item[0])]));
            else if (item.Count > 0) items.Add(item);
            (item, leading, _afterVariable) = ([], null, false);
        }
    }

    private NftValue? Find(NftToken variable)
    {
        if (variable.Text.Length == 0 || _tokens > MostTokens) return null;
        if (_scope.Find(variable.Text) is { } value) return value;
        problems.Add(variable.Problem($"the variable '{variable.Text}' is not defined{Hint(variable.Text)}"));
        return null;
    }

    // "$net/8" and "$low-$high" look as if the name ended before the sign.
    private string Hint(string name)
    {
        var end = name.IndexOfAny(['/', '-', '.'], 1);
        return end > 0 && _scope.Find(name.Substring(0, end)) is not null ? $": nft takes '{name.Substring(end)}' as a part of the name; put a blank before it" : "";
    }

    private bool IsBesideOperator(List<NftToken> target) => (target.Count > 0 && target[target.Count - 1].IsBinaryOperator) || input.Peek().IsBinaryOperator;

    // Here nft takes a quoted value from a variable and only a bare word when it is written out.
    private static bool NeedsName(List<NftToken> target, NftToken value) =>
        value.Kind == NftTokenKind.Quoted && target.Count > 0 && target[target.Count - 1].Text is "priority" or "policy" or "jump" or "goto";

    private static void AddBracketed(List<NftToken> target, NftToken at, IReadOnlyList<NftToken> tokens)
    {
        target.Add(at.Synthetic(NftTokenKind.Symbol, "("));
        target.AddRange(tokens.Select(t => t with { File = at.File, Line = at.Line, Column = at.Column }));
        target.Add(at.Synthetic(NftTokenKind.Symbol, ")"));
    }

    private IReadOnlyList<NftToken> Moved(IReadOnlyList<NftToken> tokens, NftToken at)
    {
        _tokens += tokens.Count;
        if (_tokens > MostTokens)
        {
            problems.Add(at.Problem("the policy's variables stand for more than 1,000,000 words"));
            return [at.Synthetic(NftTokenKind.Word, "0")];
        }

        return [.. tokens.Select((t, i) => t with { File = at.File, Line = at.Line, Column = at.Column, Spaced = t.Spaced || i == 0 })];
    }

    private void SkipStatement()
    {
        while (!EndsValue(input.Peek()))
        {
            if (input.Next().Kind == NftTokenKind.Open) SkipSet();
        }
    }

    private void SkipSet()
    {
        for (var open = 1; open > 0 && input.Peek().Kind is not (NftTokenKind.End or NftTokenKind.Semicolon);)
        {
            var kind = input.Next().Kind;
            open += kind == NftTokenKind.Open ? 1 : kind == NftTokenKind.Close ? -1 : 0;
        }
    }

    private static bool EndsValue(NftToken token) => token.EndsStatement || token.Kind is NftTokenKind.Close or NftTokenKind.End;

    private static void AddSet(List<NftToken> target, NftToken open, IReadOnlyList<IReadOnlyList<NftToken>> items, NftToken close)
    {
        target.Add(open);
        for (var i = 0; i < items.Count; i++)
        {
            if (i > 0) target.Add(items[i][0].Synthetic(NftTokenKind.Symbol, ","));
            target.AddRange(items[i]);
        }

        target.Add(close);
    }
}
