using System.Text.RegularExpressions;
using Maestro.Engine.Clustering.Distribution;
using Maestro.Engine.Fabrics.Linux.Ssh;
using Maestro.Engine.Model.Errors;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace Maestro.Engine.Fabrics.Linux.Inventory;

/// <summary>Reads an inventory file; names every fault with line and column.</summary>
internal sealed class InventoryReader
{
    private const string SchemaName = "maestro-inventory-1.schema.json";

    private static readonly Regex IdPattern = new("^[A-Za-z0-9][A-Za-z0-9_.-]{0,62}$", RegexOptions.CultureInvariant);
    private static readonly Regex OrchestratorId = new("^[12]_[0-9]+$", RegexOptions.CultureInvariant);
    private static readonly Regex FingerprintPattern = new("^SHA256:[A-Za-z0-9+/]+=?$", RegexOptions.CultureInvariant);

    // The kernel's own limits, and nothing that could end a word in quotes.
    private static readonly Regex InterfacePattern = new("^[^\\s/\"\\\\]{1,15}$", RegexOptions.CultureInvariant);

    private static readonly Regex QuotedInput = new("^Input string '.*' ", RegexOptions.CultureInvariant | RegexOptions.Singleline);

    private readonly InventoryFaults _faults;
    private readonly string _folder;
    private readonly Dictionary<string, HostEndpoint> _jumps = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _ids = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, string> _addresses = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> _ports = new(StringComparer.Ordinal);

    private InventoryReader(InventoryFaults faults, string folder)
    {
        _faults = faults;
        _folder = folder;
    }

    /// <exception cref="MaestroException"><c>Maestro.InventoryInvalid</c>.</exception>
    public static InventoryFile Load(string path)
    {
        if (!File.Exists(path)) throw new MaestroException(ErrorCatalogue.InventoryInvalid, $"There is no inventory at {path}.", path, $"Give the path of an inventory file; the schema {SchemaName} tells its form.");
        try
        {
            return Parse(File.ReadAllText(path), path);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new MaestroException(ErrorCatalogue.InventoryInvalid, $"The inventory {path} cannot be read: {fault.Message}", path, "Make the file readable.", fault);
        }
    }

    /// <param name="text">JSON with comments.</param>
    /// <param name="path">The file's name for messages; key paths that are not absolute begin at its folder.</param>
    /// <exception cref="MaestroException"><c>Maestro.InventoryInvalid</c>, with all faults at once.</exception>
    public static InventoryFile Parse(string text, string path)
    {
        var faults = new InventoryFaults(path);
        var root = Tree(text, faults);
        var file = new InventoryReader(faults, Path.GetDirectoryName(Path.GetFullPath(path)) ?? "").Read(new InventoryItem(root, InventoryKeys.Root, faults));
        faults.Throw();
        return file;
    }

    private static JObject Tree(string text, InventoryFaults faults)
    {
        try
        {
            return JsonPlaces.Read(text);
        }
        catch (JsonReaderException fault)
        {
            // The path and position that it appends are ours to say. Of the text it quotes single characters, but a number whole, which may be a password.
            var end = fault.Message.IndexOf(" Path '", StringComparison.Ordinal);
            var said = QuotedInput.Replace(end < 0 ? fault.Message : fault.Message.Substring(0, end), "The text ");
            faults.Add(new TextPlace(Math.Max(1, fault.LineNumber), Math.Max(1, fault.LinePosition)), said);
            faults.Throw();
            throw;
        }
    }

    private InventoryFile Read(InventoryItem root)
    {
        if (!root.Has("version")) root.Fault("version", "'version' is missing; this Maestro reads version 1");
        else if (root.Integer("version", 1, int.MaxValue) is { } version and not 1) root.Fault("version", $"version {InventoryFaults.Number(version)} is not known; this Maestro reads version 1");
        var name = root.Text("name", isRequired: true);
        if (name.Length > 0 && !IdPattern.IsMatch(name)) root.Fault("name", $"'{name}' is no name: letters, digits, '_', '.', '-', at most 63");

        var defaults = root.Item("defaults", InventoryKeys.Defaults);
        foreach (var item in root.Items("jumpHosts", InventoryKeys.JumpHost)) _jumps[item.Text("id")] = JumpHost(item, defaults);
        if (defaults is not null)
        {
            // They are looked at also where everybody has values of his own.
            Site(defaults);
            JumpOf(defaults);
            defaults.User("user");
            defaults.Integer("port", 1, 65535);
            defaults.OneOf("become", InventoryKeys.Become);
        }

        var orchestrators = root.Items("orchestrators", InventoryKeys.Orchestrator, defaults).Select(Orchestrator).ToList();
        if (!root.Has("gateways")) root.Fault("gateways", "'gateways' is missing");
        var items = root.Items("gateways", InventoryKeys.Gateway, defaults).ToList();
        var gateways = items.Select(Gateway).ToList();
        if (orchestrators.Any(o => o.Steers)) HandOver.Check(items, gateways);
        return new InventoryFile { Name = name, Gateways = gateways, Orchestrators = orchestrators, StateSync = root.Item("stateSync", InventoryKeys.StateSync) is { } sync ? StateSync(sync) : null };
    }

    private static StateSyncSettings StateSync(InventoryItem item)
    {
        var services = new List<SyncedService>();
        foreach (var each in item.Items("services", InventoryKeys.SyncedService))
        {
            var service = new SyncedService(Protocol(each.OneOf("protocol", InventoryKeys.SyncedProtocols, isRequired: true)), each.RequiredInteger("port", 1, 65535), each.RequiredInteger("delay", 0, StateSyncSettings.LongestDelay));
            if (services.Any(s => s.Protocol == service.Protocol && s.Port == service.Port)) each.Fault("port", "this service stands here twice");
            services.Add(service);
        }

        return new StateSyncSettings
        {
            Port = item.Integer("port", 1, 65535) ?? StateSyncSettings.UsualPort,
            Delay = item.Integer("delay", 0, StateSyncSettings.LongestDelay) ?? StateSyncSettings.UsualDelay,
            Rate = item.Integer("copiesPerSecond", StateSyncSettings.LowestRate, StateSyncSettings.HighestRate) ?? StateSyncSettings.UsualRate,
            Services = services,
        };
    }

    private static byte Protocol(string name) => name switch
    {
        "tcp" => Flow.Tcp,
        "udp" => Flow.Udp,
        "sctp" => Flow.Sctp,
        _ => 0,
    };

    private InventoryGateway Gateway(InventoryItem item) => new()
    {
        Host = Endpoint(item),
        Site = Site(item) ?? 1,
        Cores = item.Integer("cores", 1, 4096),
        Model = item.Text("model"),
        Description = item.Text("description"),
        Downlinks = [.. item.Items("downlinks", InventoryKeys.Downlink).Select(d => new InventoryDownlink(d.Text("interface", isRequired: true), d.OneOf("side", InventoryKeys.Sides), d.Cidr("address")))],
    };

    private InventoryOrchestrator Orchestrator(InventoryItem item)
    {
        var host = Endpoint(item);
        // "1_2" is the second orchestrator of site 1 (the domain's own way to number them).
        var isNumbered = OrchestratorId.IsMatch(host.Id);
        var ownSite = item.Has("site");
        var site = isNumbered && !ownSite ? host.Id[0] - '0' : Site(item) ?? 1;
        if (isNumbered && ownSite && site != host.Id[0] - '0') item.Fault("site", $"the orchestrator '{host.Id}' cannot stand in site {InventoryFaults.Number(site)}");
        InventoryPort[] ports = [.. item.Items("ports", InventoryKeys.Port).Select(Port)];
        SharedAddress.CheckTwice(item, host.Id, ports);
        return new InventoryOrchestrator { Host = host, Site = site, Ports = ports };
    }

    private InventoryPort Port(InventoryItem item)
    {
        var id = item.Text("id", isRequired: true);
        if (id.Length > 0 && !_ports.Add(id)) item.Fault("id", $"the port '{id}' stands here twice");
        var port = new InventoryPort(
            id, Interface(item), item.OneOf("type", InventoryKeys.PortTypes, isRequired: true), item.OneOf("side", InventoryKeys.Sides), item.Cidr("address"), item.Cidr("virtualAddress"));
        SharedAddress.Check(item, port);
        return port;
    }

    private static string Interface(InventoryItem item)
    {
        var name = item.Text("interface", isRequired: true);
        if (name.Length > 0 && !InterfacePattern.IsMatch(name)) item.Fault("interface", $"'{name}' is no interface: at most 15 characters, no space, '/', '\"' or '\\'");
        return name;
    }

    private HostEndpoint JumpHost(InventoryItem item, InventoryItem? defaults)
    {
        var id = Id(item);
        if (_jumps.ContainsKey(id)) item.Fault("id", $"the jump host '{id}' stands here twice");
        var (address, port) = item.Host("address");
        return new HostEndpoint
        {
            Id = id,
            Address = address,
            Port = port ?? item.Integer("port", 1, 65535) ?? 22,
            User = First(item.User("user"), defaults?.User("user"), "root"),
            KeyPath = KeyPath(First(item.Text("keyPath"), defaults?.Text("keyPath"))),
            HostKey = Pin(item),
        };
    }

    private HostEndpoint Endpoint(InventoryItem item)
    {
        var id = Id(item);
        if (id.Length > 0)
        {
            if (_ids.ContainsKey(id)) item.Fault("id", $"the id '{id}' stands here twice");
            _ids[id] = id;
        }

        var (address, port) = item.Host("address");
        var host = new HostEndpoint
        {
            Id = id,
            Address = address,
            Port = port ?? item.Integer("port", 1, 65535) ?? 22,
            User = First(item.User("user"), "root"),
            BecomeRoot = item.OneOf("become", InventoryKeys.Become) == "sudo",
            KeyPath = KeyPath(item.Text("keyPath")),
            HostKey = Pin(item),
            Jump = JumpOf(item),
        };
        if (address.Length == 0) return host;
        var place = $"{host} through {host.Jump?.Id}";
        if (_addresses.TryGetValue(place, out var other)) item.Fault("address", $"'{id}' has the address of '{other}', {host}");
        else _addresses[place] = id;
        return host;
    }

    private static string Id(InventoryItem item)
    {
        var id = item.Text("id", isRequired: true);
        if (id.Length > 0 && !IdPattern.IsMatch(id)) item.Fault("id", $"'{id}' is no id: letters, digits, '_', '.', '-', at most 63");
        return id;
    }

    private static int? Site(InventoryItem item) => item.Integer("site", 1, 2);

    private HostEndpoint? JumpOf(InventoryItem item)
    {
        var name = item.Text("jump");
        if (name.Length == 0) return null;
        if (_jumps.TryGetValue(name, out var jump)) return jump;
        item.Fault("jump", $"there is no jump host '{name}' in 'jumpHosts'");
        return null;
    }

    private static string Pin(InventoryItem item)
    {
        var pin = item.Text("hostKey");
        if (pin.Length == 0 || FingerprintPattern.IsMatch(pin)) return pin;
        var fields = pin.Split([' '], StringSplitOptions.RemoveEmptyEntries);
        var type = HostKey.TypeOf(fields[fields.Length > 1 ? 1 : 0]);
        if (type is null || (fields.Length > 1 && fields[0] != type)) item.Fault("hostKey", "a host key is SHA256:... or a whole key such as 'ssh-ed25519 AAAA...'");
        return pin;
    }

    private string KeyPath(string path)
    {
        if (path.Length == 0) return path;
        if (path.StartsWith("~/", StringComparison.Ordinal)) return Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), path.Substring(2));
        return Path.Combine(_folder, path);
    }

    private static string First(params string?[] texts) => texts.FirstOrDefault(t => !string.IsNullOrEmpty(t)) ?? "";
}
