using Maestro.Engine.Model.Operations;
using Maestro.Engine.Operations.Journal;
using Maestro.Engine.Operations.Leases;

namespace Maestro.Engine.Store;

/// <summary>
/// Journal, leases, generations and caches, told in use cases. Each call is one short transaction; what it acknowledges survives a crash
/// (on a disk that honours fsync; else the loss is detected and thrown as <c>Maestro.StoreDamaged</c>).
/// A call that carries a <see cref="LeaseToken"/> checks it inside its transaction and throws <c>Maestro.LeaseLost</c> when it is no longer held.
/// </summary>
public interface IStore : IAsyncDisposable
{
    /// <summary>Where the store lives, for messages.</summary>
    string Location { get; }

    // Leases

    /// <summary>
    /// Takes all resources or none. Expired leases, and those of a process of this machine that is gone, are taken over at once. The holder itself may ask
    /// again for the same operation: it gets a new token with a higher epoch, and the one it had before is lost.
    /// </summary>
    /// <exception cref="ArgumentException">No resource is named.</exception>
    Task<LeaseAnswer> AcquireLeasesAsync(LeaseRequest request);

    /// <summary>Makes the token's epoch at least <paramref name="epoch"/>: the fabric has seen a higher one than this store. Every later grant is above it; the old token is lost.</summary>
    Task<LeaseToken> RaiseEpochAsync(LeaseToken token, long epoch);

    /// <summary>Extends the token's leases by their time to live; throws <c>Maestro.LeaseLost</c> when another has them.</summary>
    Task RenewLeasesAsync(LeaseToken token);

    /// <summary>Gives the leases back; does nothing when they are gone already.</summary>
    Task ReleaseLeasesAsync(LeaseToken token);

    /// <summary>Who holds any of these resources now.</summary>
    Task<IReadOnlyList<LeaseHolder>> FindLeasesAsync(IReadOnlyList<string> resources);

    // Operations

    /// <summary>Writes the operation, under the token's epoch, and its first journal entry in one transaction.</summary>
    /// <exception cref="InvalidOperationException">It has begun already.</exception>
    Task BeginOperationAsync(LeaseToken token, OperationRecord record, JournalEntry started);

    /// <summary>Appends entries of the token's operation, all or none; those of several calls that are ready together share one commit.</summary>
    Task AppendAsync(LeaseToken token, IReadOnlyList<JournalEntry> entries);

    /// <summary>Moves the operation to a state, with its entry, in one transaction. <paramref name="endedAt"/> marks an end.</summary>
    Task SetOperationStateAsync(LeaseToken token, JournalEntry entry, OperationState state, string reason, IReadOnlyList<string> unsettledMembers, DateTimeOffset? endedAt);

    /// <summary>Records that another owner goes on with the operation, under its token's epoch.</summary>
    Task TakeOverOperationAsync(LeaseToken token, LeaseOwner owner, JournalEntry entry);

    /// <summary>Newest first. Where <see cref="OperationQuery.IdPrefix"/> is a whole id, only that one.</summary>
    Task<IReadOnlyList<OperationRecord>> FindOperationsAsync(OperationQuery query);

    /// <summary>In the order written.</summary>
    Task<IReadOnlyList<JournalEntry>> ReadJournalAsync(string operationId);

    // Requests

    Task PostRequestAsync(OperationRequest request);

    /// <summary>Takes (reads and removes) the requests to an operation, oldest first.</summary>
    Task<IReadOnlyList<OperationRequest>> TakeRequestsAsync(LeaseToken token);

    // Generations

    /// <summary>Records a generation and its content (when not there yet) in one transaction. A number that is recorded again is replaced.</summary>
    /// <exception cref="Model.Errors.MaestroException"><c>Maestro.PlanStale</c>: that number is confirmed with another content.</exception>
    Task RecordGenerationAsync(LeaseToken token, GenerationRecord generation, string content);

    Task SetGenerationStateAsync(LeaseToken token, GenerationKind kind, string securityGroup, int number, GenerationState state);

    /// <summary>Marks generations as forgotten and drops every content that no other one has, in one transaction. Numbers that are not there do not matter.</summary>
    Task ForgetGenerationsAsync(LeaseToken token, GenerationKind kind, string securityGroup, IReadOnlyList<int> numbers);

    /// <summary>Newest first, forgotten ones included: their numbers are taken.</summary>
    Task<IReadOnlyList<GenerationRecord>> FindGenerationsAsync(GenerationKind kind, string securityGroup);

    /// <summary>The content with that SHA-256; null when it is not here.</summary>
    Task<string?> ReadContentAsync(string fingerprint);

    // Documents: what a fabric or a cache keeps between processes

    Task<string?> ReadDocumentAsync(string collection, string key);

    /// <summary>Keys in ordinal order.</summary>
    Task<IReadOnlyList<KeyValuePair<string, string>>> ListDocumentsAsync(string collection);

    /// <summary>Writes, or with null removes, under a lease.</summary>
    Task WriteDocumentAsync(LeaseToken token, string collection, string key, string? json);

    // Events

    /// <summary>Keeps events, all or none, each origin once; of their groups, what is too old or too many goes.</summary>
    Task AppendEventsAsync(LeaseToken token, IReadOnlyList<StoredEvent> events);

    /// <summary>The newest first, by when they happened.</summary>
    Task<IReadOnlyList<StoredEvent>> FindEventsAsync(EventQuery query);
}
