using System.Management.Automation.Language;
using System.Text.RegularExpressions;

namespace Maestro.Shell;

/// <summary>A call of a script file as PowerShell text, so that PowerShell's own binder sorts out names, switches and values.</summary>
internal static partial class ScriptCall
{
    /// <summary>
    /// Ends with the script's <c>exit N</c>, or with 1 when the script could not be parsed or called. A native command that
    /// failed in a script that went on to its end does not make the call unsuccessful.
    /// </summary>
    public static string Compose(string path, IEnumerable<string> arguments) =>
        $"& {string.Join(' ', arguments.Select(Token).Prepend(Quote(path)))}; if (-not $?) {{ exit ($LASTEXITCODE ? $LASTEXITCODE : 1) }}";

    /// <summary>A name stays a name, <c>-Name:value</c> keeps its value attached, and everything else is a text.</summary>
    private static string Token(string argument)
    {
        var name = ParameterName().Match(argument);
        if (!name.Success)
        {
            return Quote(argument);
        }

        var value = argument[name.Length..];
        return value.Length == 0 ? name.Value
            : value.ToLowerInvariant() is "$true" or "$false" ? name.Value + value
            : name.Value + Quote(value);
    }

    private static string Quote(string text) => $"'{CodeGeneration.EscapeSingleQuotedStringContent(text)}'";

    [GeneratedRegex(@"^-[A-Za-z_]\w*(:|$)")]
    private static partial Regex ParameterName();
}
