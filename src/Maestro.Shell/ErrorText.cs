using System.Management.Automation;
using System.Text;

namespace Maestro.Shell;

/// <summary>An error as a person reads it: what happened, where in the script, what to do next.</summary>
internal static class ErrorText
{
    /// <summary>PowerShell wraps each line that a native program writes to its standard error in an error of this name.</summary>
    private const string NativeOutput = "NativeCommandError";

    public static string Compose(ErrorRecord error, Exception? failure = null)
    {
        if (error.FullyQualifiedErrorId?.StartsWith(NativeOutput, StringComparison.Ordinal) == true)
        {
            return error.Exception.Message;
        }

        var text = new StringBuilder();
        if (error.InvocationInfo?.MyCommand?.Name is { Length: > 0 } command && error.InvocationInfo.MyCommand is CmdletInfo or FunctionInfo)
        {
            text.Append(command).Append(": ");
        }

        var message = error.ErrorDetails?.Message ?? error.Exception.Message;
        if (failure is ParseException { Errors: { Length: > 0 } mistakes })
        {
            foreach (var mistake in mistakes)
            {
                text.AppendLine(mistake.Message);
                AppendIndented(text, $"At {mistake.Extent.File ?? "line"}:{mistake.Extent.StartLineNumber} char:{mistake.Extent.StartColumnNumber}");
            }

            return text.ToString();
        }

        text.AppendLine(message);
        if (error.InvocationInfo?.PositionMessage is { Length: > 0 } position && !message.Contains(position, StringComparison.Ordinal))
        {
            AppendIndented(text, position);
        }

        if (error.ErrorDetails?.RecommendedAction is { Length: > 0 } advice)
        {
            AppendIndented(text, $"Next: {advice}");
        }

        if (error.FullyQualifiedErrorId is { Length: > 0 } id && id != message)
        {
            AppendIndented(text, $"Error id: {id}");
        }

        return text.ToString();
    }

    private static void AppendIndented(StringBuilder text, string lines)
    {
        foreach (var line in lines.Split('\n'))
        {
            text.Append("  ").AppendLine(line.TrimEnd('\r'));
        }
    }
}
