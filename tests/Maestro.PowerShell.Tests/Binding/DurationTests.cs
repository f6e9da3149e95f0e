using Maestro.PowerShell.Tests.Cmdlets;

namespace Maestro.PowerShell.Tests.Binding;

/// <summary>Through a parameter, for what the parser does to what was typed is half of the matter.</summary>
public sealed class DurationTests
{
    [Theory]
    [InlineData("90", 90)]
    [InlineData("'90'", 90)]
    [InlineData("90s", 90)]
    [InlineData("1.5", 1.5)]
    [InlineData("5m", 300)]
    [InlineData("1h30m", 5400)]
    [InlineData("1d", 86400)]
    [InlineData("'1d'", 86400)]
    [InlineData("2h", 7200)]
    [InlineData("00:05:00", 300)]
    [InlineData("([timespan]::FromMinutes(3))", 180)]
    [InlineData("(60 + 30)", 90)]
    public void A_duration_is_read_as_it_was_typed(string typed, double seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds).ToString("c"), ReadTimeout(typed).MustSucceed().Output[0].ToString());

    [Theory]
    [InlineData("soon")]
    [InlineData("-5")]
    [InlineData("''")]
    [InlineData("5x")]
    [InlineData("10kb")]
    [InlineData("99999999d")]
    [InlineData("([timespan]::FromMinutes(-3))")]
    public void What_is_no_duration_is_refused_at_binding(string typed) =>
        Assert.StartsWith("ParameterArgumentTransformationError", Assert.Single(ReadTimeout(typed).Errors).FullyQualifiedErrorId, StringComparison.Ordinal);

    // The cmdlets' assembly lives where scripts can name its types, so a function can carry the attribute and say what it got.
    private static Outcome ReadTimeout(string typed)
    {
        using var console = LabConsole.Open("");
        return console.Run($"function Show-Duration {{ param([Maestro.PowerShell.Binding.DurationAttribute()][timespan]$Duration) $Duration.ToString('c') }}; Show-Duration -Duration {typed}");
    }
}
