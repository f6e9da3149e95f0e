using Maestro.Engine.Model.Distribution;

namespace Maestro.Engine.Clustering.Distribution;

/// <summary>How packets find their slot.</summary>
/// <param name="Mode">Which addresses count.</param>
/// <param name="Layer4">Whether ports count, too.</param>
/// <param name="Seed">Of the hash; the same on every orchestrating host.</param>
public sealed record FlowRules(DistributionMode Mode, bool Layer4, uint Seed)
{
    /// <summary>What a group has of which nobody has said anything.</summary>
    public static readonly FlowRules Default = new(DistributionMode.General, Layer4: true, Seed: 0x4d61_6573);

    /// <summary>Whether both directions of every flow have one slot.</summary>
    public bool IsSymmetric => Mode is DistributionMode.General or DistributionMode.AutoTopology;

    /// <summary>As a group shows it: <c>General, layer 4</c>.</summary>
    public string Words => (Mode == DistributionMode.AutoTopology ? "Auto" : Mode.ToString()) + (Layer4 ? ", layer 4" : "");

    /// <summary>Whether the slot of a flow with ports depends on its source's.</summary>
    public bool NeedsSourcePort(FlowSide side) => Layer4 && (Mode is DistributionMode.General or DistributionMode.User || (Mode == DistributionMode.AutoTopology && side == FlowSide.Inside));

    /// <summary>Whether the slot of a flow with ports depends on its destination's.</summary>
    public bool NeedsDestinationPort(FlowSide side) => Layer4 && (Mode is DistributionMode.General or DistributionMode.Network || (Mode == DistributionMode.AutoTopology && side == FlowSide.Outside));

    /// <summary>The slot of a flow's packets that enter on that side.</summary>
    /// <exception cref="ArgumentException">The addresses are of two families.</exception>
    public int SlotOf(Flow flow, FlowSide side, int slotCount) => KernelHash.Scale(KernelHash.Hash(KeyOf(flow, side), Seed), slotCount);

    /// <summary>
    /// The words that are hashed, as nft loads them into its registers. General puts the inside's address and port first whichever way the packet goes, so
    /// that both directions have the same words; the other modes choose by the sides of the domain sheet's section 2.1.
    /// </summary>
    private uint[] KeyOf(Flow flow, FlowSide side)
    {
        if (flow.Source.AddressFamily != flow.Destination.AddressFamily) throw new ArgumentException("A flow's addresses are of one family.", nameof(flow));
        var ports = Layer4 && flow.HasPorts;
        var destination = Mode switch
        {
            DistributionMode.User => true,
            DistributionMode.Network => false,
            _ => side == FlowSide.Inside,
        };
        if (Mode == DistributionMode.General)
        {
            var inside = side == FlowSide.Inside ? flow : flow.Reverse();
            return KernelHash.Words(inside.Source, inside.Destination, ports ? [inside.SourcePort, inside.DestinationPort] : []);
        }

        return destination
            ? KernelHash.Words(flow.Destination, null, ports ? [flow.SourcePort] : [])
            : KernelHash.Words(flow.Source, null, ports ? [flow.DestinationPort] : []);
    }
}
