using Maestro.Engine.Model.Errors;
using Maestro.Engine.Model.Operations;
using Maestro.Engine.Operations.Journal;
using Maestro.Engine.Store;
using Maestro.Fabrics.Contract.Store;

namespace Maestro.Engine.Tests.Store;

/// <summary>Whatever was acknowledged and is gone or altered is noticed: when the store is opened, or at the latest when it is read.</summary>
public sealed class StoreDamageTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Path => _folder.File();

    private string Anchor => Path + ".anchor";

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("an entry was altered", "UPDATE journal SET reason = 'nothing happened' WHERE sequence = 3")]
    [InlineData("an entry's time was altered", "UPDATE journal SET at = at + 1 WHERE sequence = 1")]
    [InlineData("an entry was given to another operation", "UPDATE journal SET operation = 'op-9' WHERE sequence = 4")]
    [InlineData("the first entry is missing", "DELETE FROM journal WHERE sequence = 1")]
    [InlineData("an entry in the middle is missing", "DELETE FROM journal WHERE sequence = 3")]
    [InlineData("the newest entry is missing", "DELETE FROM journal WHERE sequence = (SELECT max(sequence) FROM journal)")]
    [InlineData("all entries are missing", "DELETE FROM journal")]
    [InlineData("two entries changed places", "UPDATE journal SET sequence = -sequence WHERE sequence IN (3, 4); UPDATE journal SET sequence = 7 + sequence WHERE sequence < 0")]
    [InlineData("an operation is missing", "DELETE FROM operations WHERE id = 'op-1'")]
    [InlineData("a version is missing", "DELETE FROM generations WHERE number = 1")]
    [InlineData("the counter of epochs went back", "UPDATE meta SET value = '0' WHERE name = 'epoch'")]
    public async Task It_is_noticed_on_opening_that(string damage, string sql)
    {
        await FilledAsync();
        RawDatabase.Run(Path, sql);
        var fault = Assert.Throws<MaestroException>(Open);
        Assert.True(fault.Code == ErrorCatalogue.StoreDamaged, damage);
        Assert.Equal(Path, fault.Target);
    }

    [Fact]
    public async Task An_operation_that_was_altered_or_is_older_than_its_journal_is_noticed_when_read()
    {
        await FilledAsync();
        RawDatabase.Run(Path, "UPDATE operations SET state = 'Succeeded' WHERE id = 'op-1'");
        await using var store = Open();
        await DamagedAsync(() => store.FindOperationsAsync(new OperationQuery()));
        Assert.Equal("op-2", Assert.Single(await store.FindOperationsAsync(new OperationQuery { IdPrefix = "op-2" })).Id);
    }

    [Fact]
    public async Task A_version_that_was_altered_is_noticed_when_read()
    {
        await FilledAsync();
        RawDatabase.Run(Path, "UPDATE generations SET state = 'Confirmed' WHERE number = 1");
        await using var store = Open();
        await DamagedAsync(() => store.FindGenerationsAsync(GenerationKind.Policy, "dmz"));
    }

    [Fact]
    public async Task A_content_that_was_altered_is_noticed_when_read()
    {
        await FilledAsync();
        RawDatabase.Run(Path, "UPDATE contents SET content = content || ' accept'");
        await using var store = Open();
        await DamagedAsync(() => store.ReadContentAsync(Fingerprint.Of("drop")));
    }

    [Theory]
    [InlineData("UPDATE journal SET evidence = 'x' WHERE sequence = 2")]
    [InlineData("DELETE FROM journal WHERE sequence = 2")]
    [InlineData("DELETE FROM journal WHERE sequence = 3")]
    public async Task A_journal_that_is_altered_while_it_is_open_is_noticed_when_read(string sql)
    {
        await FilledAsync();
        await using var store = Open();
        RawDatabase.Run(Path, sql);
        await DamagedAsync(() => store.ReadJournalAsync("op-1"));
    }

    [Fact]
    public async Task A_file_that_went_back_to_an_earlier_moment_is_noticed()
    {
        await using (var store = Open()) await StoreSamples.BeginAsync(store, "op-1");
        var earlier = File.ReadAllBytes(Path);
        await using (var store = Open()) await StoreSamples.BeginAsync(store, "op-2", "lan");
        File.WriteAllBytes(Path, earlier);
        Assert.Equal(ErrorCatalogue.StoreDamaged, Assert.Throws<MaestroException>(Open).Code);
    }

    [Fact]
    public async Task A_file_that_went_back_and_grew_again_is_noticed()
    {
        await using (var store = Open()) await StoreSamples.BeginAsync(store, "op-1");
        var (earlier, anchor) = (File.ReadAllBytes(Path), File.ReadAllBytes(Anchor));
        await using (var store = Open()) await StoreSamples.BeginAsync(store, "op-2", "lan");
        var later = File.ReadAllBytes(Anchor);
        File.WriteAllBytes(Path, earlier);
        File.WriteAllBytes(Anchor, anchor);
        await using (var store = Open()) await StoreSamples.BeginAsync(store, "op-3", "lan");
        File.WriteAllBytes(Anchor, later);
        Assert.Equal(ErrorCatalogue.StoreDamaged, Assert.Throws<MaestroException>(Open).Code);
    }

    [Fact]
    public async Task A_lost_log_is_noticed()
    {
        // A copy of the file without its log, as a disk leaves it that said "written" and lied.
        await using (var store = Open())
        {
            await StoreSamples.BeginAsync(store, "op-1");
            File.Copy(Path, _folder.File("lost.db"));
            File.Copy(Anchor, _folder.File("lost.db.anchor"));
        }

        Assert.Equal(ErrorCatalogue.StoreDamaged, Assert.Throws<MaestroException>(() => Open(_folder.File("lost.db"))).Code);
    }

    [Fact]
    public async Task A_file_that_is_gone_altogether_is_noticed_and_the_way_out_named()
    {
        await FilledAsync();
        File.Delete(Path);
        var fault = Assert.Throws<MaestroException>(Open);
        Assert.Equal(ErrorCatalogue.StoreDamaged, fault.Code);
        Assert.Contains(".anchor", fault.Advice);
        File.Delete(Anchor);
        await using var store = Open();
        Assert.Empty(await store.FindOperationsAsync(new OperationQuery()));
    }

    [Theory]
    [InlineData("lags")]
    [InlineData("is missing")]
    [InlineData("is empty")]
    [InlineData("is torn")]
    public async Task No_false_alarm_when_the_anchor(string anchor)
    {
        await using (var store = Open()) await StoreSamples.BeginAsync(store, "op-1");
        var earlier = File.ReadAllText(Anchor);
        await using (var store = Open()) await StoreSamples.BeginAsync(store, "op-2", "lan");
        var later = File.ReadAllText(Anchor);
        Assert.NotEqual(earlier, later);
        switch (anchor)
        {
            case "lags":
                File.WriteAllText(Anchor, earlier);
                break;
            case "is missing":
                File.Delete(Anchor);
                break;
            case "is empty":
                File.WriteAllText(Anchor, "");
                break;
            case "is torn":
                File.WriteAllText(Anchor, later[..40] + earlier[40..]);
                break;
        }

        await using var again = Open();
        Assert.Equal(2, (await again.FindOperationsAsync(new OperationQuery())).Count);
    }

    [Fact]
    public async Task No_false_alarm_while_another_goes_on_writing()
    {
        await using var writer = Open();
        var token = await StoreSamples.BeginAsync(writer, "op-1");
        using var end = new CancellationTokenSource();
        var writing = WriteAsync();
        for (var i = 0; i < 40; i++)
        {
            var reader = await Task.Run(Open);
            await reader.DisposeAsync();
        }

        end.Cancel();
        await writing;

        async Task WriteAsync()
        {
            while (!end.IsCancellationRequested) await writer.AppendAsync(token, [StoreSamples.Entry("op-1", "more")]);
        }
    }

    private async Task FilledAsync()
    {
        await using var store = Open();
        var one = await StoreSamples.BeginAsync(store, "op-1");
        await store.AppendAsync(one, [StoreSamples.Entry("op-1", "first"), StoreSamples.Entry("op-1", "second")]);
        await store.SetOperationStateAsync(one, StoreSamples.Entry("op-1", "rest", JournalEntryKind.StateChanged), OperationState.Paused, "rest", [], null);
        await StoreSamples.BeginAsync(store, "op-2", "lan");
        await StoreSamples.RecordAsync(store, one, 1, "drop");
    }

    private SqliteStore Open() => Open(Path);

    private static SqliteStore Open(string path) => SqliteStore.Open(new SqliteStoreOptions { Path = path, Time = new ManualTime(), Identity = new TestIdentity() });

    private static async Task DamagedAsync(Func<Task> read) => Assert.Equal(ErrorCatalogue.StoreDamaged, (await Assert.ThrowsAsync<MaestroException>(read)).Code);
}
