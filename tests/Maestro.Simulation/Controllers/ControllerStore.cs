using Maestro.Engine.Model.Errors;
using Maestro.Engine.Model.Operations;
using Maestro.Engine.Operations.Journal;
using Maestro.Engine.Operations.Leases;
using Maestro.Engine.Store;
using Maestro.Simulation.Faults;

namespace Maestro.Simulation.Controllers;

/// <summary>A controller's way to its machine's store: it may die or stand still at any call, the disk may be full, an answer may be lost.</summary>
internal sealed class ControllerStore(Machine machine, ControllerProcess process) : IStore
{
    public string Location => "store of " + machine.Self.Host;

    private IStore Inner => machine.Store;

    public Task<LeaseAnswer> AcquireLeasesAsync(LeaseRequest request) => WriteAsync("acquire", request.OperationId, () => Inner.AcquireLeasesAsync(request));

    public Task<LeaseToken> RaiseEpochAsync(LeaseToken token, long epoch) => WriteAsync("raise", token.OperationId, () => Inner.RaiseEpochAsync(token, epoch));

    public Task RenewLeasesAsync(LeaseToken token) => WriteAsync("renew", token.OperationId, () => Inner.RenewLeasesAsync(token));

    public Task ReleaseLeasesAsync(LeaseToken token)
    {
        if (!process.IsDead) process.History.Witness.Released(process, token.OperationId);
        return WriteAsync("release", token.OperationId, () => Inner.ReleaseLeasesAsync(token));
    }

    public Task<IReadOnlyList<LeaseHolder>> FindLeasesAsync(IReadOnlyList<string> resources) => ReadAsync(() => Inner.FindLeasesAsync(resources));

    public Task BeginOperationAsync(LeaseToken token, OperationRecord record, JournalEntry started) => WriteAsync("begin", token.OperationId, async () =>
    {
        await Inner.BeginOperationAsync(token, record, started);
        process.History.Witness.Began(process, record, started);
    });

    public Task AppendAsync(LeaseToken token, IReadOnlyList<JournalEntry> entries) => WriteAsync("append " + entries[0].Kind, token.OperationId, async () =>
    {
        await Inner.AppendAsync(token, entries);
        foreach (var entry in entries) process.History.Witness.Appended(process, entry);
    });

    public Task SetOperationStateAsync(LeaseToken token, JournalEntry entry, OperationState state, string reason, IReadOnlyList<string> unsettledMembers, DateTimeOffset? endedAt) =>
        WriteAsync("close", token.OperationId, async () =>
        {
            await Inner.SetOperationStateAsync(token, entry, state, reason, unsettledMembers, endedAt);
            process.History.Witness.Moved(process, entry, state, reason, unsettledMembers);
        });

    public Task TakeOverOperationAsync(LeaseToken token, LeaseOwner owner, JournalEntry entry) => WriteAsync("take over", token.OperationId, async () =>
    {
        await Inner.TakeOverOperationAsync(token, owner, entry);
        process.History.Witness.TakenOver(process, entry);
    });

    public Task<IReadOnlyList<OperationRecord>> FindOperationsAsync(OperationQuery query) => ReadAsync(() => Inner.FindOperationsAsync(query));

    public Task<IReadOnlyList<JournalEntry>> ReadJournalAsync(string operationId) => ReadAsync(() => Inner.ReadJournalAsync(operationId));

    public Task PostRequestAsync(OperationRequest request) => WriteAsync("post", "", () => Inner.PostRequestAsync(request));

    public Task<IReadOnlyList<OperationRequest>> TakeRequestsAsync(LeaseToken token) => WriteAsync("requests", token.OperationId, () => Inner.TakeRequestsAsync(token));

    public Task RecordGenerationAsync(LeaseToken token, GenerationRecord generation, string content) => WriteAsync("generation", token.OperationId, () => Inner.RecordGenerationAsync(token, generation, content));

    public Task SetGenerationStateAsync(LeaseToken token, GenerationKind kind, string securityGroup, int number, GenerationState state) =>
        WriteAsync("generation state", token.OperationId, () => Inner.SetGenerationStateAsync(token, kind, securityGroup, number, state));

    public Task ForgetGenerationsAsync(LeaseToken token, GenerationKind kind, string securityGroup, IReadOnlyList<int> numbers) =>
        WriteAsync("generations forgotten", token.OperationId, () => Inner.ForgetGenerationsAsync(token, kind, securityGroup, numbers));

    public Task<IReadOnlyList<GenerationRecord>> FindGenerationsAsync(GenerationKind kind, string securityGroup) => ReadAsync(() => Inner.FindGenerationsAsync(kind, securityGroup));

    public Task<string?> ReadContentAsync(string fingerprint) => ReadAsync(() => Inner.ReadContentAsync(fingerprint));

    public Task<string?> ReadDocumentAsync(string collection, string key) => ReadAsync(() => Inner.ReadDocumentAsync(collection, key));

    public Task<IReadOnlyList<KeyValuePair<string, string>>> ListDocumentsAsync(string collection) => ReadAsync(() => Inner.ListDocumentsAsync(collection));

    public Task WriteDocumentAsync(LeaseToken token, string collection, string key, string? json) => WriteAsync("document", token.OperationId, () => Inner.WriteDocumentAsync(token, collection, key, json));

    public Task AppendEventsAsync(LeaseToken token, IReadOnlyList<StoredEvent> events) => WriteAsync("events", token.OperationId, () => Inner.AppendEventsAsync(token, events));

    public Task<IReadOnlyList<StoredEvent>> FindEventsAsync(EventQuery query) => ReadAsync(() => Inner.FindEventsAsync(query));

    public ValueTask DisposeAsync() => default;

    private async Task<T> ReadAsync<T>(Func<Task<T>> read)
    {
        await process.PassAsync();
        var answer = await read();
        await process.PassAsync();
        return answer;
    }

    private async Task<T> WriteAsync<T>(string what, string operationId, Func<Task<T>> write)
    {
        await process.PassAsync();
        var history = process.History;
        var faults = history.Faults;
        var place = new Place(process, operationId, "store " + what);
        process.History.StoreCalls++;
        if (faults.Take(place, FaultKind.KillBeforeStore) is { } early) process.History.Kill(process, early, "before " + place.Call);
        if (faults.Take(place, FaultKind.PauseAtStore) is { } still) process.History.Pause(process, still, place.Call);
        await process.PassAsync();
        if (process.History.Now < machine.FullUntil)
        {
            faults.Note(place, FaultKind.DiskFull);
            throw new MaestroException(ErrorCatalogue.StoreUnavailable, $"{Location} cannot be written: the disk is full", Location);
        }

        T answer;
        try
        {
            answer = await write();
        }
        catch (MaestroException) when (machine.IsDark)
        {
            // Nobody is left to hear of it.
            history.LosePower(machine, TimeSpan.FromSeconds(20 + process.Random.Next(120)));
            await process.PassAsync();
            throw;
        }

        if (faults.Take(place, FaultKind.KillAfterStore) is { } late) process.History.Kill(process, late, "after " + place.Call);
        await process.PassAsync();
        if (faults.Take(place, FaultKind.StoreAnswerLost) is not null) throw new MaestroException(ErrorCatalogue.StoreUnavailable, $"{Location} cannot be written: input/output error", Location);
        return answer;
    }

    private Task WriteAsync(string what, string operationId, Func<Task> write) => WriteAsync(what, operationId, async () =>
    {
        await write();
        return true;
    });
}
