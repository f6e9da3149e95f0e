namespace Maestro.Shell;

/// <summary>What the console that the shell was started in can show and be asked.</summary>
internal sealed record ConsoleCapabilities(bool ShowsColour, bool ShowsErrorColour, bool ShowsProgress, bool AnswersPrompts)
{
    /// <summary>The width that tables are made for where no terminal tells one.</summary>
    public const int AssumedWidth = 120;

    public static ConsoleCapabilities Detect(bool nonInteractive)
    {
        var plain = IsSet("NO_COLOR") || IsSet("CI") || Environment.GetEnvironmentVariable("TERM") == "dumb";
        return new ConsoleCapabilities(
            ShowsColour: !plain && !Console.IsOutputRedirected,
            ShowsErrorColour: !plain && !Console.IsErrorRedirected,
            ShowsProgress: !plain && !Console.IsOutputRedirected,
            AnswersPrompts: !nonInteractive && !Console.IsInputRedirected);
    }

    private static bool IsSet(string variable) => !string.IsNullOrEmpty(Environment.GetEnvironmentVariable(variable));
}
