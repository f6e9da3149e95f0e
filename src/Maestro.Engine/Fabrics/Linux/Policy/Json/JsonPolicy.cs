using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Maestro.Engine.Fabrics.Linux.Inventory;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace Maestro.Engine.Fabrics.Linux.Policy.Json;

/// <summary>
/// A policy of typed rules, compiled to nftables: one table with a forward chain that accepts what belongs to established connections first.
/// Each rule is written on the line and column where its author wrote it, so that whatever is said of the text leads there.
/// </summary>
internal sealed class JsonPolicy
{
    /// <summary>No key of nft, and no name that anybody else's table is likely to have.</summary>
    public const string TableName = "policy_rules";

    // The kernel's own limits: NF_LOG_PREFIXLEN is 128 with its end; nft takes comments of 128 bytes.
    private const int LongestName = 120;

    private readonly string _file;
    private readonly NftProblems _problems;
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);

    private JsonPolicy(string file, NftProblems problems)
    {
        _file = file;
        _problems = problems;
    }

    /// <param name="text">JSON with comments.</param>
    /// <param name="file">Its name, for messages.</param>
    /// <exception cref="PolicyInvalidException">With line and column of every fault.</exception>
    public static string Compile(string text, string file)
    {
        var problems = new NftProblems();
        var compiled = new JsonPolicy(file, problems).Read(text);
        problems.ThrowIfAny(file);
        return compiled;
    }

    private string Read(string text)
    {
        if (Tree(text) is not { } root) return "";
        CheckKeys(root, JsonPolicyKeys.Root);
        if (root["version"] is not { } version) Fault(root, "'version' is missing; this Maestro reads version 1");
        else if (version is not JValue { Value: 1L }) Fault(version, "this Maestro reads version 1");
        var standard = OneOf(root, "default", JsonPolicyKeys.Defaults) ?? "drop";
        var networks = new NamedObjects<AddressSet>("network", Object(root, "networks"), AddressSet.TryRead, () => new AddressSet(), AddressSet.Any, (all, one) => all.Add(one), Fault);
        var services = new NamedObjects<ServiceSet>("service", Object(root, "services"), ServiceSet.TryRead, () => new ServiceSet(), ServiceSet.Any, (all, one) => all.Add(one), Fault);
        networks.Check();
        services.Check();

        var compiled = new Placed($"table inet {TableName} {{ chain forward {{ type filter hook forward priority filter; policy {standard}; ct state established,related accept;");
        if (root["rules"] is not { } rules) Fault(root, "'rules' is missing");
        else if (rules is not JArray list) Fault(rules, "'rules' must be a list");
        else
        {
            foreach (var entry in list)
            {
                if (entry is JObject rule) compiled.Add(JsonPlaces.Of(rule), Rule(rule, networks, services));
                else Fault(entry, "'rules' holds objects only");
            }
        }

        return compiled.End("} }");
    }

    private IReadOnlyList<string> Rule(JObject rule, NamedObjects<AddressSet> networks, NamedObjects<ServiceSet> services)
    {
        CheckKeys(rule, JsonPolicyKeys.Rule);
        var name = Text(rule, "name", isRequired: true);
        if (name.Length > 0 && !_names.Add(name)) Fault(rule["name"]!, $"the rule '{name}' stands here twice");
        var action = OneOf(rule, "action", JsonPolicyKeys.Actions);
        if (action is null && rule["action"] is null) Fault(rule, "'action' is missing");
        var source = networks.Of(rule["source"]);
        var destination = networks.Of(rule["destination"]);
        var service = services.Of(rule["service"]);
        var end = $"{Log(rule, name)}{action} comment \"{name}\"";
        if (source.IsAny && destination.IsAny) return [.. service.Matches(null).Select(m => Joined("", "", m, end))];

        var lines = new List<string>();
        foreach (var family in new[] { AddressFamily.InterNetwork, AddressFamily.InterNetworkV6 })
        {
            if (!source.Has(family) || !destination.Has(family)) continue;
            var word = family == AddressFamily.InterNetwork ? "ip" : "ip6";
            lines.AddRange(service.Matches(family).Select(m => Joined(Side(word, "saddr", source.Words(family)), Side(word, "daddr", destination.Words(family)), m, end)));
        }

        // Faults in the sides have been told.
        if (lines.Count == 0 && Families.Any(source.Has) && Families.Any(destination.Has)) Fault(rule, "source and destination have no address family in common, so the rule matches nothing");
        return lines;
    }

    private static AddressFamily[] Families => [AddressFamily.InterNetwork, AddressFamily.InterNetworkV6];

    private static string Side(string family, string side, string words) => words.Length == 0 ? "" : $"{family} {side} {words}";

    private static string Joined(params string[] parts) => string.Join(" ", parts.Where(p => p.Length > 0));

    private string Log(JObject rule, string name)
    {
        switch (rule["log"])
        {
            case null or JValue { Value: false }:
                return "";
            case JValue { Value: true }:
                return $"log prefix \"{name}: \" ";
            case { Type: JTokenType.String }:
                return $"log prefix \"{Text(rule, "log")} \" ";
            case var other:
                Fault(other, "'log' is true, false, or the text that stands before each line of the log");
                return "";
        }
    }

    private string Text(JObject owner, string key, bool isRequired = false)
    {
        if (owner[key] is not { } value)
        {
            if (isRequired) Fault(owner, $"'{key}' is missing");
            return "";
        }

        if (value.Type != JTokenType.String)
        {
            Fault(value, $"'{key}' must be text");
            return "";
        }

        var text = ((string)value!).Trim();
        if (text.Length == 0) Fault(value, $"'{key}' is empty");
        else if (text.Any(c => char.IsControl(c) || c is '"' or '\\' or '$' or '@')) Fault(value, $"'{key}' holds a sign that nft takes in no text: \", \\, $, @ or a control character");
        else if (Encoding.UTF8.GetByteCount(text) > LongestName) Fault(value, $"'{key}' is longer than {LongestName.ToString(CultureInfo.InvariantCulture)} bytes");
        return text;
    }

    private string? OneOf(JObject owner, string key, IReadOnlyList<string> values)
    {
        if (owner[key] is not { } value) return null;
        if (value.Type == JTokenType.String && values.Contains((string)value!)) return (string)value!;
        Fault(value, $"'{key}' may be {string.Join(", ", values)}");
        return null;
    }

    private JObject? Object(JObject owner, string key)
    {
        if (owner[key] is not { } value) return null;
        if (value is JObject found) return found;
        Fault(value, $"'{key}' must be an object of names");
        return null;
    }

    private void CheckKeys(JObject owner, IReadOnlyList<string> keys)
    {
        foreach (var property in owner.Properties().Where(p => !keys.Contains(p.Name)))
        {
            Fault(property, $"unknown key '{property.Name}'" + (InventoryKeys.Nearest(property.Name, keys) is { } near ? $"; did you mean '{near}'?" : ""));
        }
    }

    private void Fault(JToken at, string text)
    {
        var place = JsonPlaces.Of(at);
        _problems.Add(new PolicyProblem(_file, place.Line, place.Column, text));
    }

    private JObject? Tree(string text)
    {
        try
        {
            return JsonPlaces.Read(text);
        }
        catch (JsonReaderException fault)
        {
            var end = fault.Message.IndexOf(" Path '", StringComparison.Ordinal);
            _problems.Add(new PolicyProblem(_file, Math.Max(1, fault.LineNumber), Math.Max(1, fault.LinePosition), end < 0 ? fault.Message : fault.Message.Substring(0, end)));
            return null;
        }
    }

    /// <summary>Text whose parts stand where they are told to, as far as what stands before them leaves room.</summary>
    private sealed class Placed(string head)
    {
        private readonly StringBuilder _text = new(head);
        private int _line = 1;
        private int _column = head.Length + 1;

        public void Add(TextPlace place, IReadOnlyList<string> rules)
        {
            for (; _line < place.Line; _line++, _column = 1) _text.Append('\n');
            if (_column < place.Column) _text.Append(' ', place.Column - _column);
            _column = Math.Max(_column, place.Column);
            foreach (var rule in rules)
            {
                _text.Append(rule).Append("; ");
                _column += rule.Length + 2;
            }
        }

        public string End(string tail) => _text.Append('\n').Append(tail).Append('\n').ToString();
    }
}
