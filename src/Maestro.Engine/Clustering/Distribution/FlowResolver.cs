using System.Globalization;
using Maestro.Engine.Fabrics;
using Maestro.Engine.Model.Distribution;
using Maestro.Engine.Model.Errors;

namespace Maestro.Engine.Clustering.Distribution;

/// <summary>Says which member carries a flow, and why.</summary>
internal static class FlowResolver
{
    /// <exception cref="MaestroException"><c>ParameterInvalid</c>: the addresses are of two families, or a port is missing that decides.</exception>
    public static FlowPlacement Resolve(GroupTraffic traffic, Flow flow, FlowSide side, bool hasSourcePort, bool hasDestinationPort, string session)
    {
        var (rules, slots) = (traffic.Table.Rules, traffic.Table.Slots);
        if (flow.Source.AddressFamily != flow.Destination.AddressFamily) throw Invalid($"{flow.Source} and {flow.Destination} are of two address families.", traffic, "Give two IPv4 or two IPv6 addresses.");
        var missing = !flow.HasPorts ? null
            : rules.NeedsSourcePort(side) && !hasSourcePort ? "-SourcePort"
            : rules.NeedsDestinationPort(side) && !hasDestinationPort ? "-DestinationPort"
            : null;
        if (missing is not null) throw Invalid($"'{traffic.SecurityGroup}' distributes by {rules.Words}: without {missing} nobody can say where the flow goes.", traffic, $"Give {missing}.");

        var slot = rules.SlotOf(flow, side, slots.SlotCount);
        var back = rules.SlotOf(flow.Reverse(), side == FlowSide.Inside ? FlowSide.Outside : FlowSide.Inside, slots.SlotCount);
        return new FlowPlacement
        {
            Session = session,
            SecurityGroup = traffic.SecurityGroup,
            Member = slots.ActiveOf(slot)?.ToString() ?? "",
            Backup = [.. new[] { slots.BackupOf(slot), slots.RemoteBackupOf(slot) }.Where(m => m is not null).Select(m => m!.ToString())],
            Slot = slot,
            Reason = $"{rules.Words}: slot {Text(slot)} of {Text(slots.SlotCount)}, table version {Text(slots.Version)}"
                + (slots.ActiveOf(slot) is null ? "; nobody carries the group's traffic"
                    : slots.ActiveOf(back) == slots.ActiveOf(slot) ? "; the answers reach the same member"
                    : $"; the answers fall into slot {Text(back)} and reach {slots.ActiveOf(back)}")
                + string.Concat(traffic.OutOfStep.Select(words => "; but " + words)),
        };
    }

    private static MaestroException Invalid(string message, GroupTraffic traffic, string advice) => new(ErrorCatalogue.ParameterInvalid, message, traffic.SecurityGroup, advice);

    private static string Text(long value) => value.ToString(CultureInfo.InvariantCulture);
}
