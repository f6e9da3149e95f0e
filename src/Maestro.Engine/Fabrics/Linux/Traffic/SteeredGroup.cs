using System.Net;
using System.Net.Sockets;
using Maestro.Engine.Clustering.Distribution;
using Maestro.Engine.Fabrics.Linux.Inventory;
using Maestro.Engine.Model.Distribution;
using Maestro.Engine.Model.Errors;
using Maestro.Engine.Model.Fabric;
using Maestro.Engine.Model.Groups;

namespace Maestro.Engine.Fabrics.Linux.Traffic;

/// <summary>A member as orchestrating hosts need to know it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Weight">The number given, else its cores; null where a silent host's cores are not known.</param>
/// <param name="State">As observed.</param>
/// <param name="Gateway">Where packets for it go.</param>
internal sealed record SteeredMember(MemberId Id, int? Weight, MemberState State, InventoryGateway Gateway)
{
    /// <summary>Where a packet that entered on that side is handed over; null where the gateway has no such address.</summary>
    public IPAddress? HopOf(FlowSide side, AddressFamily family) => Gateway.Downlinks
        .Where(d => d.Side == InventoryKeys.Name(side) && d.Address.Length > 0)
        .Select(d => IPAddress.Parse(d.Address.Split('/')[0])).FirstOrDefault(a => a.AddressFamily == family);
}

/// <summary>A group, its members and its uplinks.</summary>
internal sealed record SteeredGroup
{
    public required int Id { get; init; }

    public required string Name { get; init; }

    public required IReadOnlyList<SteeredMember> Members { get; init; }

    /// <summary>Ids of the uplinks that the group's packets enter on.</summary>
    public required IReadOnlyList<string> Uplinks { get; init; }

    /// <summary>
    /// Addresses on downlinks of all gateways of the inventory: what is for one of them is that gateway's own, member or not. By the members alone two controllers
    /// would write different rules, of whom one does not know a member that is silent.
    /// </summary>
    public IReadOnlyList<IPAddress> OwnAddresses { get; init; } = [];

    /// <summary>The group's table in nft.</summary>
    public string TableName => Prefix + Id.ToString(System.Globalization.CultureInfo.InvariantCulture);

    public const string Prefix = "maestro_traffic_";

    /// <summary>The hosts that steer it: with an uplink of it on either side.</summary>
    public IEnumerable<InventoryOrchestrator> OrchestratorsOf(InventoryFile inventory) =>
        inventory.Orchestrators.Where(o => UplinksOf(o, FlowSide.Inside).Count > 0 && UplinksOf(o, FlowSide.Outside).Count > 0);

    /// <summary>Interfaces, in order.</summary>
    public IReadOnlyList<string> UplinksOf(InventoryOrchestrator orchestrator, FlowSide side) =>
        [.. orchestrator.UplinksOf(side).Where(p => Uplinks.Contains(p.Id)).Select(p => p.Interface).Distinct().OrderBy(i => i, StringComparer.Ordinal)];

    /// <summary>As it is observed now.</summary>
    /// <exception cref="MaestroException"><c>GroupNotFound</c>.</exception>
    public static async Task<SteeredGroup> RequireAsync(ITopology topology, InventoryFile inventory, string name, CancellationToken cancellation) =>
        Of(await topology.ObserveAsync(TopologyScope.Deployed, cancellation), inventory, name) ?? throw new MaestroException(ErrorCatalogue.GroupNotFound, $"No host carries a group '{name}'.", name);

    /// <summary>Null where there is no such group. One that nobody gave ports has all uplinks that no group has.</summary>
    public static SteeredGroup? Of(TopologyView view, InventoryFile inventory, string name)
    {
        if (view.Groups.FirstOrDefault(g => g.Name == name) is not { } group) return null;
        var gateways = inventory.Gateways.ToDictionary(g => g.Host.Id, StringComparer.Ordinal);
        return new SteeredGroup
        {
            Id = group.Id,
            Name = group.Name,
            Members =
            [
                .. view.Members.Where(m => m.SecurityGroup == name && gateways.ContainsKey(m.Gateway)).OrderBy(m => new MemberId(m.Site, m.Number))
                    .Select(m => new SteeredMember(new MemberId(m.Site, m.Number), WeightOf(m, view), m.State, gateways[m.Gateway])),
            ],
            OwnAddresses = [.. inventory.Gateways.SelectMany(g => g.Downlinks).Where(d => d.Side.Length > 0 && d.Address.Length > 0).Select(d => IPAddress.Parse(d.Address.Split('/')[0]))],
            Uplinks = group.Port.Count > 0 ? group.Port : [.. view.Ports.Where(p => p.Type == PortType.Uplink && p.SecurityGroup.Count == 0).Select(p => p.Id)],
        };
    }

    /// <summary>
    /// Who carries by what was observed: the active, and those of the table that are silent or hold still, which nobody has judged yet, or have their share
    /// already and are about to be counted as active.
    /// </summary>
    /// <param name="slots">The table as it is.</param>
    /// <param name="lost">Judged to be lost.</param>
    /// <param name="joining">Counted as active already.</param>
    public IReadOnlyList<SlotMember> CarryingOf(SlotTable? slots, IReadOnlyCollection<MemberId> lost, MemberId? joining = null)
    {
        var carrying = new List<SlotMember>();
        foreach (var member in Members)
        {
            if (lost.Contains(member.Id)) continue;
            var known = slots?.Members.FirstOrDefault(m => m.Id == member.Id);
            var carries = member.State == MemberState.Active || member.Id == joining || (known is not null && member.State is MemberState.Lost or MemberState.Held or MemberState.Joining);
            if (carries) carrying.Add(new SlotMember(member.Id, Math.Min(member.Weight ?? known?.Weight ?? 1, SlotMember.HighestWeight)));
        }

        return carrying;
    }

    private static int? WeightOf(GroupMember member, TopologyView view) => member.Weight ?? view.Gateways.FirstOrDefault(g => g.Id == member.Gateway)?.CoreCount;
}
