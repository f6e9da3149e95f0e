namespace Maestro.Shell;

/// <summary>What the command line asks for.</summary>
internal abstract record ShellRequest
{
    /// <summary>Never ask the user anything: a prompt is an error.</summary>
    public bool NonInteractive { get; init; }

    /// <summary>Leave the module out, so that a script can import another build of it.</summary>
    public bool NoModule { get; init; }

    internal sealed record RunScript(string Path, IReadOnlyList<string> Arguments) : ShellRequest;

    internal sealed record RunCommand(string Text) : ShellRequest;

    /// <summary>Read commands from the terminal, or all of standard input when that is not a terminal.</summary>
    internal sealed record Converse : ShellRequest;

    internal sealed record ShowUsage(string? Problem = null) : ShellRequest;

    /// <summary>Everything after the script belongs to the script.</summary>
    public static ShellRequest Parse(IReadOnlyList<string> arguments)
    {
        var nonInteractive = false;
        var noModule = false;
        for (var index = 0; index < arguments.Count; index++)
        {
            var argument = arguments[index];
            ShellRequest? request = null;
            switch (argument.ToLowerInvariant())
            {
                case "-noninteractive":
                    nonInteractive = true;
                    break;
                case "-nomodule":
                    noModule = true;
                    break;
                case "-command" or "-c":
                    request = index + 1 < arguments.Count
                        ? new RunCommand(string.Join(' ', arguments.Skip(index + 1)))
                        : new ShowUsage("-Command needs the text to run.");
                    break;
                case "-help" or "--help" or "-h" or "-?" or "/?":
                    request = new ShowUsage();
                    break;
                default:
                    request = argument.StartsWith('-')
                        ? new ShowUsage($"Unknown option {argument}.")
                        : new RunScript(argument, [.. arguments.Skip(index + 1)]);
                    break;
            }

            if (request is not null)
            {
                return request with { NonInteractive = nonInteractive, NoModule = noModule };
            }
        }

        return new Converse { NonInteractive = nonInteractive, NoModule = noModule };
    }
}
