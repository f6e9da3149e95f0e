using System.Text;

namespace Maestro.Engine.Fabrics.Linux.Policy;

/// <summary>Writes statements in the one form that travels: no comments, one statement a line, long sets broken behind a comma.</summary>
internal sealed class NftWriter
{
    // Only where to break: nft reads lines of any length, people do not.
    private const int LineWidth = 120;

    private readonly StringBuilder _text = new();
    private readonly NftSourceMap _map = new();
    private int _column = 1;

    /// <returns>The text, and for each of its tokens where that was written.</returns>
    public static (string Text, NftSourceMap Map) Write(IReadOnlyList<NftStatement> statements)
    {
        var writer = new NftWriter();
        writer.Write(statements, depth: 0);
        return (writer._text.ToString(), writer._map);
    }

    private void Write(IReadOnlyList<NftStatement> statements, int depth)
    {
        foreach (var statement in statements)
        {
            Indent(depth);
            // Lists of devices are the ones that nft does not let break.
            Write(statement.Head, depth, mayBreak: statement.First.Text is not ("type" or "hook" or "devices" or "policy"), first: true);
            if (statement.Block is { } block)
            {
                Put(" {");
                EndLine();
                Write(block.Statements, depth + 1);
                Indent(depth);
                _map.Add(_column, block.Close);
                Put("}");
                Write(statement.Tail, depth, mayBreak: true, first: false);
            }

            EndLine();
        }
    }

    private void Write(IReadOnlyList<NftToken> tokens, int depth, bool mayBreak, bool first)
    {
        var braces = 0;
        NftToken? before = null;
        foreach (var token in tokens)
        {
            if (mayBreak && braces > 0 && before is { IsComma: true } && _column > LineWidth)
            {
                EndLine();
                Indent(depth + 1);
            }
            else if (before is { } previous ? NeedsBlank(previous, token) : !first)
            {
                Put(" ");
            }

            _map.Add(_column, token);
            Put(token.Text);
            if (token.Kind == NftTokenKind.Open) braces++;
            if (token.Kind == NftTokenKind.Close) braces--;
            before = token;
        }
    }

    private static bool NeedsBlank(NftToken before, NftToken token)
    {
        if (token.IsComma) return false;
        return token.Spaced || before.IsComma || IsAlwaysApart(before) || IsAlwaysApart(token);
    }

    // No token of nft holds one of these, so blanks around them mean nothing, and the text is the same however it was written.
    private static bool IsAlwaysApart(NftToken token) =>
        token.Kind is NftTokenKind.Open or NftTokenKind.Close || (token.Kind == NftTokenKind.Symbol && (token.IsBinaryOperator || token.Text is "=" or "==" or "!=" or "<" or "<=" or ">" or ">="));

    private void Indent(int depth)
    {
        for (var i = 0; i < depth; i++) Put("\t");
    }

    private void EndLine()
    {
        _text.Append('\n');
        _column = 1;
        _map.EndLine();
    }

    private void Put(string text)
    {
        _text.Append(text);
        // nft counts bytes.
        _column += Encoding.UTF8.GetByteCount(text);
    }
}
