using System.Globalization;
using System.Text;

namespace Maestro.Engine.Fabrics.Linux.Configuration;

/// <summary>Writes what a host's own network manager reads, so that it brings addresses and routes back at a restart.</summary>
internal static class NetworkFiles
{
    /// <summary>Debian's interfaces file sources this folder.</summary>
    public const string IfupdownPath = "/etc/network/interfaces.d/maestro";

    public static string NetworkdPath(string device) => $"/etc/systemd/network/10-maestro-{device}.network";

    /// <summary>A stanza an item: ifupdown brings all stanzas of a device up, in their order.</summary>
    public static string Ifupdown(IEnumerable<AddressEntry> addresses, IEnumerable<RouteEntry> routes)
    {
        var text = new StringBuilder("# Written by Maestro; Sync-Configuration writes it again.\n");
        var devices = new HashSet<string>(StringComparer.Ordinal);
        foreach (var address in addresses)
        {
            Auto(address.Device);
            text.Append("iface ").Append(address.Device).Append(address.IsSix ? " inet6 static\n" : " inet static\n").Append("    address ").Append(address.Address).Append('\n');
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

    /// <summary>One file a device.</summary>
    public static string Networkd(string device, IEnumerable<AddressEntry> addresses, IEnumerable<RouteEntry> routes)
    {
        var text = new StringBuilder("# Written by Maestro; Sync-Configuration writes it again.\n[Match]\nName=").Append(device).Append("\n\n[Network]\n");
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
