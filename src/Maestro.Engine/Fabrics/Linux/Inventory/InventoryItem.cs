using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using Newtonsoft.Json.Linq;

namespace Maestro.Engine.Fabrics.Linux.Inventory;

/// <summary>One object of an inventory: reads its values, fills in defaults, and reports every fault with its place.</summary>
internal sealed class InventoryItem
{
    private static readonly Regex HostPattern = new(@"^(?:\[(?<v6>[0-9A-Fa-f:.]+(?:%[A-Za-z0-9_.-]+)?)\]|(?<name>[A-Za-z0-9_](?:[A-Za-z0-9._-]*[A-Za-z0-9_])?))(?::(?<port>\d{1,5}))?$", RegexOptions.CultureInvariant);

    private readonly JObject _json;
    private readonly InventoryItem? _defaults;
    private readonly InventoryFaults _faults;

    /// <param name="json">The object.</param>
    /// <param name="keys">The keys that it may have.</param>
    /// <param name="faults">Where faults go.</param>
    /// <param name="defaults">What stands in for keys that it lacks.</param>
    public InventoryItem(JObject json, IReadOnlyList<string> keys, InventoryFaults faults, InventoryItem? defaults = null)
    {
        _json = json;
        _faults = faults;
        _defaults = defaults;
        foreach (var property in json.Properties())
        {
            if (keys.Contains(property.Name)) continue;
            faults.Add(property, InventoryKeys.NamesSecret(property.Name)
                ? $"'{property.Name}': a secret does not belong into an inventory; use -KeyPath, -Credential or a vault"
                : $"unknown key '{property.Name}'" + (InventoryKeys.Nearest(property.Name, keys) is { } near ? $"; did you mean '{near}'?" : ""));
        }
    }

    /// <summary>True when the object itself has the key; a default does not count.</summary>
    public bool Has(string key) => _json[key] is not null;

    /// <summary>Reports a fault at a key's value, or at the object when it has none.</summary>
    public void Fault(string key, string text) => _faults.Add(Find(key) ?? _json, text);

    /// <summary>The objects of a list; none when the key is absent.</summary>
    public IEnumerable<InventoryItem> Items(string key, IReadOnlyList<string> keys, InventoryItem? defaults = null)
    {
        if (_json[key] is not { } value) yield break;
        if (value is not JArray list)
        {
            _faults.Add(value, $"'{key}' must be a list");
            yield break;
        }

        foreach (var entry in list)
        {
            if (entry is JObject found) yield return new InventoryItem(found, keys, _faults, defaults);
            else _faults.Add(entry, $"'{key}' holds objects only");
        }
    }

    /// <summary>The object under a key; null when the key is absent.</summary>
    public InventoryItem? Item(string key, IReadOnlyList<string> keys)
    {
        if (_json[key] is not { } value) return null;
        if (value is JObject found) return new InventoryItem(found, keys, _faults);
        _faults.Add(value, $"'{key}' must be an object");
        return null;
    }

    public string Text(string key, bool isRequired = false)
    {
        if (Find(key) is not { } value)
        {
            if (isRequired) _faults.Add(_json, $"'{key}' is missing");
            return "";
        }

        if (value.Type != JTokenType.String)
        {
            _faults.Add(value, $"'{key}' must be text");
            return "";
        }

        var text = ((string)value!).Trim();
        if (text.Any(char.IsControl)) _faults.Add(value, $"'{key}' holds a control character");
        else if (isRequired && text.Length == 0) _faults.Add(value, $"'{key}' is empty");
        return text;
    }

    public int? Integer(string key, int least, int most)
    {
        if (Find(key) is not { } value) return null;
        if (value is JValue { Value: long number } && number >= least && number <= most) return (int)number;
        _faults.Add(value, $"'{key}' must be a whole number from {InventoryFaults.Number(least)} to {InventoryFaults.Number(most)}");
        return null;
    }

    /// <returns>The least where it is missing or wrong, which is reported.</returns>
    public int RequiredInteger(string key, int least, int most)
    {
        if (!Has(key)) _faults.Add(_json, $"'{key}' is missing");
        return Integer(key, least, most) ?? least;
    }

    public string OneOf(string key, IReadOnlyList<string> values, bool isRequired = false)
    {
        var text = Text(key, isRequired);
        if (text.Length == 0 || values.Contains(text)) return text;
        Fault(key, $"'{key}' is '{text}'; it may be {string.Join(", ", values)}");
        return "";
    }

    /// <summary>A login name. What no system allows in one may be the password behind it, so it is not repeated.</summary>
    public string User(string key)
    {
        var text = Text(key);
        if (text.Contains(':')) Fault(key, $"'{key}' holds a ':', which no login name does; a password does not belong into an inventory");
        return text;
    }

    /// <summary>An address with a prefix length.</summary>
    public string Cidr(string key)
    {
        var text = Text(key);
        if (text.Length == 0) return text;
        var parts = text.Split('/');
        if (parts.Length == 2 && IsAddress(parts[0], out var bits) && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var length) && length <= bits) return text;
        Fault(key, $"'{text}' is no address with a prefix length, such as 10.90.1.2/24");
        return "";
    }

    /// <summary>A name, an address, or one with a port; IPv6 bare, or in brackets with a port.</summary>
    public (string Address, int? Port) Host(string key)
    {
        var text = Text(key, isRequired: true);
        if (text.Length == 0) return ("", null);
        if (text.Count(c => c == ':') > 1 && text[0] != '[')
        {
            if (IPAddress.TryParse(text, out var bare)) return (Canonical(text, bare), null);
        }
        else if (HostPattern.Match(text) is { Success: true } match)
        {
            var port = match.Groups["port"].Success ? int.Parse(match.Groups["port"].Value, CultureInfo.InvariantCulture) : (int?)null;
            var six = match.Groups["v6"].Value;
            IPAddress? inside = null;
            if (port is null or (> 0 and <= 65535) && (six.Length == 0 || IPAddress.TryParse(six, out inside))) return (inside is null ? match.Groups["name"].Value : Canonical(six, inside), port);
        }

        // user:password@host is an easy slip, and would be repeated wherever the fault is shown.
        var said = text.Contains('@') ? $"what '{key}' holds" : $"'{text}'";
        Fault(key, $"{said} is no address: a name, 192.0.2.1, 192.0.2.1:2222, 2001:db8::1 or [2001:db8::1]:2222");
        return ("", null);
    }

    private JToken? Find(string key) => _json[key] ?? _defaults?._json[key];

    // known_hosts has the short form; a zone is the machine's own word.
    private static string Canonical(string text, IPAddress address) => text.Contains('%') ? text : address.ToString();

    private static bool IsAddress(string text, out int bits)
    {
        bits = 0;
        // "10" would be 0.0.0.10 to the framework.
        if (!IPAddress.TryParse(text, out var address) || (address.AddressFamily == AddressFamily.InterNetwork && text.Count(c => c == '.') != 3)) return false;
        bits = address.AddressFamily == AddressFamily.InterNetwork ? 32 : 128;
        return true;
    }
}
