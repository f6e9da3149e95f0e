using Maestro.Engine.Store;
using Maestro.Engine.Synchronisation;

namespace Maestro.Engine.Tests.Lab;

public sealed class RetentionTests
{
    [Fact]
    public async Task A_sync_forgets_what_is_beyond_the_count_and_never_gives_its_number_again()
    {
        await using var session = LabSession.Open(retention: new VersionRetention { Count = 3 });
        await session.MakeGroupAsync("dmz", 2);
        for (var i = 1; i <= 5; i++) Assert.Null((await session.SyncAsync("dmz", $"table inet t{i} {{ }}")).Failure);

        var kept = await session.Host.GetPolicyVersionsAsync("dmz", CancellationToken.None);
        Assert.Equal([5, 4, 3], kept.Select(v => v.Version));
        Assert.Null(await session.Store.ReadContentAsync(Fingerprint.Of("table inet t1 { }")));
        Assert.NotNull(await session.Store.ReadContentAsync(Fingerprint.Of("table inet t3 { }")));
        Assert.Equal("6", (await session.SyncAsync("dmz", "table inet t1 { }")).Plan.Attributes["generation"]);
        Assert.NotNull(await session.Store.ReadContentAsync(Fingerprint.Of("table inet t1 { }")));
    }
}
