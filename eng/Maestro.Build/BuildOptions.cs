namespace Maestro.Build;

/// <summary>A task and what narrows it.</summary>
internal sealed record BuildOptions(string Task, bool NoInstall, string Hours, string Filter)
{
    public static BuildOptions Parse(string[] arguments)
    {
        var options = new BuildOptions(arguments[0], NoInstall: false, Hours: string.Empty, Filter: string.Empty);
        for (var index = 1; index < arguments.Length; index++)
        {
            options = arguments[index] switch
            {
                "--no-install" => options with { NoInstall = true },
                "--hours" => options with { Hours = arguments[++index] },
                "--filter" => options with { Filter = arguments[++index] },
                var unknown => throw new ArgumentException($"Unknown option {unknown}."),
            };
        }

        return options;
    }
}
