using System.Globalization;
using System.Management.Automation;
using System.Text.RegularExpressions;

namespace Maestro.PowerShell.Binding;

/// <summary>
/// Reads durations as people write them: <c>90</c> and <c>90s</c> are seconds, also <c>5m</c>, <c>1h30m</c>, <c>1d</c>, <c>00:05:00</c>. Left alone, PowerShell
/// makes 30 ticks of 30, 30 days of "30", and one second of 1d.
/// </summary>
public sealed class DurationAttribute : ArgumentTransformationAttribute
{
    private const double LongestDays = 3650;
    private static readonly Regex Units = new(@"^\s*(?:(?<d>\d+)d)?(?:(?<h>\d+)h)?(?:(?<m>\d+)m)?(?:(?<s>\d+(?:\.\d+)?)s?)?\s*$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant);

    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        var plain = inputData is PSObject wrapped ? wrapped.BaseObject : inputData;
        if (plain is TimeSpan span && span >= TimeSpan.Zero) return span;
        // The parser keeps what was typed: 1d arrives as the decimal 1, whose text is still "1d".
        var text = inputData is PSObject typed ? typed.ToString() : Convert.ToString(inputData, CultureInfo.InvariantCulture) ?? "";
        return Parse(text) ?? throw new ArgumentTransformationMetadataException($"'{text}' is no duration. Write 90, 90s, 5m, 1h30m, 1d or 00:05:00.");
    }

    /// <summary>Null when it is no duration, or one of more than ten years.</summary>
    internal static TimeSpan? Parse(string text)
    {
        if (text.Contains(':')) return TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var clock) && clock >= TimeSpan.Zero ? clock : null;
        var match = Units.Match(text);
        if (!match.Success || text.Trim().Length == 0) return null;
        var days = Number("d") + (Number("h") / 24) + (Number("m") / 1440) + (Number("s") / 86_400);
        return days <= LongestDays
            ? TimeSpan.FromDays(Number("d")) + TimeSpan.FromHours(Number("h")) + TimeSpan.FromMinutes(Number("m")) + TimeSpan.FromSeconds(Number("s"))
            : null;

        double Number(string unit) => match.Groups[unit].Success ? double.Parse(match.Groups[unit].Value, CultureInfo.InvariantCulture) : 0;
    }
}
