using System.Globalization;
using System.Management.Automation;

namespace Maestro.PowerShell.Binding;

/// <summary>Keeps an id that looks like a number as it was typed: 9001E5 is no nine hundred million.</summary>
public sealed class AsTypedAttribute : ArgumentTransformationAttribute
{
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData) => inputData switch
    {
        object[] list => list.Select(Text).ToArray(),
        null => inputData!,
        _ => Text(inputData),
    };

    private static object Text(object item)
    {
        var plain = item is PSObject wrapped ? wrapped.BaseObject : item;
        return plain is sbyte or byte or short or ushort or int or uint or long or ulong or float or double or decimal
            ? item is PSObject typed ? typed.ToString() : Convert.ToString(item, CultureInfo.InvariantCulture)!
            : item;
    }
}
