using System.Collections;
using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;

namespace Maestro.PowerShell.Tests.Help;

/// <summary>What a cmdlet's page must say about its parameters, taken from the cmdlet itself.</summary>
internal sealed partial class CmdletShape(CmdletInfo cmdlet)
{
    private static readonly HashSet<string> Common = [.. Cmdlet.CommonParameters];

    public string Name => cmdlet.Name;

    /// <summary>Short names of what it writes.</summary>
    public IReadOnlyList<string> Outputs => [.. cmdlet.OutputType.Select(o => o.Name.Split('.')[^1]).Select(n => n == "Void" ? "None" : n)];

    public IReadOnlyList<string> Parameters => [.. cmdlet.Parameters.Keys.Where(p => !Common.Contains(p))];

    /// <summary>Heading (empty for the only set) and call, the default set first.</summary>
    public IReadOnlyList<(string Set, string Text)> Syntax
    {
        get
        {
            var sets = cmdlet.ParameterSets.OrderByDescending(s => s.IsDefault).ThenBy(s => s.Name, StringComparer.Ordinal).ToList();
            return [.. sets.Select(s => (sets.Count == 1 ? "" : s.Name + (s.IsDefault ? " (Default)" : ""), $"{cmdlet.Name} {InOrder(s)}"))];
        }
    }

    /// <summary>The YAML block of a parameter. Where the cmdlet has no default of its own, the page may say what happens then.</summary>
    public string Yaml(string name, string defaultOnPage)
    {
        var parameter = cmdlet.Parameters[name];
        var sets = cmdlet.ParameterSets.Where(s => s.Parameters.Any(p => p.Name == name)).ToList();
        var here = sets[0].Parameters.Single(p => p.Name == name);
        var lines = new List<string>
        {
            $"Type: {TypeName(parameter.ParameterType)}",
            $"Parameter Sets: {(sets.Count == cmdlet.ParameterSets.Count ? "(All)" : string.Join(", ", sets.Select(s => s.Name).Order(StringComparer.Ordinal)))}",
            $"Aliases: {string.Join(", ", parameter.Aliases)}".TrimEnd(),
        };
        if (AcceptedValues(parameter) is { Count: > 0 } values) lines.Add($"Accepted values: {string.Join(", ", values)}");
        var own = DefaultOf(parameter);
        lines.AddRange(
        [
            "",
            $"Required: {here.IsMandatory}",
            $"Position: {(here.Position < 0 ? "Named" : here.Position.ToString(CultureInfo.InvariantCulture))}",
            $"Default value: {(own == "None" && defaultOnPage.Length > 0 ? defaultOnPage : own)}",
            $"Accept pipeline input: {Pipeline(here)}",
            $"Accept wildcard characters: {here.Attributes.Any(a => a is SupportsWildcardsAttribute)}",
        ]);
        return string.Join('\n', lines);
    }

    /// <summary>Positional ones, mandatory ones, the cmdlet's own, then those of its base classes. Reflection alone keeps no order: asking for one property by name reorders the rest.</summary>
    private string InOrder(CommandParameterSetInfo set) => string.Join(' ', CallPart().Matches(set.ToString())
        .Select(part => (part.Value, Parameter: set.Parameters.FirstOrDefault(p => p.Name == part.Groups[1].Value)))
        .OrderBy(p => p.Parameter is null || Common.Contains(p.Parameter.Name))
        .ThenBy(p => p.Parameter is { Position: >= 0 } positional ? positional.Position : int.MaxValue)
        .ThenByDescending(p => p.Parameter?.IsMandatory)
        .ThenBy(p => Place(p.Parameter?.Name))
        .Select(p => p.Value));

    /// <summary>How far up the class stands that declares the property, and where in it.</summary>
    private (int Depth, int Token) Place(string? name)
    {
        var declared = name is null ? null : cmdlet.ImplementingType.GetProperty(name)?.GetMethod?.GetBaseDefinition();
        if (declared?.DeclaringType is not { } type) return (int.MaxValue, 0);
        var depth = 0;
        for (var at = cmdlet.ImplementingType; at != type; at = at.BaseType!) depth++;
        return (depth, declared.MetadataToken);
    }

    private static string Pipeline(CommandParameterInfo parameter) => (parameter.ValueFromPipeline, parameter.ValueFromPipelineByPropertyName) switch
    {
        (true, true) => "True (ByPropertyName, ByValue)",
        (true, false) => "True (ByValue)",
        (false, true) => "True (ByPropertyName)",
        _ => "False",
    };

    private string DefaultOf(ParameterMetadata parameter)
    {
        if (parameter.SwitchParameter) return "False";
        var property = cmdlet.ImplementingType.GetProperty(parameter.Name, BindingFlags.Public | BindingFlags.Instance)!;
        return property.GetValue(Activator.CreateInstance(cmdlet.ImplementingType)) switch
        {
            null or "" => "None",
            ICollection { Count: 0 } => "None",
            var value => Convert.ToString(value, CultureInfo.InvariantCulture)!,
        };
    }

    private static IReadOnlyList<string> AcceptedValues(ParameterMetadata parameter)
    {
        var set = parameter.Attributes.OfType<ValidateSetAttribute>().FirstOrDefault();
        if (set is not null) return [.. set.ValidValues];
        var type = Bare(parameter.ParameterType);
        return type.IsEnum ? Enum.GetNames(type) : [];
    }

    private static string TypeName(Type type) => Bare(type).Name + (type.IsArray ? "[]" : "");

    private static Type Bare(Type type)
    {
        var element = type.IsArray ? type.GetElementType()! : type;
        return Nullable.GetUnderlyingType(element) ?? element;
    }

    [GeneratedRegex(@"\[?\[?-(\w+)\]?(?: <[^>]+>)?\]?|\[<CommonParameters>\]")]
    private static partial Regex CallPart();
}
