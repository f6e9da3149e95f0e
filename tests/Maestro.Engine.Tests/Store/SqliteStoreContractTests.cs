using Maestro.Engine.Operations.Leases;
using Maestro.Engine.Store;
using Maestro.Fabrics.Contract.Store;

namespace Maestro.Engine.Tests.Store;

/// <summary>In a file, as every real session uses it.</summary>
public sealed class SqliteFileStoreTests : PersistentStoreContract
{
    private readonly TemporaryFolder _folder = new();

    protected override Task<IStore> OpenStoreAsync(TimeProvider time, IHostIdentity identity) =>
        Task.FromResult<IStore>(SqliteStore.Open(new SqliteStoreOptions { Path = _folder.File(), Time = time, Identity = identity }));

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        _folder.Dispose();
    }
}

/// <summary>In memory and on the caller's thread, as the lab uses it.</summary>
public sealed class SqliteMemoryStoreTests : StoreContract
{
    protected override Task<IStore> OpenStoreAsync(TimeProvider time, IHostIdentity identity) =>
        Task.FromResult<IStore>(SqliteStore.Open(new SqliteStoreOptions { Time = time, Identity = identity, Inline = true }));

    [Fact]
    public void A_call_is_done_when_it_returns()
    {
        var call = Store.AcquireLeasesAsync(Request("op-1", 1, "change:dmz"));
        Assert.True(call.IsCompletedSuccessfully);
    }
}

/// <summary>In a file and on the caller's thread, as a lab with a kept world uses it.</summary>
public sealed class SqliteInlineFileStoreTests : PersistentStoreContract
{
    private readonly TemporaryFolder _folder = new();

    protected override Task<IStore> OpenStoreAsync(TimeProvider time, IHostIdentity identity) =>
        Task.FromResult<IStore>(SqliteStore.Open(new SqliteStoreOptions { Path = _folder.File(), Time = time, Identity = identity, Inline = true }));

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        _folder.Dispose();
    }
}
