using System.Runtime.CompilerServices;

namespace Maestro.PowerShell.Tests;

/// <summary>Texts that were looked at and kept. They are compared; only MAESTRO_REWRITE=1 writes them anew, to be reviewed as a diff.</summary>
internal static class Golden
{
    public static bool Rewriting { get; } = Environment.GetEnvironmentVariable("MAESTRO_REWRITE") == "1";

    /// <summary>The repository's root, from where this file was compiled.</summary>
    public static string Repository { get; } = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(ThisFile())!, "..", ".."));

    public static void Compare(string relativePath, string actual)
    {
        var path = Path.Combine(Repository, "tests", "Maestro.PowerShell.Tests", relativePath);
        if (Rewriting) File.WriteAllText(path, actual);
        Assert.True(File.Exists(path), $"{relativePath} is missing; MAESTRO_REWRITE=1 writes it.");
        Assert.Equal(File.ReadAllText(path).ReplaceLineEndings("\n"), actual);
    }

    private static string ThisFile([CallerFilePath] string path = "") => path;
}
