using System.Globalization;
using System.Text;

namespace Maestro.Engine.Fabrics.Linux.Configuration;

/// <summary>Writes what a host's own network manager reads, so that it brings addresses and routes back at a restart.</summary>
internal static class NetworkFiles
{
    /// <summary>Debian's interfaces file sources this folder.</summary>
    public const string IfupdownPath = "/etc/network/interfaces.d/maestro";

    public static string NetworkdPath(string device) => $"/etc/systemd/network/10-maestro-{device}.network";

    /// <summary>
    /// A stanza an item: ifupdown brings all stanzas of a device up, in their order. Its own method for addresses fails where one is there already, and ours are
    /// before ifupdown first reads of them.
    /// </summary>
    public static string Ifupdown(IEnumerable<AddressEntry> addresses, IEnumerable<RouteEntry> routes)
    {
        var text = new StringBuilder("# Written by Maestro; Sync-Configuration writes it again.\n");
        var devices = new HashSet<string>(StringComparer.Ordinal);
        foreach (var address in addresses)
        {
            Auto(address.Device);
            var (method, family) = address.IsSix ? ("inet6 manual", "-6") : ("inet manual", "-4");
            text.Append($"iface {address.Device} {method}\n    up ip {family} addr replace {address.Address} dev {address.Device}\n    down ip {family} addr del {address.Address} dev {address.Device} || true\n");
        }

        foreach (var route in routes)
        {
            Auto(route.Device);
            var via = route.Via.Length > 0 ? $"via {route.Via} " : "";
            var metric = route.Metric > 0 ? " metric " + route.Metric.ToString(CultureInfo.InvariantCulture) : "";
            text.Append("iface ").Append(route.Device).Append(route.IsSix ? " inet6 manual\n" : " inet manual\n")
                .Append("    up ip ").Append(route.IsSix ? "-6" : "-4").Append($" route replace {route.Destination} {via}dev {route.Device} proto static{metric}\n");
        }

        return text.ToString();

        void Auto(string device)
        {
            if (devices.Add(device)) text.Append("auto ").Append(device).Append('\n');
        }
    }

    /// <summary>
    /// One file a device. Who has such a file has the device: by default networkd would take away all that it does not name, also what was there before it and
    /// what Maestro itself brings, and would wait for router advertisements, which a gateway does not take.
    /// </summary>
    public static string Networkd(string device, IEnumerable<AddressEntry> addresses, IEnumerable<RouteEntry> routes)
    {
        var text = new StringBuilder("# Written by Maestro; Sync-Configuration writes it again.\n[Match]\nName=").Append(device).Append("\n\n[Network]\nKeepConfiguration=static\nIPv6AcceptRA=no\n");
        foreach (var address in addresses) text.Append("Address=").Append(address.Address).Append('\n');
        foreach (var route in routes)
        {
            text.Append("\n[Route]\nDestination=").Append(route.Destination == "default" ? route.IsSix ? "::/0" : "0.0.0.0/0" : route.Destination).Append('\n');
            if (route.Via.Length > 0) text.Append("Gateway=").Append(route.Via).Append('\n');
            if (route.Metric > 0) text.Append("Metric=").Append(route.Metric.ToString(CultureInfo.InvariantCulture)).Append('\n');
        }

        return text.ToString();
    }
}

/// <summary>An address that a device is to have.</summary>
internal sealed record AddressEntry(string Device, string Address, bool IsSix, Persistence Persistence);

/// <summary>A route that the main table is to have.</summary>
internal sealed record RouteEntry(string Destination, string Via, string Device, int Metric, bool IsSix, Persistence Persistence);
