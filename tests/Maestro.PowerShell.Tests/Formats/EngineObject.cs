using System.Collections;
using System.Globalization;
using Maestro.PowerShell.Tests.Runspaces;

namespace Maestro.PowerShell.Tests.Formats;

/// <summary>Makes the objects that cmdlets write. The engine lives in the module's own load context, so its types are found by name.</summary>
internal static class EngineObject
{
    private static readonly Lazy<System.Reflection.Assembly> Engine = new(() =>
    {
        using var runspace = ModuleRunspace.Open();
        runspace.Run("Get-MaestroSession").MustSucceed();
        return AppDomain.CurrentDomain.GetAssemblies().Single(a => a.GetName().Name == "Maestro.Engine");
    });

    public static Type Type(string name) => Engine.Value.GetType("Maestro.Engine.Model." + name, throwOnError: true)!;

    /// <summary>An object with some of its properties set; enums by their word, lists from arrays.</summary>
    public static object Make(string type, params (string Name, object? Value)[] values)
    {
        var made = Activator.CreateInstance(Type(type))!;
        foreach (var (name, value) in values)
        {
            var property = made.GetType().GetProperty(name) ?? throw new MissingMemberException(type, name);
            property.SetValue(made, Convert(value, property.PropertyType));
        }

        return made;
    }

    private static object? Convert(object? value, Type wanted)
    {
        var type = Nullable.GetUnderlyingType(wanted) ?? wanted;
        if (value is null || type.IsInstanceOfType(value)) return value;
        if (type.IsEnum) return Enum.Parse(type, (string)value);
        if (value is not IEnumerable many || value is string) return System.Convert.ChangeType(value, type, CultureInfo.InvariantCulture);
        var element = type.GetGenericArguments()[0];
        var items = many.Cast<object>().Select(item => Convert(item, element)).ToArray();
        var array = Array.CreateInstance(element, items.Length);
        for (var i = 0; i < items.Length; i++) array.SetValue(items[i], i);
        return array;
    }
}
