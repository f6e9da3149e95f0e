using System.Globalization;
using System.Management.Automation;

namespace Maestro.PowerShell.Binding;

/// <summary>Reads a weight: 0..512, or Auto for by cores. Becomes text as the engine takes it: empty for Auto.</summary>
public sealed class WeightAttribute : ArgumentTransformationAttribute
{
    public const int Maximum = 512;

    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        var text = Convert.ToString(inputData is PSObject wrapped ? wrapped.BaseObject : inputData, CultureInfo.InvariantCulture) ?? "";
        if (string.Equals(text, "Auto", StringComparison.OrdinalIgnoreCase)) return "";
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var weight) && weight <= Maximum
            ? weight.ToString(CultureInfo.InvariantCulture)
            : throw new ArgumentTransformationMetadataException($"'{text}' is no weight. Give 0..{Maximum} or Auto.");
    }
}
