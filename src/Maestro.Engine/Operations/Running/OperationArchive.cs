using Maestro.Engine.Hosting;
using Maestro.Engine.Model.Errors;
using Maestro.Engine.Model.Operations;
using Maestro.Engine.Operations.Journal;
using Maestro.Engine.Operations.Leases;

namespace Maestro.Engine.Operations.Running;

/// <summary>Reads operations out of the store as users see them. A running one whose owner holds no lease any more is Orphaned: no entry says "running" for a dead process.</summary>
internal sealed class OperationArchive(EngineParts parts)
{
    public async Task<MaestroOperation> ReadAsync(string id) => await BuildAsync(await FindAsync(id));

    /// <exception cref="MaestroException"><c>Maestro.OperationNotFound</c>, <c>Maestro.OperationAmbiguous</c>.</exception>
    public async Task<OperationRecord> FindAsync(string idOrBeginning)
    {
        var found = await parts.Store.FindOperationsAsync(new OperationQuery { IdPrefix = idOrBeginning });
        if (found.FirstOrDefault(o => o.Id == idOrBeginning) is { } exact) return await WithTrueStateAsync(exact);
        return found.Count switch
        {
            1 => await WithTrueStateAsync(found[0]),
            0 => throw new MaestroException(ErrorCatalogue.OperationNotFound, $"There is no operation '{idOrBeginning}' in {parts.Store.Location}.", idOrBeginning),
            _ => throw new MaestroException(ErrorCatalogue.OperationAmbiguous, $"{found.Count} operations begin with '{idOrBeginning}': {string.Join(", ", found.Take(5).Select(o => o.Id))}.", idOrBeginning),
        };
    }

    public async Task<IReadOnlyList<MaestroOperation>> ListAsync(OperationQuery query)
    {
        // Orphaned is never stored, so it is asked for as the states that it comes from.
        var wanted = query.States;
        var stored = wanted is null ? null : wanted.Contains(OperationState.Orphaned)
            ? [.. wanted.Append(OperationState.Running).Append(OperationState.Waiting).Distinct()]
            : wanted;
        // Which of those that seem to be under way are Orphaned is known only here; all others need not be read beyond what was asked for.
        var mayDiffer = wanted?.Any(s => s is OperationState.Orphaned or OperationState.Running or OperationState.Waiting or OperationState.Held) == true;
        var result = new List<MaestroOperation>();
        foreach (var record in await parts.Store.FindOperationsAsync(query with { States = stored, Newest = mayDiffer ? null : query.Newest }))
        {
            var operation = await BuildAsync(await WithTrueStateAsync(record));
            if (wanted is not null && !wanted.Contains(operation.State)) continue;
            result.Add(operation);
            if (result.Count == query.Newest) break;
        }

        return result;
    }

    /// <summary>Operations on any of the resources (null: on any at all) that have not come to a settled end, oldest first: the order in which they must be settled.</summary>
    public async Task<IReadOnlyList<OperationRecord>> FindUnfinishedAsync(IReadOnlyList<string>? resources)
    {
        var states = Enum.GetValues(typeof(OperationState)).Cast<OperationState>().Where(OperationStateMachine.IsUnfinished).ToList();
        var found = await parts.Store.FindOperationsAsync(new OperationQuery { AnyResource = resources, States = states });
        var result = new List<OperationRecord>();
        foreach (var record in found.Reverse()) result.Add(await WithTrueStateAsync(record));
        return result;
    }

    /// <summary>What nobody alive works on and a change must settle first: of a group, or for an empty name of the whole fabric. Oldest first.</summary>
    public async Task<IReadOnlyList<OperationRecord>> FindLeftAsync(string securityGroup)
    {
        var wanted = securityGroup.Length > 0 ? Resource.Change(securityGroup) : Resource.Topology;
        var left = new List<OperationRecord>();
        foreach (var record in await FindUnfinishedAsync(null))
        {
            if (!record.Resources.Contains(wanted, StringComparer.OrdinalIgnoreCase)) continue;
            if ((await parts.Store.FindLeasesAsync(record.Resources)).All(h => h.OperationId != record.Id)) left.Add(record);
        }

        return left;
    }

    private async Task<OperationRecord> WithTrueStateAsync(OperationRecord record)
    {
        if (record.State is not (OperationState.Running or OperationState.Waiting)) return record;
        var held = (await parts.Store.FindLeasesAsync(record.Resources)).Any(h => h.OperationId == record.Id);
        return held ? record : record with { State = OperationState.Orphaned };
    }

    private async Task<MaestroOperation> BuildAsync(OperationRecord record) => OperationReport.Build(
        record,
        await parts.Store.ReadJournalAsync(record.Id),
        parts.Scheduler.Time.GetUtcNow(),
        parts.Session);
}
