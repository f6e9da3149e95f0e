using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace Maestro.Engine.Fabrics.Linux.Configuration;

/// <summary>The canonical form of a configuration, and what follows from it for one member.</summary>
internal static class ConfigurationContent
{
    private static readonly string[] Groups = ["files", "sysctl", "addresses", "routes"];

    /// <summary>Keys in ordinal order, empty groups left out, one line a value: the same items make the same text.</summary>
    public static string Write(JObject configuration)
    {
        using var text = new StringWriter(System.Globalization.CultureInfo.InvariantCulture) { NewLine = "\n" };
        using (var writer = new JsonTextWriter(text) { Formatting = Formatting.Indented }) Sorted(configuration).WriteTo(writer);
        return text + "\n";
    }

    public static JObject Parse(string content)
    {
        using var json = new JsonTextReader(new StringReader(content)) { DateParseHandling = DateParseHandling.None };
        return JObject.Load(json);
    }

    public static IReadOnlyList<string> Members(string content) => [.. (Parse(content)["members"] as JObject)?.Properties().Select(p => p.Name) ?? []];

    /// <summary>All that the member is to have.</summary>
    public static MemberConfiguration Of(string content, string member) => Build(Effective(Parse(content), member), _ => { });

    /// <summary>Why that cannot be had; empty when it can.</summary>
    public static IReadOnlyList<string> Contradictions(JObject canonical, string member)
    {
        var wrong = new List<string>();
        Build(Effective(canonical, member), wrong.Add);
        return wrong;
    }

    /// <summary>What is said of all, with what is said of the member in particular laid over it; null takes away.</summary>
    private static JObject Effective(JObject configuration, string member)
    {
        var effective = new JObject();
        var own = (configuration["members"] as JObject)?[member] as JObject;
        var hostname = own?["hostname"] ?? configuration["hostname"];
        if (hostname is { Type: JTokenType.String }) effective["hostname"] = hostname.DeepClone();
        foreach (var key in Groups)
        {
            var group = configuration[key] is JObject all ? (JObject)all.DeepClone() : [];
            foreach (var entry in (own?[key] as JObject)?.Properties() ?? [])
            {
                if (entry.Value.Type == JTokenType.Null) group.Remove(entry.Name);
                else if (group[entry.Name] is JObject item && entry.Value is JObject changes) foreach (var change in changes.Properties()) item[change.Name] = change.Value.DeepClone();
                else group[entry.Name] = entry.Value.DeepClone();
            }

            effective[key] = group;
        }

        return effective;
    }

    private static MemberConfiguration Build(JObject effective, Action<string> wrong)
    {
        var member = new MemberConfiguration();
        var known = new Dictionary<string, string>(StringComparer.Ordinal);
        if (effective["hostname"] is { } hostname) member.Add(ConfigurationItem.OfHostname((string)hostname!));
        foreach (var (name, item) in Entries(effective, "files"))
        {
            var path = (string)item["path"]!;
            Unique($"the file {path}", name);
            member.AddFile(path, (string)item["content"]!, (string)item["owner"]!, (string)item["group"]!, (string)item["mode"]!);
        }

        foreach (var entry in ((JObject)effective["sysctl"]!).Properties()) member.Add(ConfigurationItem.OfSysctl(entry.Name, (string)entry.Value!));

        var addresses = Entries(effective, "addresses").Select(a => (a.Name, Entry: AddressOf(a.Item))).ToList();
        foreach (var (name, address) in addresses)
        {
            Unique($"the address {address.Address} of {address.Device}", name);
            member.Add(ConfigurationItem.OfAddress(address.Device, address.Address), address.Persistence);
        }

        var routes = Entries(effective, "routes").Select(r => (r.Name, Entry: RouteOf(r.Name, r.Item, wrong))).ToList();
        foreach (var (name, route) in routes)
        {
            var item = ConfigurationItem.OfRoute(route.IsSix, route.Destination, route.Metric, route.Via, route.Device);
            Unique("the " + item.Name, name);
            member.Add(item, route.Persistence);
        }

        AddManagers([.. addresses.Select(a => a.Entry)], [.. routes.Select(r => r.Entry)]);
        return member;

        void Unique(string what, string name)
        {
            if (known.TryGetValue(what, out var other)) wrong($"'{name}' and '{other}' are both {what}");
            else known.Add(what, name);
        }

        void AddManagers(IReadOnlyList<AddressEntry> all, IReadOnlyList<RouteEntry> ways)
        {
            var byIfupdown = (all.Where(a => a.Persistence == Persistence.Ifupdown).ToList(), ways.Where(w => w.Persistence == Persistence.Ifupdown).ToList());
            if (byIfupdown.Item1.Count + byIfupdown.Item2.Count > 0) Manage(Persistence.Ifupdown, NetworkFiles.IfupdownPath, NetworkFiles.Ifupdown(byIfupdown.Item1, byIfupdown.Item2));
            var devices = all.Where(a => a.Persistence == Persistence.Networkd).Select(a => a.Device).Concat(ways.Where(w => w.Persistence == Persistence.Networkd).Select(w => w.Device));
            foreach (var device in devices.Distinct().OrderBy(d => d, StringComparer.Ordinal))
            {
                Manage(Persistence.Networkd, NetworkFiles.NetworkdPath(device), NetworkFiles.Networkd(device, all.Where(a => a.Device == device && a.Persistence == Persistence.Networkd), ways.Where(w => w.Device == device && w.Persistence == Persistence.Networkd)));
            }
        }

        void Manage(Persistence manager, string path, string content)
        {
            if (known.ContainsKey($"the file {path}")) wrong($"the file {path} is what '{known[$"the file {path}"]}' and the persistence by {manager.ToString().ToLowerInvariant()} both write");
            member.AddManagerFile(manager, path, content);
        }
    }

    private static AddressEntry AddressOf(JObject item) => new((string)item["device"]!, (string)item["address"]!, ((string)item["address"]!).Contains(':'), PersistenceOf(item));

    private static RouteEntry RouteOf(string name, JObject item, Action<string> wrong)
    {
        var destination = (string)item["destination"]!;
        var via = (string?)item["via"] ?? "";
        var isSix = destination == "default" ? via.Contains(':') : destination.Contains(':');
        if (via.Length > 0 && via.Contains(':') != isSix) wrong($"'{name}' leads to another address family than its next hop has");
        // As ip shows them.
        if (destination is "0.0.0.0/0" or "::/0") destination = "default";
        else if (destination.EndsWith(isSix ? "/128" : "/32", StringComparison.Ordinal)) destination = destination.Substring(0, destination.IndexOf('/'));
        return new RouteEntry(destination, via, (string)item["device"]!, (int?)item["metric"] ?? (isSix ? 1024 : 0), isSix, PersistenceOf(item));
    }

    private static Persistence PersistenceOf(JObject item) => (string?)item["persist"] switch
    {
        "ifupdown" => Persistence.Ifupdown,
        "networkd" => Persistence.Networkd,
        _ => Persistence.Maestro,
    };

    private static IEnumerable<(string Name, JObject Item)> Entries(JObject effective, string key) => ((JObject)effective[key]!).Properties().Select(p => (p.Name, (JObject)p.Value));

    private static JToken Sorted(JToken token) => token switch
    {
        JObject item => new JObject(item.Properties().Where(p => p.Value is not JObject { Count: 0 }).OrderBy(p => p.Name, StringComparer.Ordinal).Select(p => new JProperty(p.Name, Sorted(p.Value)))),
        _ => token.DeepClone(),
    };
}
