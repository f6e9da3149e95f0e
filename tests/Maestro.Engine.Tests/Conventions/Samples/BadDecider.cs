using System.Diagnostics;
using System.Globalization;

namespace Maestro.Engine.Tests.Conventions.Samples;

/// <summary>Breaks the rule for deciders once in each method. Nobody calls it.</summary>
internal static class BadDecider
{
    public static string ReadsAFile(string path) => File.ReadAllText(path);

    public static async Task<IReadOnlyList<string>> ListsAFolderLater(IEnumerable<string> paths)
    {
        await Task.Yield();
        return [.. paths.SelectMany(p => Directory.GetFiles(p))];
    }

    public static void StartsAProcess() => Process.Start("true");

    public static int AsksTheEnvironment() => Environment.ProcessorCount;

    public static string AsksForTheCulture() => CultureInfo.CurrentCulture.Name;

    public static string WritesANumber(double load) => load.ToString();

    public static string FormatsANumber(double load) => string.Format("{0} %", load);

    public static int ReadsANumber(string text) => int.Parse(text);

    public static bool ComparesWords(string text) => text.StartsWith("1_");

    public static string DoesNoHarm(double load) => string.Concat("load ", load.ToString(CultureInfo.InvariantCulture));
}
