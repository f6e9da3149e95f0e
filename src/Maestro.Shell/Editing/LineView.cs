using System.Text;
using Spectre.Console;

namespace Maestro.Shell.Editing;

/// <summary>Shows the line being typed, over as many rows of the terminal as it takes.</summary>
internal sealed class LineView(string prompt)
{
    private const string EraseBelow = "\e[J";
    private const int ListedRows = 12;

    private int cursorRow;

    public void Draw(LineBuffer buffer)
    {
        var text = new StringBuilder();
        text.Append(ToStart()).Append(EraseBelow).Append(prompt).Append(buffer.Text);
        var end = Width(prompt + buffer.Text);
        if (end % Columns == 0)
        {
            text.Append("\n\r");
        }

        var cursor = Width(prompt + buffer.Text[..buffer.Cursor]);
        text.Append(Up((end / Columns) - (cursor / Columns))).Append('\r').Append(Right(cursor % Columns));
        cursorRow = cursor / Columns;
        Console.Out.Write(text);
    }

    public void Leave(LineBuffer buffer)
    {
        buffer.MoveToEnd();
        Draw(buffer);
        Console.Out.WriteLine();
        cursorRow = 0;
    }

    /// <summary>Prints the candidates above a fresh copy of the line.</summary>
    public void List(LineBuffer buffer, IEnumerable<string> candidates)
    {
        var names = candidates.ToArray();
        var cell = Math.Min(names.Max(Width) + 2, Columns);
        var columns = Math.Max(1, Columns / cell);
        var shown = names.Take(columns * ListedRows).ToArray();
        Leave(buffer);
        foreach (var row in shown.Chunk(columns))
        {
            Console.Out.WriteLine(string.Concat(row.Select(name => name + new string(' ', Math.Max(0, cell - Width(name))))).TrimEnd());
        }

        if (shown.Length < names.Length)
        {
            Console.Out.WriteLine($"... and {names.Length - shown.Length} more");
        }
    }

    public void ClearScreen()
    {
        Console.Out.Write("\e[H\e[2J");
        cursorRow = 0;
    }

    private static int Columns => Math.Max(1, Console.WindowWidth);

    private static int Width(string text) => text.GetCellWidth();

    private static string Up(int rows) => rows > 0 ? $"\e[{rows}A" : string.Empty;

    private static string Right(int columns) => columns > 0 ? $"\e[{columns}C" : string.Empty;

    private string ToStart() => Up(cursorRow) + "\r";
}
