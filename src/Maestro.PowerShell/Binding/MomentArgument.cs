using System.Globalization;
using System.Management.Automation;

namespace Maestro.PowerShell.Binding;

/// <summary>A moment: a date, or a duration, which means that long ago by the session's own clock, for a lab's is not the wall's.</summary>
public sealed class MomentArgument
{
    private readonly DateTimeOffset? _at;
    private readonly TimeSpan _ago;

    public MomentArgument(DateTimeOffset at) => _at = at;

    public MomentArgument(DateTime at) => _at = new DateTimeOffset(at);

    public MomentArgument(TimeSpan ago) => _ago = ago;

    /// <exception cref="ArgumentException">It is neither.</exception>
    public MomentArgument(string text)
    {
        if (DurationAttribute.Parse(text) is { } ago) _ago = ago;
        else if (DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeLocal, out var at)) _at = at;
        else throw new ArgumentException($"'{text}' is neither a date nor a duration such as 2h.", nameof(text));
    }

    public DateTimeOffset Resolve(DateTimeOffset now) => _at ?? now - _ago;

    public override string ToString() => _at?.ToString("u", CultureInfo.InvariantCulture) ?? $"{_ago:c} ago";
}
