using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using Maestro.Engine.Fabrics.Linux.Ssh;
using Maestro.Engine.Model.Errors;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace Maestro.Engine.Fabrics.Linux.Inventory;

/// <summary>Reads an inventory file; names every fault with line and column.</summary>
internal sealed class InventoryReader
{
    private static readonly Regex IdPattern = new("^[A-Za-z0-9][A-Za-z0-9_.-]{0,62}$", RegexOptions.CultureInvariant);
    private static readonly string[] PortTypes = ["uplink", "downlink", "mgmt", "site_sync", "ssm_sync"];
    private static readonly string[] Sides = ["inside", "outside"];

    private readonly string _path;
    private readonly List<string> _faults = [];
    private readonly Dictionary<string, HostEndpoint> _jumps = new(StringComparer.Ordinal);
    private JObject _defaults = new();

    private InventoryReader(string path) => _path = path;

    /// <exception cref="MaestroException"><c>Maestro.InventoryInvalid</c>.</exception>
    public static InventoryFile Load(string path)
    {
        if (!File.Exists(path)) throw new MaestroException(ErrorCatalogue.InventoryInvalid, $"There is no inventory at {path}.", path, "Give the path of an inventory file; the schema maestro-inventory-1.schema.json tells its form.");
        return Parse(File.ReadAllText(path), path);
    }

    public static InventoryFile Parse(string text, string path)
    {
        var reader = new InventoryReader(path);
        JObject root;
        try
        {
            using var json = new JsonTextReader(new StringReader(text)) { DateParseHandling = DateParseHandling.None };
            root = JObject.Load(json, new JsonLoadSettings { LineInfoHandling = LineInfoHandling.Load, CommentHandling = CommentHandling.Ignore, DuplicatePropertyNameHandling = DuplicatePropertyNameHandling.Error });
        }
        catch (JsonReaderException fault)
        {
            throw new MaestroException(ErrorCatalogue.InventoryInvalid, $"{path}:{Number(fault.LineNumber)}:{Number(fault.LinePosition)}: {fault.Message}", path, innerException: fault);
        }

        var file = reader.Read(root);
        if (reader._faults.Count > 0)
        {
            throw new MaestroException(ErrorCatalogue.InventoryInvalid, (reader._faults.Count > 1 ? Number(reader._faults.Count) + " faults: " : "") + string.Join("; ", reader._faults), path);
        }

        return file;
    }

    private InventoryFile Read(JObject root)
    {
        Keys(root, InventoryKeys.Root);
        if (root["version"] is not { } version) Fault(root, "'version' is missing");
        else if (version.Type != JTokenType.Integer || (int)version != 1) Fault(version, $"version {version} is not known; this Maestro reads version 1");
        var name = Text(root, "name", required: true);
        if (root["defaults"] is JObject defaults)
        {
            Keys(defaults, InventoryKeys.Access);
            _defaults = defaults;
        }

        foreach (var jump in Objects(root, "jumpHosts"))
        {
            Keys(jump, InventoryKeys.JumpHost);
            var endpoint = Endpoint(jump, isJump: true);
            if (_jumps.ContainsKey(endpoint.Id)) Fault(jump, $"the jump host '{endpoint.Id}' stands here twice");
            _jumps[endpoint.Id] = endpoint;
        }

        var orchestrators = Objects(root, "orchestrators").Select(ReadOrchestrator).ToList();
        if (root["gateways"] is not JArray) Fault(root, "'gateways' is missing");
        var gateways = Objects(root, "gateways").Select(ReadGateway).ToList();
        Unique(gateways.Select(g => g.Host).Concat(orchestrators.Select(o => o.Host)), root);
        return new InventoryFile { Name = name, Gateways = gateways, Orchestrators = orchestrators };
    }

    private InventoryGateway ReadGateway(JObject gateway)
    {
        Keys(gateway, InventoryKeys.Gateway);
        var downlinks = Objects(gateway, "downlinks").Select(d =>
        {
            Keys(d, InventoryKeys.Downlink);
            return new InventoryDownlink(Text(d, "interface", required: true), OneOf(d, "side", Sides), Cidr(d, "address"));
        }).ToList();
        return new InventoryGateway
        {
            Host = Endpoint(gateway, isJump: false),
            Site = Site(gateway),
            Cores = Integer(gateway, "cores", 1, 4096),
            Description = Text(gateway, "description"),
            Downlinks = downlinks,
        };
    }

    private InventoryOrchestrator ReadOrchestrator(JObject orchestrator)
    {
        Keys(orchestrator, InventoryKeys.Orchestrator);
        var ports = Objects(orchestrator, "ports").Select(p =>
        {
            Keys(p, InventoryKeys.Port);
            return new InventoryPort(Text(p, "id", required: true), Text(p, "interface", required: true), OneOf(p, "type", PortTypes), OneOf(p, "side", Sides), Cidr(p, "address"), Cidr(p, "virtualAddress"));
        }).ToList();
        return new InventoryOrchestrator { Host = Endpoint(orchestrator, isJump: false), Site = Site(orchestrator), Ports = ports };
    }

    private HostEndpoint Endpoint(JObject item, bool isJump)
    {
        var id = Text(item, "id", required: true);
        if (id.Length > 0 && !IdPattern.IsMatch(id)) Fault(item["id"]!, $"'{id}' is no id: letters, digits, '_', '.', '-', at most 63");
        var (address, port) = Address(item);
        var become = OneOf(item, "become", ["sudo", "none"], inherited: true);
        var jumpName = isJump ? "" : Text(item, "jump", inherited: true);
        HostEndpoint? jump = null;
        if (jumpName.Length > 0 && !_jumps.TryGetValue(jumpName, out jump)) Fault(item["jump"] ?? _defaults["jump"]!, $"there is no jump host '{jumpName}' in 'jumpHosts'");
        var hostKey = Text(item, "hostKey");
        if (hostKey.Length > 0 && !hostKey.StartsWith("SHA256:", StringComparison.Ordinal) && hostKey.Split(' ').Length < 2 && hostKey.Length < 40) Fault(item["hostKey"]!, "a host key is SHA256:... or a whole key such as 'ssh-ed25519 AAAA...'");
        return new HostEndpoint
        {
            Id = id,
            Address = address,
            Port = port ?? Integer(item, "port", 1, 65535, inherited: true) ?? 22,
            User = Text(item, "user", inherited: true) is { Length: > 0 } user ? user : "root",
            BecomeRoot = become == "sudo",
            KeyPath = Home(Text(item, "keyPath", inherited: true)),
            HostKey = hostKey,
            Jump = jump,
        };
    }

    /// <summary>A name, an address, or one with a port; IPv6 bare, or in brackets with a port.</summary>
    private (string Address, int? Port) Address(JObject item)
    {
        var text = Text(item, "address", required: true);
        if (text.Length == 0) return ("", null);
        if (IPAddress.TryParse(text, out var bare) && !text.StartsWith("[", StringComparison.Ordinal)) return (bare.ToString(), null);
        var match = Regex.Match(text, @"^(?:\[(?<v6>[0-9A-Fa-f:.%]+)\]|(?<name>[A-Za-z0-9._-]+))(?::(?<port>\d{1,5}))?$");
        var port = match.Groups["port"].Success ? int.Parse(match.Groups["port"].Value, CultureInfo.InvariantCulture) : (int?)null;
        if (!match.Success || port is 0 or > 65535)
        {
            Fault(item["address"]!, $"'{text}' is no address: a name, 192.0.2.1, 192.0.2.1:2222, 2001:db8::1 or [2001:db8::1]:2222");
            return ("", null);
        }

        return (match.Groups["v6"].Success ? match.Groups["v6"].Value : match.Groups["name"].Value, port);
    }

    private int Site(JObject item) => Integer(item, "site", 1, 2, inherited: true) ?? 1;

    private void Keys(JObject item, IReadOnlyList<string> known)
    {
        foreach (var property in item.Properties())
        {
            if (InventoryKeys.NamesSecret(property.Name)) Fault(property, $"'{property.Name}': secrets do not belong into an inventory; use -KeyPath, -Credential or a vault");
            else if (!known.Contains(property.Name)) Fault(property, $"unknown key '{property.Name}'" + (InventoryKeys.Nearest(property.Name, known) is { } near ? $"; did you mean '{near}'?" : ""));
        }
    }

    private IEnumerable<JObject> Objects(JObject item, string key)
    {
        if (item[key] is null) yield break;
        if (item[key] is not JArray list)
        {
            Fault(item[key]!, $"'{key}' must be a list");
            yield break;
        }

        foreach (var entry in list)
        {
            if (entry is JObject found) yield return found;
            else Fault(entry, $"'{key}' holds objects");
        }
    }

    private string Text(JObject item, string key, bool required = false, bool inherited = false)
    {
        var value = item[key] ?? (inherited ? _defaults[key] : null);
        if (value is null)
        {
            if (required) Fault(item, $"'{key}' is missing");
            return "";
        }

        if (value.Type != JTokenType.String)
        {
            Fault(value, $"'{key}' must be text");
            return "";
        }

        var text = (string)value!;
        if (text.Any(char.IsControl)) Fault(value, $"'{key}' holds a control character");
        return text;
    }

    private int? Integer(JObject item, string key, int least, int most, bool inherited = false)
    {
        var value = item[key] ?? (inherited ? _defaults[key] : null);
        if (value is null) return null;
        if (value.Type == JTokenType.Integer && (long)value >= least && (long)value <= most) return (int)value;
        Fault(value, $"'{key}' must be a number from {Number(least)} to {Number(most)}");
        return null;
    }

    private string OneOf(JObject item, string key, IReadOnlyList<string> values, bool inherited = false)
    {
        var text = Text(item, key, inherited: inherited);
        if (text.Length > 0 && !values.Contains(text)) Fault(item[key] ?? _defaults[key]!, $"'{key}' is '{text}'; it may be {string.Join(", ", values)}");
        return text;
    }

    private string Cidr(JObject item, string key)
    {
        var text = Text(item, key);
        if (text.Length == 0) return text;
        var parts = text.Split('/');
        if (parts.Length == 2 && IPAddress.TryParse(parts[0], out var address) && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var length)
            && length <= (address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetwork ? 32 : 128))
        {
            return text;
        }

        Fault(item[key]!, $"'{text}' is no address with a prefix length, such as 10.90.1.2/24");
        return text;
    }

    private void Unique(IEnumerable<HostEndpoint> hosts, JObject root)
    {
        foreach (var twice in hosts.Where(h => h.Id.Length > 0).GroupBy(h => h.Id, StringComparer.OrdinalIgnoreCase).Where(g => g.Count() > 1)) Fault(root, $"the id '{twice.Key}' stands here {Number(twice.Count())} times");
        foreach (var twice in hosts.Where(h => h.Address.Length > 0).GroupBy(h => h.ToString() + " " + h.Jump?.Id, StringComparer.OrdinalIgnoreCase).Where(g => g.Count() > 1)) Fault(root, $"{string.Join(" and ", twice.Select(h => h.Id))} have the same address {twice.First()}");
    }

    private void Fault(JToken at, string text)
    {
        var info = (IJsonLineInfo)at;
        _faults.Add($"{_path}:{Number(info.LineNumber)}:{Number(info.LinePosition)}: {text}");
    }

    private static string Home(string path) =>
        path.StartsWith("~/", StringComparison.Ordinal) ? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), path.Substring(2)) : path;

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);
}
