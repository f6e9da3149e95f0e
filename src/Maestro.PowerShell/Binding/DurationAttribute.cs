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
    private static readonly Regex Units = new(@"^\s*(?:(?<d>\d+)d)?(?:(?<h>\d+)h)?(?:(?<m>\d+)m)?(?:(?<s>\d+(?:\.\d+)?)s?)?\s*$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant);

    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        var plain = inputData is PSObject wrapped ? wrapped.BaseObject : inputData;
        if (plain is TimeSpan span) return span;
        // The parser keeps what was typed: 1d arrives as the decimal 1, whose text is still "1d".
        var text = inputData is PSObject typed ? typed.ToString() : Convert.ToString(inputData, CultureInfo.InvariantCulture) ?? "";
        return Parse(text) ?? throw new ArgumentTransformationMetadataException($"'{text}' is no duration. Write 90, 90s, 5m, 1h30m, 1d or 00:05:00.");
    }

    internal static TimeSpan? Parse(string text)
    {
        if (text.Contains(':')) return TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var clock) && clock >= TimeSpan.Zero ? clock : null;
        var match = Units.Match(text);
        if (!match.Success || text.Trim().Length == 0) return null;
        return TimeSpan.FromDays(Number("d")) + TimeSpan.FromHours(Number("h")) + TimeSpan.FromMinutes(Number("m")) + TimeSpan.FromSeconds(Number("s"));

        double Number(string unit) => match.Groups[unit].Success ? double.Parse(match.Groups[unit].Value, CultureInfo.InvariantCulture) : 0;
    }
}
