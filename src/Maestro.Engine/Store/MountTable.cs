using System.Globalization;
using System.Text.RegularExpressions;

namespace Maestro.Engine.Store;

/// <summary>What kind of file system a path lies on, from the lines of proc(5) mountinfo.</summary>
internal static class MountTable
{
    private static readonly Regex Escape = new(@"\\([0-7]{3})", RegexOptions.CultureInvariant);

    /// <summary>The type of the file system that holds an absolute path without symbolic links; empty when no line covers it.</summary>
    public static string TypeAt(string path, IEnumerable<string> mountInfo)
    {
        var best = "";
        var type = "";
        foreach (var line in mountInfo)
        {
            // Field 5 is the mount point, the first after " - " the type.
            var halves = line.Split([" - "], 2, StringSplitOptions.None);
            var fields = halves[0].Split(' ');
            if (halves.Length != 2 || fields.Length < 5) continue;
            var point = Escape.Replace(fields[4], m => ((char)Convert.ToInt32(m.Groups[1].Value, 8)).ToString(CultureInfo.InvariantCulture));
            var covers = point == "/" || path == point || path.StartsWith(point + "/", StringComparison.Ordinal);
            // A later mount on the same point hides the earlier one.
            if (!covers || point.Length < best.Length) continue;
            best = point;
            type = halves[1].Split(' ')[0];
        }

        return type;
    }
}
