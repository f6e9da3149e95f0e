using System.Globalization;
using System.Management.Automation;

namespace Maestro.PowerShell.Binding;

/// <summary>Reads a moment: a date, or a duration, which means that long ago.</summary>
public sealed class MomentAttribute : ArgumentTransformationAttribute
{
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        var plain = inputData is PSObject wrapped ? wrapped.BaseObject : inputData;
        switch (plain)
        {
            case DateTimeOffset moment: return moment;
            case DateTime date: return new DateTimeOffset(date);
            case TimeSpan ago: return DateTimeOffset.UtcNow - ago;
        }

        var text = inputData is PSObject typed ? typed.ToString() : Convert.ToString(inputData, CultureInfo.InvariantCulture) ?? "";
        if (DurationAttribute.Parse(text) is { } before) return DateTimeOffset.UtcNow - before;
        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeLocal, out var parsed)
            ? parsed
            : throw new ArgumentTransformationMetadataException($"'{text}' is neither a date nor a duration such as 2h.");
    }
}
