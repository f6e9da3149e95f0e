namespace Maestro.Build;

/// <summary>Removes what builds leave: out/, and each project's bin/ and obj/.</summary>
internal static class CleanTask
{
    private static readonly string[] Sources = ["src", "tests", "bench", "eng"];

    public static int Run()
    {
        var projects = Sources.Select(Repository.Path).Where(Directory.Exists)
            .SelectMany(folder => Directory.GetFiles(folder, "*.csproj", SearchOption.AllDirectories))
            .Select(file => Path.GetDirectoryName(file)!);
        var left = projects.SelectMany(project => new[] { Path.Combine(project, "bin"), Path.Combine(project, "obj") })
            .Append(Repository.Path("out"))
            .Where(Directory.Exists)
            .Where(folder => !TryDelete(folder))
            .ToArray();
        foreach (var folder in left)
        {
            Console.WriteLine($"In use, so not removed: {folder}");
        }

        return 0;
    }

    /// <summary>False where a running program is: Windows keeps its files, and elsewhere it may still have to load some.</summary>
    private static bool TryDelete(string folder)
    {
        var running = folder.EndsWith("bin", StringComparison.Ordinal)
            && (AppContext.BaseDirectory.StartsWith(folder, StringComparison.Ordinal) || folder == Repository.Path("src/Maestro.Shell/bin"));
        if (running)
        {
            return false;
        }

        try
        {
            Directory.Delete(folder, recursive: true);
            return true;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
