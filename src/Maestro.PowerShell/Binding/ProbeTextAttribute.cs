using System.Management.Automation;

namespace Maestro.PowerShell.Binding;

/// <summary>A script block among probes becomes its text: it is kept in plan and journal, and may be run by another process.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class ProbeTextAttribute : ArgumentTransformationAttribute
{
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData) => inputData switch
    {
        object[] list => list.Select(Text).ToArray(),
        null => inputData!,
        _ => Text(inputData),
    };

    private static object Text(object item) => (item is PSObject wrapped ? wrapped.BaseObject : item) switch
    {
        ScriptBlock script => "script:" + script,
        var plain => plain,
    };
}
