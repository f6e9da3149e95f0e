namespace Maestro.Shell.Editing;

/// <summary>The line being typed and the place in it.</summary>
internal sealed class LineBuffer
{
    public string Text { get; private set; } = string.Empty;

    public int Cursor { get; private set; }

    public void Replace(string text) => Replace(text, text.Length);

    public void Replace(string text, int cursor) => (Text, Cursor) = (text, Math.Clamp(cursor, 0, text.Length));

    public void Insert(string text) => Replace(Text.Insert(Cursor, text), Cursor + text.Length);

    public void DeleteBefore() => DeleteFrom(Math.Max(0, Cursor - 1));

    public void DeleteWordBefore() => DeleteFrom(WordStart());

    public void DeleteToStart() => DeleteFrom(0);

    public void DeleteAfter() => Replace(Text.Remove(Cursor, Cursor < Text.Length ? 1 : 0), Cursor);

    public void DeleteToEnd() => Replace(Text[..Cursor]);

    public void MoveLeft() => Cursor = Math.Max(0, Cursor - 1);

    public void MoveRight() => Cursor = Math.Min(Text.Length, Cursor + 1);

    public void MoveToStart() => Cursor = 0;

    public void MoveToEnd() => Cursor = Text.Length;

    public void MoveWordLeft() => Cursor = WordStart();

    public void MoveWordRight()
    {
        while (Cursor < Text.Length && !char.IsLetterOrDigit(Text[Cursor]))
        {
            Cursor++;
        }

        while (Cursor < Text.Length && char.IsLetterOrDigit(Text[Cursor]))
        {
            Cursor++;
        }
    }

    private void DeleteFrom(int start) => Replace(Text.Remove(start, Cursor - start), start);

    private int WordStart()
    {
        var start = Cursor;
        while (start > 0 && !char.IsLetterOrDigit(Text[start - 1]))
        {
            start--;
        }

        while (start > 0 && char.IsLetterOrDigit(Text[start - 1]))
        {
            start--;
        }

        return start;
    }
}
