using Maestro.Engine.Model.Errors;
using Maestro.Engine.Model.Operations;
using Maestro.Engine.Operations.Journal;
using Maestro.Engine.Operations.Leases;
using Maestro.Engine.Store;

namespace Maestro.Fabrics.Contract.Store;

/// <summary>What every store promises. A store's tests inherit it and say how one is opened.</summary>
public abstract partial class StoreContract : IAsyncLifetime
{
    private readonly List<IStore> _opened = [];

    protected ManualTime Time { get; } = new();

    protected TestIdentity Identity { get; } = new();

    protected IStore Store { get; private set; } = null!;

    /// <summary>Opens the store of this test; where it outlives its process, a second call opens another one on the same data.</summary>
    protected abstract Task<IStore> OpenStoreAsync(TimeProvider time, IHostIdentity identity);

    public async Task InitializeAsync() => Store = await OpenAsync();

    public virtual async Task DisposeAsync()
    {
        foreach (var store in _opened) await store.DisposeAsync();
    }

    protected async Task<IStore> OpenAsync(IHostIdentity? identity = null)
    {
        var store = await OpenStoreAsync(Time, identity ?? Identity);
        _opened.Add(store);
        return store;
    }

    protected static LeaseRequest Request(string operation, int process, params string[] resources) =>
        new() { OperationId = operation, Owner = TestIdentity.Process(process), Resources = resources };

    protected async Task<LeaseToken> HoldAsync(string operation, int process, params string[] resources) =>
        (await Store.AcquireLeasesAsync(Request(operation, process, resources))).Token!;

    /// <summary>A token of a running operation on one group.</summary>
    protected async Task<LeaseToken> BeginAsync(string operation, string group = "dmz")
    {
        var token = await HoldAsync(operation, 1, "change:" + group);
        await Store.BeginOperationAsync(token, Operation(operation, group), Entry(operation, JournalEntryKind.OperationStarted));
        return token;
    }

    protected OperationRecord Operation(string id, string group = "dmz", string kind = "SyncPolicy") => new()
    {
        Id = id,
        Kind = kind,
        SecurityGroup = group,
        State = OperationState.Running,
        PlanJson = "{\"SchemaVersion\":1}",
        Owner = TestIdentity.Process(1),
        Resources = ["change:" + group],
        StartedAt = Time.GetUtcNow(),
        Message = "INC7711",
        Source = "Sync-Policy",
        Token = "run-5",
        SkippedChecks = ["Capacity", "Backup"],
    };

    protected JournalEntry Entry(string operation, JournalEntryKind kind = JournalEntryKind.Note, string reason = "because") => new()
    {
        OperationId = operation,
        At = Time.GetUtcNow(),
        Kind = kind,
        StepId = "commit/1_1",
        Attempt = 2,
        Outcome = "Done",
        Reason = reason,
        Evidence = "line one\nline two",
    };

    protected GenerationRecord Generation(int number, string content, GenerationState state = GenerationState.Staged, string group = "dmz") => new()
    {
        Kind = GenerationKind.Policy,
        SecurityGroup = group,
        Number = number,
        Fingerprint = Fingerprint.Of(content),
        State = state,
        CreatedAt = Time.GetUtcNow(),
        Author = "anna@jump1",
        Message = "open 443",
        Source = "dmz.nft",
        Commit = "0badcafe",
        Dirty = true,
        Parent = number > 1 ? number - 1 : null,
        OperationId = "op-1",
        Recovered = true,
    };

    protected static async Task RefusedAsync(ErrorCode code, Func<Task> call) => Assert.Equal(code, (await Assert.ThrowsAnyAsync<MaestroException>(call)).Code);
}
