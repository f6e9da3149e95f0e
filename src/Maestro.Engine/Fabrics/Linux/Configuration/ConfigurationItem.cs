namespace Maestro.Engine.Fabrics.Linux.Configuration;

/// <summary>Who brings an address or a route back when the host restarts.</summary>
internal enum Persistence { Maestro, Ifupdown, Networkd }

/// <summary>
/// One item as gateways speak of it: the line <c>kind, key, value</c>. Where the value is what the gateway reads back, the item is proven;
/// <see cref="Absent"/> stands for an item that is not there.
/// </summary>
internal sealed record ConfigurationItem(string Kind, string Key, string Value)
{
    public const string Absent = "absent";
    public const string File = "file";
    public const string Sysctl = "sysctl";
    public const string Address = "address";
    public const string Route = "route";

    private const string HostnameKey = "kernel/hostname";

    public static ConfigurationItem OfFile(string path, string hash, string owner, string group, string mode) => new(File, path, $"{hash} {owner} {group} {mode}");

    public static ConfigurationItem OfSysctl(string key, string value) => new(Sysctl, SwapDots(key), value);

    public static ConfigurationItem OfHostname(string name) => new(Sysctl, HostnameKey, name);

    public static ConfigurationItem OfAddress(string device, string address) => new(Address, $"{device} {address}", "present");

    /// <param name="isSix">Its family.</param>
    /// <param name="destination">As ip shows it: a prefix, a bare address of a host, or <c>default</c>.</param>
    /// <param name="metric">As the kernel keeps it: 0 of IPv4 is none.</param>
    /// <param name="via">Empty for a route to the device itself.</param>
    /// <param name="device">Where it leads.</param>
    public static ConfigurationItem OfRoute(bool isSix, string destination, int metric, string via, string device) => new(
        Route,
        $"{(isSix ? "6" : "4")} {destination} {metric.ToString(System.Globalization.CultureInfo.InvariantCulture)}",
        via.Length > 0 ? $"via {via} dev {device} proto static" : isSix ? $"dev {device} proto static" : $"dev {device} proto static scope link");

    /// <exception cref="FormatException">It is no such line.</exception>
    public static ConfigurationItem Parse(string line)
    {
        var parts = line.Split('\t');
        return parts.Length == 3 ? new ConfigurationItem(parts[0], parts[1], parts[2]) : throw new FormatException($"'{line}' is no item.");
    }

    public string Line => $"{Kind}\t{Key}\t{Value}";

    /// <summary>What people call it.</summary>
    public string Name => Kind switch
    {
        Sysctl when Key == HostnameKey => "hostname",
        Sysctl => $"sysctl {SwapDots(Key)}",
        Route => RouteName(Key.Split(' ')),
        _ => $"{Kind} {Key}",
    };

    public ConfigurationValue ToValue() => new(Name, Value == Absent ? null : Kind == File && Value.Split(' ') is [var hash, var owner, var group, var mode] ? $"{mode} {owner}:{group} {hash}" : Value);

    // sysctl writes a dot of a device's name as a slash and the other way round; so does the path below /proc/sys.
    private static string SwapDots(string key) => new([.. key.Select(c => c switch { '.' => '/', '/' => '.', _ => c })]);

    private static string RouteName(string[] key) => $"route {(key[1] == "default" && key[0] == "6" ? "default of IPv6" : key[1])}{(key[2] == "0" || (key[0] == "6" && key[2] == "1024") ? "" : " metric " + key[2])}";
}
