using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;
using Maestro.Engine.Fabrics.Linux.Inventory;
using Maestro.Engine.Model.Groups;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace Maestro.Engine.Fabrics.Linux.Configuration;

/// <summary>
/// Reads a configuration as its author wrote it into its canonical form: files drawn in, values in one spelling, keys in order. Names every fault with line
/// and column; what depends on one member is judged as that member gets it.
/// </summary>
internal sealed class JsonConfiguration
{
    /// <summary>Everything travels through a shell's standard input, for every member.</summary>
    public const int MostBytesOfFile = 1 << 20;

    // The kernel's own: IFNAMSIZ and __NEW_UTS_LEN, each with its end.
    private const int LongestDevice = 15;
    private const int LongestHostname = 64;

    private static readonly Regex Label = new("^[A-Za-z0-9][A-Za-z0-9_.-]{0,62}$", RegexOptions.CultureInvariant);
    private static readonly Regex PathPattern = new("^(/[A-Za-z0-9._@:+,=~-]+)+$", RegexOptions.CultureInvariant);
    private static readonly Regex Account = new("^[A-Za-z_][A-Za-z0-9_.-]{0,31}$", RegexOptions.CultureInvariant);
    private static readonly Regex Mode = new("^0?[0-7]{3,4}$", RegexOptions.CultureInvariant);
    private static readonly Regex SysctlKey = new(@"^[a-z0-9_]+(\.[A-Za-z0-9_/@:-]+)+$", RegexOptions.CultureInvariant);
    private static readonly Regex HostName = new("^[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?(\\.[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*$", RegexOptions.CultureInvariant);
    private static readonly Regex Device = new("^[A-Za-z0-9_.@-]+$", RegexOptions.CultureInvariant);

    // What is Maestro's own, or no file at all, or written by the items of another kind.
    private static readonly string[] ForbiddenFolders = ["/var/lib/maestro", "/proc", "/sys", "/dev"];

    private readonly ConfigurationFaults _faults;
    private readonly Func<string, string> _readSource;

    private JsonConfiguration(ConfigurationFaults faults, Func<string, string> readSource)
    {
        _faults = faults;
        _readSource = readSource;
    }

    /// <param name="text">JSON with comments.</param>
    /// <param name="file">Its name, for messages.</param>
    /// <param name="readSource">Reads a file that the configuration names.</param>
    /// <returns>The canonical text.</returns>
    /// <exception cref="Model.Errors.MaestroException"><c>Maestro.ConfigurationInvalid</c>, with all faults at once.</exception>
    public static string Canonical(string text, string file, Func<string, string> readSource)
    {
        var faults = new ConfigurationFaults(file);
        var read = new JsonConfiguration(faults, readSource).Read(text);
        faults.Throw();
        return ConfigurationContent.Write(read!);
    }

    private JObject? Read(string text)
    {
        if (Tree(text) is not { } root) return null;
        CheckKeys(root, JsonConfigurationKeys.Root);
        if (root["version"] is not { } version) Fault(root, "'version' is missing; this Maestro reads version 1");
        else if (version is not JValue { Value: 1L }) Fault(version, "this Maestro reads version 1");
        var canonical = Items(root, all: null);
        canonical["version"] = 1;
        var members = new JObject();
        foreach (var entry in Object(root, "members")?.Properties() ?? [])
        {
            if (!MemberId.TryParse(entry.Name, out var id)) Fault(entry, $"'{entry.Name}' is no member; it is called like 1_2");
            else if (entry.Value is not JObject overrides) Fault(entry.Value, $"what is said of {entry.Name} must be an object");
            else if (members[id.ToString()] is not null) Fault(entry, $"member {id} stands here twice");
            else
            {
                CheckKeys(overrides, JsonConfigurationKeys.Items);
                members[id.ToString()] = Items(overrides, root);
            }
        }

        if (members.Count > 0) canonical["members"] = members;
        if (_faults.Any) return canonical;
        CheckMember(root, canonical, "");
        foreach (var member in members.Properties()) CheckMember(root["members"]!.Children<JProperty>().First(p => MemberId.Parse(p.Name).ToString() == member.Name), canonical, member.Name);
        return canonical;
    }

    /// <param name="owner">What is said of all members, or of one.</param>
    /// <param name="all">What is said of all, when <paramref name="owner"/> is about one; else null.</param>
    private JObject Items(JObject owner, JObject? all)
    {
        var canonical = new JObject();
        if (owner["hostname"] is { } hostname) canonical["hostname"] = IsNothing(hostname, all) ? JValue.CreateNull() : Hostname(owner, hostname);
        Group("files", (_, value, whole) => File(value, whole));
        Group("sysctl", (entry, value, _) => Sysctl(entry, value), scalars: true);
        Group("addresses", (_, value, whole) => Address(value, whole));
        Group("routes", (_, value, whole) => Route(value, whole));
        return canonical;

        void Group(string key, Func<JProperty, JToken, bool, JToken?> read, bool scalars = false)
        {
            if (Object(owner, key) is not { } entries) return;
            var group = new JObject();
            foreach (var entry in entries.Properties())
            {
                if (!scalars && !Label.IsMatch(entry.Name)) Fault(entry, $"'{entry.Name}' is no name: a letter or digit, then letters, digits, '_', '.', '-', at most 63");
                else if (IsNothing(entry.Value, all)) group[entry.Name] = JValue.CreateNull();
                else if (!scalars && entry.Value is not JObject) Fault(entry.Value, $"'{entry.Name}' must be an object");
                // An override names what differs; an item that only one member has is whole by itself.
                else if (read(entry, entry.Value, (all?[key] as JObject)?[entry.Name] is not JObject) is { } item) group[entry.Name] = item;
            }

            canonical[key] = group;
        }
    }

    // null takes an item away from one member; for all it would mean nothing.
    private static bool IsNothing(JToken value, JObject? all) => all is not null && value.Type == JTokenType.Null;

    private JValue Hostname(JObject owner, JToken at)
    {
        var name = Text(owner, "hostname", HostName, "no host name: labels of letters, digits and '-', joined by dots") ?? "";
        if (name.Length > LongestHostname) Fault(at, $"a host name has at most {LongestHostname.ToString(CultureInfo.InvariantCulture)} characters");
        return new JValue(name);
    }

    private JObject File(JToken value, bool isWhole)
    {
        var owner = (JObject)value;
        CheckKeys(owner, JsonConfigurationKeys.File);
        var item = new JObject();
        if (Text(owner, "path", PathPattern, "no absolute path of letters, digits and . _ @ : + , = ~ -", isWhole) is { } path)
        {
            if (path.Split('/').Any(p => p is "." or "..")) Fault(owner["path"]!, "a path is written out, without '.' and '..'");
            else if (ForbiddenFolders.FirstOrDefault(f => path == f || path.StartsWith(f + "/", StringComparison.Ordinal)) is { } forbidden) Fault(owner["path"]!, $"nothing below {forbidden} is a file of a configuration");
            item["path"] = path;
        }

        if (owner["content"] is not null && owner["source"] is not null) Fault(owner["source"]!, "'content' and 'source' exclude each other");
        else if (owner["content"] is { } content)
        {
            if (content.Type != JTokenType.String) Fault(content, "'content' must be text");
            else item["content"] = Bounded(content, (string)content!);
        }
        else if (owner["source"] is { } source)
        {
            if (Text(owner, "source") is { } name) item["content"] = Source(source, name);
        }
        else if (isWhole) Fault(owner, "'content' or 'source' is missing");

        Put("owner", Account, "no name of an account", "root");
        Put("group", Account, "no name of a group", "root");
        Put("mode", Mode, "no mode such as 0644", "0644");
        if (item["mode"] is { } mode) item["mode"] = ((string)mode!).TrimStart('0') is { Length: > 0 } digits ? digits.PadLeft(3, '0') : "000";
        return item;

        void Put(string key, Regex pattern, string wrong, string standard)
        {
            if (Text(owner, key, pattern, wrong) is { } text) item[key] = text;
            else if (isWhole && owner[key] is null) item[key] = standard;
        }
    }

    private string Source(JToken at, string name)
    {
        try
        {
            return Bounded(at, _readSource(name));
        }
        catch (DecoderFallbackException)
        {
            Fault(at, $"{name} is no text in UTF-8");
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            Fault(at, $"{name} cannot be read: {fault.Message}");
        }

        return "";
    }

    private string Bounded(JToken at, string content)
    {
        if (content.IndexOf('\0') >= 0) Fault(at, "the content holds NUL, which no shell carries");
        if (Encoding.UTF8.GetByteCount(content) > MostBytesOfFile) Fault(at, $"the content is larger than {MostBytesOfFile.ToString(CultureInfo.InvariantCulture)} bytes");
        return content;
    }

    private JToken? Sysctl(JProperty entry, JToken value)
    {
        if (!SysctlKey.IsMatch(entry.Name) || entry.Name.Contains("..")) Fault(entry, $"'{entry.Name}' is no key of sysctl, such as net.ipv4.ip_forward");
        else if (entry.Name == "kernel.hostname") Fault(entry, "the key 'hostname' says that");
        var text = value.Type switch
        {
            JTokenType.String => string.Join(" ", ((string)value!).Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries)),
            JTokenType.Integer => Convert.ToString(((JValue)value).Value, CultureInfo.InvariantCulture)!,
            _ => "",
        };
        if (text.Length == 0 || text.Any(char.IsControl) || text == ConfigurationItem.Absent) Fault(value, $"the value of '{entry.Name}' must be a whole number or text on one line");
        return text;
    }

    private JObject Address(JToken value, bool isWhole)
    {
        var owner = (JObject)value;
        CheckKeys(owner, JsonConfigurationKeys.Address);
        var item = new JObject();
        DeviceInto(owner, item, isWhole);
        if (Text(owner, "address", isRequired: isWhole) is { } text)
        {
            if (Prefix(text, out var address, out var length)) item["address"] = $"{address}/{length.ToString(CultureInfo.InvariantCulture)}";
            else Fault(owner["address"]!, $"'{text}' is no address with a prefix length, such as 192.0.2.1/24");
        }

        PersistInto(owner, item, isWhole);
        return item;
    }

    private JObject Route(JToken value, bool isWhole)
    {
        var owner = (JObject)value;
        CheckKeys(owner, JsonConfigurationKeys.Route);
        var item = new JObject();
        if (Text(owner, "destination", isRequired: isWhole) is { } destination)
        {
            if (destination == "default") item["destination"] = destination;
            else if (!Prefix(destination, out var address, out var length) && !Bare(destination, out address, out length)) Fault(owner["destination"]!, $"'{destination}' is no destination: 192.0.2.0/24, 2001:db8::/32 or default");
            else if (HasHostBits(address, length)) Fault(owner["destination"]!, $"'{destination}' is an address in a network, not the network");
            else item["destination"] = length == 0 && address.AddressFamily == AddressFamily.InterNetwork ? "0.0.0.0/0" : $"{address}/{length.ToString(CultureInfo.InvariantCulture)}";
        }

        if (owner["via"] is { } via && Text(owner, "via") is { } hop)
        {
            if (Bare(hop, out var address, out _)) item["via"] = address.ToString();
            else Fault(via, $"'{hop}' is no address of a next hop");
        }

        DeviceInto(owner, item, isWhole);
        if (owner["metric"] is { } metric)
        {
            if (metric is JValue { Value: long and >= 1 and <= int.MaxValue }) item["metric"] = (int)metric;
            else Fault(metric, "'metric' must be a whole number, 1 or more");
        }

        PersistInto(owner, item, isWhole);
        return item;
    }

    private void DeviceInto(JObject owner, JObject item, bool isWhole)
    {
        if (Text(owner, "device", Device, "no name of a device", isWhole) is not { } device) return;
        if (device.Length > LongestDevice || device is "." or "..") Fault(owner["device"]!, $"'{device}' is no name of a device: it has at most {LongestDevice.ToString(CultureInfo.InvariantCulture)} characters");
        item["device"] = device;
    }

    private void PersistInto(JObject owner, JObject item, bool isWhole)
    {
        if (owner["persist"] is null)
        {
            if (isWhole) item["persist"] = JsonConfigurationKeys.Persist[0];
        }
        else if (Text(owner, "persist") is { } persist)
        {
            if (JsonConfigurationKeys.Persist.Contains(persist)) item["persist"] = persist;
            else Fault(owner["persist"]!, $"'persist' may be {string.Join(", ", JsonConfigurationKeys.Persist)}");
        }
    }

    /// <summary>What only shows when all that is said of a member stands together.</summary>
    private void CheckMember(JToken at, JObject canonical, string member)
    {
        var who = member.Length > 0 ? $"member {member}" : "every member";
        foreach (var wrong in ConfigurationContent.Contradictions(canonical, member)) _faults.Add(at, $"{who}: {wrong}");
    }

    private string? Text(JObject owner, string key, Regex? pattern = null, string wrong = "", bool isRequired = false)
    {
        if (owner[key] is not { } value)
        {
            if (isRequired) Fault(owner, $"'{key}' is missing");
            return null;
        }

        if (value.Type != JTokenType.String)
        {
            Fault(value, $"'{key}' must be text");
            return null;
        }

        var text = ((string)value!).Trim();
        if (text.Length == 0) Fault(value, $"'{key}' is empty");
        else if (text.Any(char.IsControl)) Fault(value, $"'{key}' holds a control character");
        else if (pattern is not null && !pattern.IsMatch(text)) Fault(value, $"'{text}' is {wrong}");
        else return text;
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

    private void Fault(JToken at, string text) => _faults.Add(at, text);

    private JObject? Tree(string text)
    {
        try
        {
            return JsonPlaces.Read(text);
        }
        catch (JsonReaderException fault)
        {
            // The path that it appends is ours to say.
            var end = fault.Message.IndexOf(" Path '", StringComparison.Ordinal);
            _faults.Add(new TextPlace(Math.Max(1, fault.LineNumber), Math.Max(1, fault.LinePosition)), end < 0 ? fault.Message : fault.Message.Substring(0, end));
            return null;
        }
    }

    private static bool Prefix(string text, out IPAddress address, out int length)
    {
        var parts = text.Split('/');
        length = 0;
        return Bare(parts[0], out address, out var bits) && parts.Length == 2 && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out length) && length <= bits;
    }

    private static bool Bare(string text, out IPAddress address, out int bits)
    {
        bits = 0;
        // "10" would be 0.0.0.10 to the framework, and a zone is the machine's own word.
        if (!IPAddress.TryParse(text, out address!) || text.Contains('%') || (address.AddressFamily == AddressFamily.InterNetwork && text.Count(c => c == '.') != 3)) return false;
        bits = address.AddressFamily == AddressFamily.InterNetwork ? 32 : 128;
        return true;
    }

    private static bool HasHostBits(IPAddress address, int length)
    {
        var bytes = address.GetAddressBytes();
        return Enumerable.Range(length, (bytes.Length * 8) - length).Any(bit => (bytes[bit / 8] & (0x80 >> (bit % 8))) != 0);
    }
}
