using Maestro.Engine.Model.Groups;
using Maestro.Engine.Model.Monitoring;
using Maestro.Engine.Model.Operations;
using Maestro.Engine.Operations.Journal;
using Maestro.Engine.Operations.Plans;

namespace Maestro.Engine.Monitoring;

/// <summary>The end of an operation, told as an event. Pure.</summary>
/// <param name="Said">The event; about a member where the operation worked on that one alone.</param>
/// <param name="Members">All whom it worked on.</param>
internal sealed record OperationEnd(MaestroEvent Said, IReadOnlyList<string> Members)
{
    private const string Named = "member ";

    /// <param name="record">One that has ended.</param>
    /// <param name="plan">What it did.</param>
    public static OperationEnd Of(OperationRecord record, Plan plan)
    {
        // What is staged and applied has no step about a member; its decisions name whom it changes.
        var named = plan.Decisions.Where(d => d.Acts && d.Subject.StartsWith(Named, StringComparison.Ordinal)).Select(d => d.Subject.Substring(Named.Length));
        List<string> members = [.. plan.AllSteps.Select(s => s.Member).Concat(named).Where(m => MemberId.TryParse(m, out _)).Distinct(StringComparer.Ordinal).OrderBy(m => m, Comparer<string>.Create(MemberId.Compare))];
        var why = record.Reason.Length > 0 ? record.Reason : record.Message;
        return new OperationEnd(
            new MaestroEvent
            {
                Time = record.EndedAt!.Value,
                SecurityGroup = record.SecurityGroup,
                Member = members.Count == 1 ? members[0] : "",
                Kind = MaestroEventKind.OperationEnded,
                Severity = SeverityOf(record.State),
                Text = $"{record.Kind} {record.State}{(members.Count > 1 ? " of " + string.Join(", ", members) : "")}, {record.Owner}{(why.Length > 0 ? ": " + why : "")}",
                Operation = record.Id,
            },
            members);
    }

    private static EventSeverity SeverityOf(OperationState state) => state switch
    {
        OperationState.Failed or OperationState.Unsettled => EventSeverity.Error,
        OperationState.RolledBack => EventSeverity.Warning,
        _ => EventSeverity.Information,
    };
}
