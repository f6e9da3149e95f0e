using Maestro.Engine.Model.Errors;
using Maestro.Engine.Model.Operations;
using Maestro.Engine.Operations.Journal;

namespace Maestro.Fabrics.Contract.Store;

public abstract partial class StoreContract
{
    [Fact]
    public async Task An_operation_reads_back_as_it_was_begun_under_its_tokens_epoch()
    {
        var token = await BeginAsync("op-1");
        var read = Assert.Single(await Store.FindOperationsAsync(new OperationQuery { IdPrefix = "op-1" }));
        var expected = Operation("op-1") with { Epoch = token.Epoch };
        Assert.Equal(["Capacity", "Backup"], read.SkippedChecks);
        Assert.Equal(["change:dmz"], read.Resources);
        Assert.Empty(read.UnsettledMembers);
        Assert.Equal(expected with { Resources = read.Resources, SkippedChecks = read.SkippedChecks, UnsettledMembers = read.UnsettledMembers }, read);
    }

    [Fact]
    public async Task Beginning_writes_the_operation_and_its_first_entry_or_neither()
    {
        var token = await BeginAsync("op-1");
        await Assert.ThrowsAsync<InvalidOperationException>(() => Store.BeginOperationAsync(token, Operation("op-1"), Entry("op-1")));
        Assert.Equal(JournalEntryKind.OperationStarted, Assert.Single(await Store.ReadJournalAsync("op-1")).Kind);
    }

    [Fact]
    public async Task Entries_read_back_in_the_order_written_with_growing_places()
    {
        var token = await BeginAsync("op-1");
        await Store.AppendAsync(token, [Entry("op-1", JournalEntryKind.StepStarting, "a"), Entry("op-1", JournalEntryKind.StepEnded, "b")]);
        Time.Pass(TimeSpan.FromSeconds(1));
        var last = Entry("op-1", JournalEntryKind.Note, "c");
        await Store.AppendAsync(token, [last]);
        var read = await Store.ReadJournalAsync("op-1");
        Assert.Equal(["because", "a", "b", "c"], read.Select(e => e.Reason));
        Assert.Equal(read.Select(e => e.Sequence).Order().Distinct(), read.Select(e => e.Sequence));
        Assert.True(read[0].Sequence > 0);
        Assert.Equal(last with { Sequence = read[3].Sequence }, read[3]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("two\r\nlines\ttab")]
    [InlineData("a\0b")]
    [InlineData("Größe 火 🔥 \u202e")]
    [InlineData("'; DROP TABLE journal; --")]
    public async Task Whatever_a_gateway_said_reads_back_as_it_was(string text)
    {
        var token = await BeginAsync("op-1");
        await Store.AppendAsync(token, [Entry("op-1") with { Evidence = text, Reason = text }]);
        await Store.RecordGenerationAsync(token, Generation(1, text), text);
        await Store.WriteDocumentAsync(token, "c", "k", text);
        Assert.Equal((text, text), ((await Store.ReadJournalAsync("op-1"))[^1].Evidence, (await Store.ReadJournalAsync("op-1"))[^1].Reason));
        Assert.Equal(text, await Store.ReadContentAsync(Engine.Store.Fingerprint.Of(text)));
        Assert.Equal(text, await Store.ReadDocumentAsync("c", "k"));
    }

    [Fact]
    public async Task The_journals_of_operations_are_apart_and_their_places_common()
    {
        var one = await BeginAsync("op-1", "a");
        var two = await BeginAsync("op-2", "b");
        await Store.AppendAsync(one, [Entry("op-1")]);
        await Store.AppendAsync(two, [Entry("op-2")]);
        var first = await Store.ReadJournalAsync("op-1");
        var second = await Store.ReadJournalAsync("op-2");
        Assert.Equal(2, first.Count);
        Assert.Equal(2, second.Count);
        Assert.Equal(4, first.Concat(second).Select(e => e.Sequence).Distinct().Count());
        Assert.Empty(await Store.ReadJournalAsync("op-3"));
    }

    [Fact]
    public async Task An_entry_of_another_operation_than_the_tokens_is_refused()
    {
        var token = await BeginAsync("op-1");
        await Assert.ThrowsAsync<ArgumentException>(() => Store.AppendAsync(token, [Entry("op-2")]));
        await Assert.ThrowsAsync<ArgumentException>(() => Store.BeginOperationAsync(token, Operation("op-2"), Entry("op-1")));
        Assert.Single(await Store.ReadJournalAsync("op-1"));
    }

    [Fact]
    public async Task Of_several_entries_all_are_appended_or_none()
    {
        var token = await BeginAsync("op-1");
        await Assert.ThrowsAsync<ArgumentException>(() => Store.AppendAsync(token, [Entry("op-1"), Entry("op-2")]));
        Assert.Single(await Store.ReadJournalAsync("op-1"));
    }

    [Fact]
    public async Task However_many_operations_there_are_each_reads_back_with_its_plan_each_time()
    {
        for (var i = 0; i < 150; i++) await BeginAsync($"op-{i}", $"group-{i}");
        var plan = Assert.Single(await Store.FindOperationsAsync(new OperationQuery { IdPrefix = "op-7" })).PlanJson;
        Assert.NotEmpty(plan);
        for (var round = 0; round < 3; round++)
        {
            var read = await Store.FindOperationsAsync(new OperationQuery());
            Assert.Equal(150, read.Count);
            Assert.All(read, o => Assert.Equal(plan, o.PlanJson));
            Assert.Equal(plan, Assert.Single(await Store.FindOperationsAsync(new OperationQuery { IdPrefix = "op-140" })).PlanJson);
        }
    }

    [Fact]
    public async Task A_state_and_its_entry_are_written_together()
    {
        var token = await BeginAsync("op-1");
        var raised = await Store.RaiseEpochAsync(token, 30);
        var ended = Time.GetUtcNow();
        await Store.SetOperationStateAsync(raised, Entry("op-1", JournalEntryKind.StateChanged), OperationState.Unsettled, "1_2 does not answer", ["1_2", "2_1"], ended);
        var read = Assert.Single(await Store.FindOperationsAsync(new OperationQuery()));
        Assert.Equal((OperationState.Unsettled, "1_2 does not answer", ended, 30L), (read.State, read.Reason, read.EndedAt!.Value, read.Epoch));
        Assert.Equal(["1_2", "2_1"], read.UnsettledMembers);
        Assert.Equal(JournalEntryKind.StateChanged, (await Store.ReadJournalAsync("op-1"))[^1].Kind);
    }

    [Fact]
    public async Task A_state_of_an_operation_that_never_began_is_refused_and_leaves_no_entry()
    {
        var token = await HoldAsync("op-1", 1, "change:dmz");
        await RefusedAsync(ErrorCatalogue.OperationNotFound, () => Store.SetOperationStateAsync(token, Entry("op-1"), OperationState.Failed, "", [], null));
        await RefusedAsync(ErrorCatalogue.OperationNotFound, () => Store.TakeOverOperationAsync(token, TestIdentity.Process(2), Entry("op-1")));
        Assert.Empty(await Store.ReadJournalAsync("op-1"));
    }

    [Fact]
    public async Task A_take_over_makes_the_operation_running_under_its_new_owner_and_epoch()
    {
        var token = await BeginAsync("op-1");
        await Store.SetOperationStateAsync(token, Entry("op-1"), OperationState.Paused, "rest", [], Time.GetUtcNow());
        Identity.Dead.Add(1);
        var taken = await HoldAsync("op-1", 2, "change:dmz");
        await Store.TakeOverOperationAsync(taken, TestIdentity.Process(2), Entry("op-1", JournalEntryKind.TakenOver));
        var read = Assert.Single(await Store.FindOperationsAsync(new OperationQuery()));
        Assert.Equal((OperationState.Running, TestIdentity.Process(2), taken.Epoch, null), (read.State, read.Owner, read.Epoch, read.EndedAt));
        Assert.Equal(JournalEntryKind.TakenOver, (await Store.ReadJournalAsync("op-1"))[^1].Kind);
    }

    [Fact]
    public async Task Operations_are_found_newest_first_by_whatever_is_asked()
    {
        var start = Time.GetUtcNow();
        foreach (var (id, group, kind) in new[] { ("k3f9-aaaa", "a", "SyncPolicy"), ("k3f9-bbbb", "b", "AddGroupMember"), ("x111-cccc", "a", "SyncPolicy") })
        {
            var token = await HoldAsync(id, 1, "change:" + group);
            await Store.BeginOperationAsync(token, Operation(id, group, kind), Entry(id));
            if (id == "k3f9-aaaa") await Store.SetOperationStateAsync(token, Entry(id), OperationState.Succeeded, "", [], Time.GetUtcNow());
            await Store.ReleaseLeasesAsync(token);
            Time.Pass(TimeSpan.FromMinutes(1));
        }

        Assert.Equal(["x111-cccc", "k3f9-bbbb", "k3f9-aaaa"], await IdsAsync(new OperationQuery()));
        Assert.Equal(["k3f9-bbbb", "k3f9-aaaa"], await IdsAsync(new OperationQuery { IdPrefix = "k3f9" }));
        Assert.Empty(await IdsAsync(new OperationQuery { IdPrefix = "k3%" }));
        Assert.Equal(["x111-cccc", "k3f9-aaaa"], await IdsAsync(new OperationQuery { SecurityGroup = "a" }));
        Assert.Equal(["k3f9-bbbb"], await IdsAsync(new OperationQuery { Kind = "AddGroupMember" }));
        Assert.Equal(["k3f9-aaaa"], await IdsAsync(new OperationQuery { States = [OperationState.Succeeded, OperationState.Failed] }));
        Assert.Empty(await IdsAsync(new OperationQuery { States = [] }));
        Assert.Equal(["k3f9-bbbb"], await IdsAsync(new OperationQuery { AnyResource = ["topology", "change:b"] }));
        Assert.Empty(await IdsAsync(new OperationQuery { AnyResource = ["change"] }));
        Assert.Equal(["x111-cccc", "k3f9-bbbb"], await IdsAsync(new OperationQuery { After = start + TimeSpan.FromMinutes(1) }));
        Assert.Equal(["x111-cccc"], await IdsAsync(new OperationQuery { Newest = 1 }));
        Assert.Equal(["k3f9-aaaa"], await IdsAsync(new OperationQuery { SecurityGroup = "a", States = [OperationState.Succeeded], AnyResource = ["change:a"], Newest = 5 }));
    }

    [Fact]
    public async Task An_exact_id_wins_over_longer_ones_that_begin_with_it()
    {
        await BeginAsync("op", "a");
        await BeginAsync("op-1", "b");
        Assert.Equal(["op"], await IdsAsync(new OperationQuery { IdPrefix = "op" }));
        Assert.Equal(["op-1"], await IdsAsync(new OperationQuery { IdPrefix = "op-" }));
    }

    [Fact]
    public async Task Requests_are_taken_once_oldest_first_by_the_holder_of_their_operation()
    {
        var one = await BeginAsync("op-1", "a");
        var two = await BeginAsync("op-2", "b");
        var pause = new OperationRequest { OperationId = "op-1", Kind = RequestKind.Pause, At = Time.GetUtcNow(), By = "bert@jump2", Message = "lunch" };
        await Store.PostRequestAsync(pause);
        await Store.PostRequestAsync(pause with { Kind = RequestKind.Stop });
        Assert.Empty(await Store.TakeRequestsAsync(two));
        Assert.Equal([pause, pause with { Kind = RequestKind.Stop }], await Store.TakeRequestsAsync(one));
        Assert.Empty(await Store.TakeRequestsAsync(one));
    }

    private async Task<IEnumerable<string>> IdsAsync(OperationQuery query) => (await Store.FindOperationsAsync(query)).Select(o => o.Id);
}
