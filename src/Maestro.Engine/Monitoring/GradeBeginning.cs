using Maestro.Engine.Model.Groups;
using Maestro.Engine.Model.Monitoring;
using Maestro.Engine.Monitoring.Watch;

namespace Maestro.Engine.Monitoring;

/// <summary>Since when something that was found has been so, as far as fabric, watch and operations tell; null where nobody saw it begin. Pure.</summary>
internal static class GradeBeginning
{
    public static DateTimeOffset? Of(GroupEvidence seen, CheckResult found) => found.Check switch
    {
        GroupChecks.MemberStateName when seen.Members.FirstOrDefault(m => m.Member == found.Member) is { } member => OfState(seen, member),
        GroupChecks.CapacityName => OfLack(seen),
        GroupChecks.OperationName => seen.Unfinished.Where(o => found.Reason.StartsWith(o.Id + " ", StringComparison.Ordinal)).Select(o => o.EndedAt).FirstOrDefault(),
        _ => null,
    };

    /// <summary>Since when none of the members answers.</summary>
    public static DateTimeOffset? OfSilence(GroupEvidence seen) => Nth([.. seen.Members.Select(m => OfState(seen, m))], seen.Members.Count);

    /// <summary>Too few are left since the one left that was one too many; where it is the load that is too high, nobody saw that begin.</summary>
    private static DateTimeOffset? OfLack(GroupEvidence seen)
    {
        var @out = seen.Members.Where(m => m.State is not (MemberState.Active or MemberState.Standby)).ToList();
        var bearable = seen.Members.Count - Math.Max(seen.Group.Spare, 0);
        return seen.Members.Count - @out.Count > seen.Group.Spare || bearable < 1 ? null : Nth([.. @out.Select(m => OfState(seen, m))], bearable);
    }

    private static DateTimeOffset? OfState(GroupEvidence seen, GroupMember member)
    {
        if (member.Since is not null) return member.Since;
        DateTimeOffset? began = null;
        foreach (var said in seen.Watched.Where(e => e.Member == member.Member || e.Kind == MaestroEventKind.WatchBegan))
        {
            // Before the watch that goes on began, anything may have happened unseen.
            if (said.Kind == MaestroEventKind.WatchBegan) return began;
            switch (ViewChanges.Says(said, member.State))
            {
                case true:
                    began = said.Time;
                    break;
                case false:
                    return began;
            }
        }

        return began;
    }

    private static DateTimeOffset? Nth(IReadOnlyList<DateTimeOffset?> times, int count) => times.Contains(null) ? null : times.OrderBy(t => t).ElementAt(count - 1);
}
