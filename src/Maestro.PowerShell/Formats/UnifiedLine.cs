using System.Management.Automation;

namespace Maestro.PowerShell.Formats;

/// <summary>A line of text in the unified format: a plain string in a pipeline and in a file, coloured by its view where the host shows colour.</summary>
public static class UnifiedLine
{
    /// <summary>What its view is found by.</summary>
    public const string TypeName = "Maestro.UnifiedLine";

    /// <summary>The line as the console shows it. What a colour means stands in the first character.</summary>
    public static string Paint(PSObject line, EngineIntrinsics execution)
    {
        var text = line.BaseObject.ToString()!;
        return StateColour.PaintAs(ColourOf(text), text, execution);
    }

    // Line by line: PowerShell repeats colours when it cuts a longer text into lines.
    internal static IEnumerable<PSObject> Of(string text)
    {
        foreach (var line in text.Split('\n'))
        {
            var typed = new PSObject(line);
            typed.TypeNames.Insert(0, TypeName);
            yield return typed;
        }
    }

    private static string ColourOf(string line) =>
        line.StartsWith("---", StringComparison.Ordinal) || line.StartsWith("+++", StringComparison.Ordinal) ? "BrightWhite"
        : line.StartsWith("@@", StringComparison.Ordinal) ? "Cyan"
        : line.StartsWith("+", StringComparison.Ordinal) ? "Green"
        : line.StartsWith("-", StringComparison.Ordinal) ? "Red"
        : "";
}
