namespace Maestro.Engine.Fabrics.Linux.Policy;

internal enum NftTokenKind { Word, Text, Variable, Open, Close, Semicolon, NewLine, Other }

/// <summary>A token of nft's language, with its place.</summary>
internal readonly record struct NftToken(NftTokenKind Kind, string Text, string File, int Line, int Column)
{
    public bool EndsStatement => Kind is NftTokenKind.Semicolon or NftTokenKind.NewLine;

    public PolicyProblem Problem(string text) => new(File, Line, Column, text);
}

/// <summary>Cuts nft text into tokens: comments go, a backslash joins lines. The lexical rules are those of nft(8), "INPUT FILE FORMATS".</summary>
internal static class NftLexer
{
    public static IEnumerable<NftToken> Read(string text, string file)
    {
        int line = 1, start = 0, i = 0;
        while (i < text.Length)
        {
            var c = text[i];
            var column = i - start + 1;
            if (c == '\n')
            {
                yield return new NftToken(NftTokenKind.NewLine, "\n", file, line, column);
                line++;
                start = ++i;
            }
            else if (c is ' ' or '\t' or '\r')
            {
                i++;
            }
            else if (c == '#')
            {
                while (i < text.Length && text[i] != '\n') i++;
            }
            else if (c == '\\' && Continues(text, i, out var next))
            {
                line++;
                start = i = next;
            }
            else if (c == '"')
            {
                var end = text.IndexOf('"', i + 1);
                var newLine = text.IndexOf('\n', i + 1);
                if (end < 0 || (newLine >= 0 && newLine < end)) end = (newLine < 0 ? text.Length : newLine) - 1;
                yield return new NftToken(NftTokenKind.Text, text.Substring(i, end - i + 1), file, line, column);
                i = end + 1;
            }
            else if (c == '$' && i + 1 < text.Length && IsWord(text[i + 1]))
            {
                var end = i + 1;
                while (end < text.Length && IsVariable(text[end])) end++;
                yield return new NftToken(NftTokenKind.Variable, text.Substring(i + 1, end - i - 1), file, line, column);
                i = end;
            }
            else if (IsWord(c))
            {
                var end = i;
                while (end < text.Length && IsWord(text[end])) end++;
                yield return new NftToken(NftTokenKind.Word, text.Substring(i, end - i), file, line, column);
                i = end;
            }
            else
            {
                var kind = c switch { '{' => NftTokenKind.Open, '}' => NftTokenKind.Close, ';' => NftTokenKind.Semicolon, _ => NftTokenKind.Other };
                var following = i + 1 < text.Length ? text[i + 1] : '\0';
                var length = (c is '=' or '!' or '<' or '>' && following == '=') || (c is '<' or '>' && following == c) || (c is '&' or '|' && following == c) ? 2 : 1;
                yield return new NftToken(kind, text.Substring(i, length), file, line, column);
                i += length;
            }
        }
    }

    // Letters, digits and what stands inside addresses, times, ranges and names without blanks.
    private static bool IsWord(char c) => char.IsLetterOrDigit(c) || c is '_' or '.' or ':' or '/' or '-' or '*' or '@' or '\'' or '[' or ']' or '+' or '%' || c > 127;

    private static bool IsVariable(char c) => char.IsLetterOrDigit(c) || c == '_';

    private static bool Continues(string text, int at, out int next)
    {
        next = at + 1;
        while (next < text.Length && text[next] is ' ' or '\t' or '\r') next++;
        if (next >= text.Length || text[next] != '\n') return false;
        next++;
        return true;
    }
}
