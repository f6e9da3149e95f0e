namespace Maestro.Engine.Fabrics.Linux.Policy;

/// <summary>
/// Cuts nft text into tokens: comments go, a backslash at the end of a line joins the next one to it. What ends a token follows nft's own
/// scanner (src/scanner.l of nftables 1.0.6), as far as names of variables and the ends of statements depend on it.
/// </summary>
internal sealed class NftLexer(string text, string file, NftProblems problems)
{
    private int _at = text.Length > 0 && text[0] == '\uFEFF' ? 1 : 0;
    private int _line = 1;
    private int _lineStart;

    public NftToken Next()
    {
        var spaced = SkipBlanks();
        if (_at >= text.Length) return Token(NftTokenKind.End, _at, spaced);
        var start = _at;
        switch (text[_at])
        {
            case '\n':
                _at++;
                var newLine = Token(NftTokenKind.NewLine, start, spaced);
                StartLine();
                return newLine;
            case '{':
                return Single(NftTokenKind.Open, spaced);
            case '}':
                return Single(NftTokenKind.Close, spaced);
            case ';':
                return Single(NftTokenKind.Semicolon, spaced);
            case '"':
                return String(spaced);
            case '$':
                return Variable(spaced);
            case var c when IsWordStart(c) || IsStar(_at):
                return Word(spaced);
            default:
                return Symbol(spaced);
        }
    }

    private bool SkipBlanks()
    {
        var start = _at;
        while (_at < text.Length)
        {
            var c = text[_at];
            if (c is ' ' or '\t' || (c == '\r' && NextIs(_at + 1, '\n')))
            {
                _at++;
            }
            else if (c == '#')
            {
                var wholeLine = IsBlank(_lineStart, _at);
                while (_at < text.Length && text[_at] != '\n') _at++;
                // A line that is all comment is no line: it does not end a statement that the line before continues.
                if (!wholeLine || _at == text.Length) continue;
                _at++;
                StartLine();
            }
            else if (c == '\\' && EndsLine(_at + 1, out var next))
            {
                _at = next;
                StartLine();
            }
            else
            {
                break;
            }
        }

        return _at > start;
    }

    private bool IsBlank(int from, int to)
    {
        for (var i = from; i < to; i++)
        {
            if (text[i] is not (' ' or '\t' or '\uFEFF')) return false;
        }

        return true;
    }

    // nft wants the line end right behind the backslash; blanks that nobody sees between them are forgiven.
    private bool EndsLine(int at, out int next)
    {
        while (at < text.Length && text[at] is ' ' or '\t' or '\r') at++;
        next = at + 1;
        return NextIs(at, '\n');
    }

    private NftToken String(bool spaced)
    {
        var start = _at;
        var end = start + 1;
        while (end < text.Length && text[end] is not ('"' or '\n')) end++;
        if (!NextIs(end, '"'))
        {
            _at = end;
            problems.Add(Token(NftTokenKind.Quoted, start, spaced).Problem("the string that begins here has no end on its line"));
            return Token(NftTokenKind.Quoted, start, spaced) with { Text = "\"\"" };
        }

        _at = end + 1;
        var token = Token(NftTokenKind.Quoted, start, spaced);
        if (token.Text.Any(char.IsControl)) problems.Add(token.Problem("the string holds a control character"));
        return token;
    }

    private NftToken Variable(bool spaced)
    {
        var start = _at++;
        while (_at < text.Length && text[_at] is ' ' or '\t') _at++;
        var name = _at;
        if (_at < text.Length && IsNameStart(text[_at]))
        {
            while (_at < text.Length && IsNamePart(text[_at])) _at++;
        }

        var token = Token(NftTokenKind.Variable, start, spaced) with { Text = text.Substring(name, _at - name) };
        if (_at == name) problems.Add(token.Problem("a variable's name must follow the dollar sign"));
        return token;
    }

    private NftToken Word(bool spaced)
    {
        var start = _at;
        while (_at < text.Length)
        {
            if (IsNamePart(text[_at])) _at++;
            else if (IsStar(_at)) _at += text[_at] == '\\' ? 2 : 1;
            else break;
        }

        return Token(NftTokenKind.Word, start, spaced);
    }

    private NftToken Symbol(bool spaced)
    {
        var start = _at;
        var c = text[_at++];
        if ((c is '=' or '!' or '<' or '>' && NextIs(_at, '=')) || (c is '<' or '>' && NextIs(_at, c))) _at++;
        var token = Token(NftTokenKind.Symbol, start, spaced);
        if (c is not ('=' or '!' or '<' or '>' or '&' or '|' or '^' or ',' or ':' or '(' or ')' or '[' or ']' or '-' or '/' or '+' or '@'))
        {
            if (char.IsHighSurrogate(c) && _at < text.Length) _at++;
            problems.Add(token.Problem(char.IsControl(c) ? "unexpected control character" : $"unexpected character '{text.Substring(start, _at - start)}'"));
            return Next();
        }

        return token;
    }

    private NftToken Single(NftTokenKind kind, bool spaced)
    {
        _at++;
        return Token(kind, _at - 1, spaced);
    }

    private NftToken Token(NftTokenKind kind, int start, bool spaced) => new(kind, text.Substring(start, _at - start), file, _line, start - _lineStart + 1, spaced);

    private void StartLine()
    {
        _line++;
        _lineStart = _at;
    }

    private bool NextIs(int at, char c) => at < text.Length && text[at] == c;

    private bool IsStar(int at) => NextIs(at, '*') || (NextIs(at, '\\') && NextIs(at + 1, '*'));

    private static bool IsWordStart(char c) => IsNameStart(c) || c is >= '0' and <= '9';

    private static bool IsNameStart(char c) => c is (>= 'a' and <= 'z') or (>= 'A' and <= 'Z') or '_' or '.';

    private static bool IsNamePart(char c) => IsNameStart(c) || c is (>= '0' and <= '9') or '/' or '-';
}
