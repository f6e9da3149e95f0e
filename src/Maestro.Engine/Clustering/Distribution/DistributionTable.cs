using System.Globalization;
using Maestro.Engine.Model.Distribution;

namespace Maestro.Engine.Clustering.Distribution;

/// <summary>All that orchestrating hosts need to steer a group's traffic: how a packet finds its slot, and who carries the slot.</summary>
/// <param name="Rules">From packet to slot.</param>
/// <param name="Slots">From slot to member.</param>
public sealed record DistributionTable(FlowRules Rules, SlotTable Slots)
{
    private const string Form = "distribution/1";

    /// <summary>Grows with every change; who writes compares it.</summary>
    public long Version => Slots.Version;

    /// <summary>As one line of text.</summary>
    public string Write() => string.Join(" ", Form, Rules.Mode.ToString(), Rules.Layer4 ? "ports" : "addresses", Rules.Seed.ToString(CultureInfo.InvariantCulture), SlotTableText.Write(Slots));

    /// <exception cref="FormatException">It is no table, or one of a newer form.</exception>
    public static DistributionTable Read(string text)
    {
        var words = text.Split([' '], 5);
        if (words.Length != 5 || words[0] != Form
            || !Enum.TryParse<DistributionMode>(words[1], out var mode) || mode.ToString() != words[1]
            || words[2] is not ("ports" or "addresses")
            || !uint.TryParse(words[3], NumberStyles.None, CultureInfo.InvariantCulture, out var seed))
        {
            throw new FormatException("The text is no distribution table of a form that is known here.");
        }

        return new DistributionTable(new FlowRules(mode, words[2] == "ports", seed), SlotTableText.Read(words[4]));
    }

    /// <summary>This one with other rules or another number of slots, as the next version; itself where that changes nothing.</summary>
    public DistributionTable With(FlowRules rules, int slotCount)
    {
        if (rules == Rules && slotCount == Slots.SlotCount) return this;
        var slots = slotCount == Slots.SlotCount ? Slots.WithVersion(Version + 1) : RendezvousTable.Build(slotCount, Slots.Members, Version + 1);
        return new DistributionTable(rules, slots);
    }
}
