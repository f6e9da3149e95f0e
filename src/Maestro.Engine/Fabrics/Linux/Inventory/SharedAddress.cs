using System.Net;

namespace Maestro.Engine.Fabrics.Linux.Inventory;

/// <summary>Whether the address that a port shares with other orchestrators can be shared from it.</summary>
internal static class SharedAddress
{
    public static void Check(InventoryItem item, InventoryPort port)
    {
        if (port.VirtualAddress.Length == 0) return;
        if (port.Address.Length == 0)
        {
            if (!item.Has("address")) item.Fault("virtualAddress", $"the port '{port.Id}' has a 'virtualAddress' and no 'address' of its own, from which orchestrators speak to one another");
            return;
        }

        var (shared, own) = (Of(port.VirtualAddress), Of(port.Address));
        if (shared.AddressFamily != own.AddressFamily) item.Fault("virtualAddress", $"'{port.VirtualAddress}' and the port's own address '{port.Address}' are of two families; an entry more with the same interface has those of the other");
        else if (shared.Equals(own)) item.Fault("virtualAddress", $"'{port.VirtualAddress}' is the port's own address, which nobody can share");
    }

    /// <summary>A host that is to have an address twice.</summary>
    public static void CheckTwice(InventoryItem item, string host, IEnumerable<InventoryPort> ports)
    {
        var twice = ports.Where(p => p.VirtualAddress.Length > 0).GroupBy(p => Of(p.VirtualAddress)).FirstOrDefault(g => g.Count() > 1);
        if (twice is not null) item.Fault("ports", $"two ports of '{host}' have the virtualAddress {twice.Key}");
    }

    private static IPAddress Of(string prefixed) => IPAddress.Parse(prefixed.Split('/')[0]);
}
