using Maestro.Engine.Model.Errors;
using Maestro.Engine.Model.Groups;
using Maestro.Engine.Model.Monitoring;
using Maestro.Engine.Monitoring;
using Maestro.Engine.Operations.Journal;
using Maestro.Engine.Operations.Leases;
using Maestro.Engine.Operations.Plans;
using Maestro.Engine.Store;

namespace Maestro.Engine.Hosting;

/// <summary>What happened to groups: what watches have said, from the store's events, and the ends of operations, from its journal. Nothing is kept twice.</summary>
internal sealed class GroupEvents(EngineParts parts)
{
    /// <summary>Enough to find the beginning of what is so now.</summary>
    private const int Remembered = 1000;

    /// <summary>The newest first.</summary>
    public async Task<IReadOnlyList<MaestroEvent>> FindAsync(EventFilter filter)
    {
        var found = new List<MaestroEvent>();
        var member = filter.Member is { } text ? MemberId.TryParse(text, out var id) ? id.ToString() : text : null;
        foreach (var group in filter.SecurityGroups?.Distinct(StringComparer.Ordinal) ?? new string?[] { null })
        {
            var said = (await parts.Store.FindEventsAsync(new EventQuery { SecurityGroup = group, After = filter.After, Before = filter.Before })).Select(Read).ToList();
            var ended = (await parts.Store.FindOperationsAsync(new OperationQuery { SecurityGroup = group, EndedAfter = filter.After ?? DateTimeOffset.MinValue, EndedBefore = filter.Before })).Select(r => OperationEnd.Of(r, PlanSerializer.FromJson(r.PlanJson)));
            // The watch that asked for a failover has told its end in its own words.
            var told = new HashSet<string>(said.Where(e => e.Kind is MaestroEventKind.FailedOver or MaestroEventKind.FailoverFailed).Select(e => e.Operation), StringComparer.Ordinal);
            found.AddRange(said.Where(e => member is null || e.Member == member));
            found.AddRange(ended.Where(e => !told.Contains(e.Said.Operation) && (member is null || e.Members.Contains(member))).Select(e => e.Said));
        }

        var wanted = found.Where(e => (filter.Kinds.Count == 0 || filter.Kinds.Contains(e.Kind)) && (filter.Severities.Count == 0 || filter.Severities.Contains(e.Severity)))
            .OrderByDescending(e => e.Time).Select(e => e with { Session = parts.Session });
        return [.. filter.Newest is { } newest ? wanted.Take(newest) : wanted];
    }

    /// <summary>What was said of a group by watches, if one goes on; the newest first.</summary>
    public async Task<IReadOnlyList<MaestroEvent>> WatchedAsync(string group) => (await parts.Store.FindLeasesAsync([Resource.Events(group)])).Count == 0
        ? []
        : [.. (await parts.Store.FindEventsAsync(new EventQuery { SecurityGroup = group, Newest = Remembered })).Select(Read)];

    private MaestroEvent Read(StoredEvent kept) => new()
    {
        Time = kept.At,
        SecurityGroup = kept.SecurityGroup,
        Member = kept.Member,
        Kind = Word<MaestroEventKind>(kept.Kind),
        Severity = Word<EventSeverity>(kept.Severity),
        Text = kept.Text,
        Operation = kept.OperationId,
    };

    private T Word<T>(string text)
        where T : struct, Enum =>
        Enum.TryParse<T>(text, out var word) ? word : throw new MaestroException(ErrorCatalogue.StoreTooNew, $"The events of {parts.Store.Location} hold '{text}', which this Maestro does not know.", parts.Store.Location);
}
