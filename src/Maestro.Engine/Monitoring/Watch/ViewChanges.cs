using System.Globalization;
using Maestro.Engine.Fabrics;
using Maestro.Engine.Model.Groups;
using Maestro.Engine.Model.Monitoring;

namespace Maestro.Engine.Monitoring.Watch;

/// <summary>What is different between two looks at a group.</summary>
internal static class ViewChanges
{
    /// <param name="group">The group.</param>
    /// <param name="before">The look before; null for the first.</param>
    /// <param name="after">This one.</param>
    public static IEnumerable<MaestroEvent> Of(string group, TopologyView? before, TopologyView after)
    {
        var there = MembersOf(after, group);
        if (before is null)
        {
            var active = there.Count(m => m.State == MemberState.Active);
            yield return Event(after, group, "", MaestroEventKind.WatchBegan, active == there.Count ? EventSeverity.Information : EventSeverity.Warning, $"{Text(active)} of {Text(there.Count)} members active" + string.Concat(there.Where(m => m.State != MemberState.Active).Select(m => "; " + m.Member + " " + Words(m))));
            yield break;
        }

        var was = MembersOf(before, group).ToDictionary(m => (m.Member, m.Gateway));
        foreach (var member in there)
        {
            if (!was.TryGetValue((member.Member, member.Gateway), out var old)) yield return Event(after, group, member.Member, MaestroEventKind.MemberJoined, EventSeverity.Information, member.Gateway + " is a member, " + Words(member));
            else if (old.State != member.State) yield return Event(after, group, member.Member, MaestroEventKind.MemberStateChanged, IsBad(member.State) ? EventSeverity.Warning : EventSeverity.Information, Words(member) + ", was " + old.State);
            was.Remove((member.Member, member.Gateway));
        }

        foreach (var gone in was.Values) yield return Event(after, group, gone.Member, MaestroEventKind.MemberLeft, EventSeverity.Information, $"{gone.Gateway} is no member any more");
    }

    /// <summary>Whether an event says that its member is in that state from then on; null where it says nothing of it.</summary>
    public static bool? Says(MaestroEvent said, MemberState state) => said.Kind switch
    {
        MaestroEventKind.MemberStateChanged => StateIn(said.Text) == state.ToString(),
        MaestroEventKind.MemberLost => state == MemberState.Lost,
        MaestroEventKind.MemberBack or MaestroEventKind.MemberJoined or MaestroEventKind.MemberLeft => false,
        _ => null,
    };

    /// <summary>The state that the words of a change begin with.</summary>
    public static string StateIn(string text) => text.Split(':', ',')[0];

    private static List<GroupMember> MembersOf(TopologyView view, string group) => [.. view.Members.Where(m => m.SecurityGroup == group)];

    private static bool IsBad(MemberState state) => state is MemberState.Down or MemberState.Lost or MemberState.Held or MemberState.Unknown;

    private static string Words(GroupMember member) => member.State + (member.Reason.Length > 0 ? ": " + member.Reason : "");

    private static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);

    private static MaestroEvent Event(TopologyView seen, string group, string member, MaestroEventKind kind, EventSeverity severity, string text) =>
        new() { Time = seen.ObservedAt, SecurityGroup = group, Member = member, Kind = kind, Severity = severity, Text = text };
}
