using System.Net;
using Maestro.Engine.Fabrics.Linux.Inventory;

namespace Maestro.Engine.Fabrics.Linux.Redundancy;

/// <summary>An address that one of several orchestrating hosts has at a time: one VRRP instance of each of them.</summary>
/// <param name="Interface">Where this host has it.</param>
/// <param name="Id">The virtual router's number, the same on all hosts: 1 to 255, no other address of the inventory and of that family has it.</param>
/// <param name="Own">This host's own address there, from which it speaks to the others.</param>
/// <param name="Virtual">The address, with its prefix length.</param>
/// <param name="Peers">The own addresses of the others, in order.</param>
/// <param name="Place">Of this host among those that share the address, from 0 on.</param>
internal sealed record VirtualRouter(string Interface, int Id, IPAddress Own, string Virtual, IReadOnlyList<IPAddress> Peers, int Place)
{
    public const int HighestId = 255;

    public IPAddress Address => Without(Virtual);

    /// <summary>Those of one host, in the order of its ports.</summary>
    public static IReadOnlyList<VirtualRouter> Of(InventoryFile inventory, InventoryOrchestrator orchestrator)
    {
        var all = inventory.Orchestrators.OrderBy(o => o.Host.Id, StringComparer.Ordinal).SelectMany(o => o.Ports.Where(p => p.VirtualAddress.Length > 0).Select(p => (Host: o, Port: p))).ToList();
        var ids = Number(all.Select(a => Without(a.Port.VirtualAddress)));
        return
        [
            .. orchestrator.Ports.Where(p => p.VirtualAddress.Length > 0).Select(port =>
            {
                var address = Without(port.VirtualAddress);
                var sharing = all.Where(a => Without(a.Port.VirtualAddress).Equals(address)).ToList();
                return new VirtualRouter(
                    port.Interface, ids[address], Without(port.Address), $"{address}/{port.VirtualAddress.Split('/')[1]}",
                    [.. sharing.Where(s => s.Host.Host.Id != orchestrator.Host.Id).Select(s => Without(s.Port.Address))], sharing.FindIndex(s => s.Host.Host.Id == orchestrator.Host.Id));
            }),
        ];
    }

    /// <summary>
    /// A number for each address, by the address itself, so that an address more changes no other's unless two meet. Both families have numbers of their own.
    /// </summary>
    private static Dictionary<IPAddress, int> Number(IEnumerable<IPAddress> addresses)
    {
        var ids = new Dictionary<IPAddress, int>();
        foreach (var family in addresses.Distinct().GroupBy(a => a.AddressFamily))
        {
            var taken = new HashSet<int>();
            foreach (var (address, hash) in family.Select(a => (a, Hash: Hash(a))).OrderBy(a => a.Hash).ThenBy(a => a.a.ToString(), StringComparer.Ordinal))
            {
                var id = (int)(hash % HighestId);
                while (!taken.Add(id)) id = (id + 1) % HighestId;
                ids[address] = id + 1;
            }
        }

        return ids;
    }

    // FNV-1a.
    private static uint Hash(IPAddress address)
    {
        var hash = 2166136261u;
        foreach (var octet in address.GetAddressBytes()) hash = unchecked((hash ^ octet) * 16777619u);
        return hash;
    }

    private static IPAddress Without(string prefixed) => IPAddress.Parse(prefixed.Split('/')[0]);
}
