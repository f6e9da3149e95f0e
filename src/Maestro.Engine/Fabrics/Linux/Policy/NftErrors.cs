using System.Globalization;
using System.Text.RegularExpressions;

namespace Maestro.Engine.Fabrics.Linux.Policy;

/// <summary>
/// One complaint of nft. Line 0 when nft names no place; columns in bytes, from 1. The excerpt is the line and the marks below it that nft prints,
/// empty when it prints none.
/// </summary>
internal sealed record NftError(string File, int Line, int FirstColumn, int LastColumn, string Text, string Excerpt);

/// <summary>Reads what nft writes to standard error.</summary>
internal static class NftErrors
{
    // Real ones are a handful; a table that is missing makes nft say so for each line.
    private const int MostRead = 200;

    private static readonly Regex Placed = new(@"^(?<file>.+?):(?<line>\d+):(?<first>\d+)-(?<last>\d+): Error: (?<text>.*)$", RegexOptions.CultureInvariant);
    private static readonly Regex Bare = new(@"^(?:\S+: )?(?:Error|BUG): (?<text>.*)$", RegexOptions.CultureInvariant);

    public static IReadOnlyList<NftError> Parse(string output)
    {
        var errors = new List<NftError>();
        var excerpt = new List<string>();
        foreach (var line in output.Replace("\r", "").Split('\n'))
        {
            if (errors.Count == MostRead) break;
            if (Placed.Match(line) is { Success: true } placed)
            {
                Finish();
                errors.Add(new NftError(placed.Groups["file"].Value, Number(placed, "line"), Number(placed, "first"), Number(placed, "last"), placed.Groups["text"].Value, ""));
            }
            else if (Bare.Match(line) is { Success: true } bare)
            {
                Finish();
                errors.Add(new NftError("", 0, 0, 0, bare.Groups["text"].Value, ""));
            }
            else if (line.Length > 0)
            {
                excerpt.Add(line);
            }
        }

        Finish();
        return errors;

        // Without these two lines nft has not been able to read the file again, or the line is empty.
        void Finish()
        {
            if (errors.Count > 0 && errors[errors.Count - 1].Line > 0 && excerpt.Count > 0) errors[errors.Count - 1] = errors[errors.Count - 1] with { Excerpt = string.Join("\n", excerpt.Take(2)) };
            excerpt.Clear();
        }
    }

    /// <summary>
    /// nft's complaints in the author's own places, each said once. So many lines stand before the policy in the file that nft read; complaints
    /// about lines that are not the policy's have no file.
    /// </summary>
    public static IReadOnlyList<PolicyProblem> Map(IReadOnlyList<NftError> errors, NftSourceMap map, int linesBefore) =>
    [
        .. errors.Select(e => map.Find(e.Line - linesBefore, e.FirstColumn) is { } place
            ? new PolicyProblem(place.File, place.Line, place.Column, e.Text)
            : new PolicyProblem("", 0, 0, e.Text)).Distinct(),
    ];

    private static int Number(Match match, string group) => int.TryParse(match.Groups[group].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
}
