using System.Text.RegularExpressions;
using Maestro.Engine.Fabrics.Linux.Inventory;
using Newtonsoft.Json.Linq;

namespace Maestro.Engine.Fabrics.Linux.Policy.Json;

/// <summary>Reads a term that is no name; false with an empty fault when it may be one.</summary>
internal delegate bool TermReader<TSet>(string text, out TSet set, out string fault);

/// <summary>The named networks, or the named services, of a policy: a value is a term, a name, or a list of them.</summary>
internal sealed class NamedObjects<TSet>(string kind, JObject? definitions, TermReader<TSet> read, Func<TSet> none, Func<TSet> any, Action<TSet, TSet> add, Action<JToken, string> fault)
{
    private static readonly Regex Name = new("^[A-Za-z][A-Za-z0-9_.-]{0,62}$", RegexOptions.CultureInvariant);

    private readonly Dictionary<string, TSet> _known = new(StringComparer.Ordinal);
    private readonly HashSet<string> _open = new(StringComparer.Ordinal);

    /// <summary>Looks at all of them, also at those that no rule uses.</summary>
    public void Check()
    {
        foreach (var definition in definitions?.Properties() ?? [])
        {
            if (definition.Name == "any" || read(definition.Name, out _, out var wrong) || wrong.Length > 0) fault(definition, $"no {kind} can be called '{definition.Name}'");
            else if (!Name.IsMatch(definition.Name)) fault(definition, $"'{definition.Name}' is no name: a letter, then letters, digits, '_', '.', '-', at most 63");
            else Resolve(definition.Name, definition);
        }
    }

    /// <summary>What a value stands for; for one that is absent, any.</summary>
    public TSet Of(JToken? value)
    {
        if (value is null) return any();
        var set = none();
        if (value is not JArray list)
        {
            add(set, Term(value));
            return set;
        }

        if (list.Count == 0) fault(list, $"an empty list names no {kind}; leave it out for any");
        foreach (var entry in list) add(set, Term(entry));
        return set;
    }

    private TSet Term(JToken value)
    {
        if (value.Type != JTokenType.String)
        {
            fault(value, $"a {kind} is text, or a list of texts");
            return none();
        }

        var text = ((string)value!).Trim();
        if (text == "any") return any();
        if (read(text, out var set, out var wrong)) return set;
        if (wrong.Length == 0) return Resolve(text, value);
        fault(value, wrong);
        return none();
    }

    private TSet Resolve(string name, JToken at)
    {
        if (_known.TryGetValue(name, out var known)) return known;
        if (definitions?.Property(name) is not { } definition)
        {
            var near = definitions is { Count: > 0 } ? InventoryKeys.Nearest(name, [.. definitions.Properties().Select(p => p.Name)]) : null;
            fault(at, $"there is no {kind} '{name}'" + (near is null ? "" : $"; did you mean '{near}'?"));
            return none();
        }

        if (!_open.Add(name))
        {
            fault(at, $"the {kind} '{name}' is made of itself");
            return none();
        }

        var set = Of(definition.Value);
        _open.Remove(name);
        return _known[name] = set;
    }
}
