using System.Management.Automation;

namespace Maestro.Shell.Editing;

/// <summary>What came of reading a line.</summary>
internal sealed record LineRead(string Text, bool Abandoned = false, bool Ended = false);

/// <summary>Edits one line in the terminal: history, completion, and the keys that shells share.</summary>
internal sealed class LineEditor(Func<string, int, CommandCompletion> complete)
{
    private readonly LineHistory history = new();
    private readonly LineBuffer buffer = new();
    private CompletionCycle? cycle;

    public LineRead Read(string prompt)
    {
        buffer.Replace(string.Empty);
        cycle = null;
        using var keys = new RawKeys();
        var view = new LineView(prompt);
        view.Draw(buffer);
        while (true)
        {
            var key = keys.Read();
            if (Finish(key) is { } read)
            {
                view.Leave(buffer);
                return read;
            }

            Edit(key, view);
            view.Draw(buffer);
        }
    }

    private LineRead? Finish(ConsoleKeyInfo key)
    {
        var control = key.Modifiers.HasFlag(ConsoleModifiers.Control);
        switch (key.Key)
        {
            case ConsoleKey.Enter:
                history.Add(buffer.Text);
                return new LineRead(buffer.Text);
            case ConsoleKey.C when control:
                return new LineRead(string.Empty, Abandoned: true);
            case ConsoleKey.D when control && buffer.Text.Length == 0:
                return new LineRead(string.Empty, Ended: true);
            default:
                return null;
        }
    }

    private void Edit(ConsoleKeyInfo key, LineView view)
    {
        if (key.Key == ConsoleKey.Tab)
        {
            Complete(key.Modifiers.HasFlag(ConsoleModifiers.Shift), view);
            return;
        }

        cycle = null;
        var control = key.Modifiers.HasFlag(ConsoleModifiers.Control);
        Action edit = key.Key switch
        {
            ConsoleKey.LeftArrow when control => buffer.MoveWordLeft,
            ConsoleKey.RightArrow when control => buffer.MoveWordRight,
            ConsoleKey.LeftArrow => buffer.MoveLeft,
            ConsoleKey.RightArrow => buffer.MoveRight,
            ConsoleKey.Home => buffer.MoveToStart,
            ConsoleKey.End => buffer.MoveToEnd,
            ConsoleKey.A when control => buffer.MoveToStart,
            ConsoleKey.E when control => buffer.MoveToEnd,
            ConsoleKey.K when control => buffer.DeleteToEnd,
            ConsoleKey.U when control => buffer.DeleteToStart,
            ConsoleKey.W when control => buffer.DeleteWordBefore,
            ConsoleKey.Backspace when control => buffer.DeleteWordBefore,
            ConsoleKey.Backspace => buffer.DeleteBefore,
            ConsoleKey.Delete => buffer.DeleteAfter,
            ConsoleKey.D when control => buffer.DeleteAfter,
            ConsoleKey.UpArrow => () => Recall(history.Previous(buffer.Text)),
            ConsoleKey.DownArrow => () => Recall(history.Next()),
            ConsoleKey.Escape => () => buffer.Replace(string.Empty),
            ConsoleKey.L when control => view.ClearScreen,
            _ when !char.IsControl(key.KeyChar) => () => buffer.Insert(key.KeyChar.ToString()),
            _ => () => { },
        };
        edit();
    }

    private void Complete(bool backward, LineView view)
    {
        if (cycle is null)
        {
            cycle = new CompletionCycle(complete(buffer.Text, buffer.Cursor), buffer.Text);
            if (cycle.Candidates.Count > 1)
            {
                view.List(buffer, cycle.Candidates.Select(candidate => candidate.ListItemText));
            }
        }

        cycle.Step(buffer, backward);
    }

    private void Recall(string? line)
    {
        if (line is not null)
        {
            buffer.Replace(line);
        }
    }
}
