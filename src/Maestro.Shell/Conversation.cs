using System.Management.Automation.Language;
using Maestro.Shell.Editing;

namespace Maestro.Shell;

/// <summary>Reads a line, runs it, and so on until somebody leaves.</summary>
internal sealed class Conversation(ShellSession session)
{
    private readonly LineEditor editor = new(session.Complete);

    public int Run()
    {
        Console.Out.WriteLine(Wording.Banner);
        session.Run("function global:prompt { \"Maestro $($PWD.Path)> \" }");
        while (ReadCommand() is { } text)
        {
            session.Run(text, addToHistory: true);
            if (session.RequestedExitCode is { } code)
            {
                return code;
            }

            session.ForgetStop();
        }

        return 0;
    }

    /// <summary>A line, and as many more as it takes to make it whole; null when the input is at its end.</summary>
    private string? ReadCommand()
    {
        var text = string.Empty;
        do
        {
            switch (editor.Read(text.Length == 0 ? session.Prompt() : ">> "))
            {
                case { Ended: true }:
                    return null;
                case { Abandoned: true }:
                    text = string.Empty;
                    break;
                case var line:
                    text = text.Length == 0 ? line.Text : $"{text}\n{line.Text}";
                    break;
            }
        }
        while (text.Length == 0 || IsIncomplete(text));

        return text;
    }

    private static bool IsIncomplete(string text)
    {
        Parser.ParseInput(text, out _, out var mistakes);
        return mistakes.Any(mistake => mistake.IncompleteInput);
    }
}
