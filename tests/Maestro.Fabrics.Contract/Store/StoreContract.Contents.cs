using Maestro.Engine.Model.Errors;
using Maestro.Engine.Model.Operations;
using Maestro.Engine.Operations.Journal;
using Maestro.Engine.Store;

namespace Maestro.Fabrics.Contract.Store;

public abstract partial class StoreContract
{
    [Fact]
    public async Task A_version_and_its_content_read_back_as_recorded()
    {
        var token = await BeginAsync("op-1");
        await Store.RecordGenerationAsync(token, Generation(1, "table inet a {}"), "table inet a {}");
        await Store.RecordGenerationAsync(token, Generation(2, "table inet b {}"), "table inet b {}");
        Assert.Equal([Generation(2, "table inet b {}"), Generation(1, "table inet a {}")], await Store.FindGenerationsAsync(GenerationKind.Policy, "dmz"));
        Assert.Equal("table inet a {}", await Store.ReadContentAsync(Fingerprint.Of("table inet a {}")));
        Assert.Null(await Store.ReadContentAsync(Fingerprint.Of("never seen")));
        Assert.Empty(await Store.FindGenerationsAsync(GenerationKind.Configuration, "dmz"));
        Assert.Empty(await Store.FindGenerationsAsync(GenerationKind.Policy, "lan"));
    }

    [Fact]
    public async Task Two_versions_may_share_one_content()
    {
        var token = await BeginAsync("op-1");
        await Store.RecordGenerationAsync(token, Generation(1, "same"), "same");
        await Store.RecordGenerationAsync(token, Generation(2, "same"), "same");
        Assert.Equal([2, 1], (await Store.FindGenerationsAsync(GenerationKind.Policy, "dmz")).Select(g => g.Number));
        Assert.Equal("same", await Store.ReadContentAsync(Fingerprint.Of("same")));
    }

    [Fact]
    public async Task A_version_moves_from_staged_to_its_end()
    {
        var token = await BeginAsync("op-1");
        await Store.RecordGenerationAsync(token, Generation(1, "a"), "a");
        await Store.RecordGenerationAsync(token, Generation(2, "b"), "b");
        await Store.SetGenerationStateAsync(token, GenerationKind.Policy, "dmz", 1, GenerationState.Confirmed);
        await Store.SetGenerationStateAsync(token, GenerationKind.Policy, "dmz", 2, GenerationState.Reverted);
        Assert.Equal([GenerationState.Reverted, GenerationState.Confirmed], (await Store.FindGenerationsAsync(GenerationKind.Policy, "dmz")).Select(g => g.State));
    }

    [Fact]
    public async Task A_forgotten_version_keeps_its_number_and_loses_its_content_unless_another_has_it()
    {
        var token = await BeginAsync("op-1");
        foreach (var (number, content) in new[] { (1, "a"), (2, "b"), (3, "a") }) await Store.RecordGenerationAsync(token, Generation(number, content), content);
        await Store.ForgetGenerationsAsync(token, GenerationKind.Policy, "dmz", [2, 1, 9, 2]);
        Assert.Equal([(3, false), (2, true), (1, true)], (await Store.FindGenerationsAsync(GenerationKind.Policy, "dmz")).Select(g => (g.Number, g.State == GenerationState.Forgotten)));
        Assert.Equal("a", await Store.ReadContentAsync(Fingerprint.Of("a")));
        Assert.Null(await Store.ReadContentAsync(Fingerprint.Of("b")));

        await Store.ForgetGenerationsAsync(token, GenerationKind.Policy, "dmz", [3]);
        Assert.Null(await Store.ReadContentAsync(Fingerprint.Of("a")));
    }

    [Fact]
    public async Task A_state_for_a_version_that_is_not_there_is_refused()
    {
        var token = await BeginAsync("op-1");
        await RefusedAsync(ErrorCatalogue.PolicyNotFound, () => Store.SetGenerationStateAsync(token, GenerationKind.Policy, "dmz", 9, GenerationState.Confirmed));
    }

    [Fact]
    public async Task A_content_under_a_wrong_fingerprint_is_refused()
    {
        var token = await BeginAsync("op-1");
        await Assert.ThrowsAsync<ArgumentException>(() => Store.RecordGenerationAsync(token, Generation(1, "a"), "b"));
        Assert.Empty(await Store.FindGenerationsAsync(GenerationKind.Policy, "dmz"));
    }

    [Fact]
    public async Task A_staged_version_may_be_recorded_again_but_a_confirmed_one_keeps_its_content()
    {
        var token = await BeginAsync("op-1");
        await Store.RecordGenerationAsync(token, Generation(1, "a"), "a");
        await Store.RecordGenerationAsync(token, Generation(1, "b"), "b");
        await Store.SetGenerationStateAsync(token, GenerationKind.Policy, "dmz", 1, GenerationState.Confirmed);
        await RefusedAsync(ErrorCatalogue.PlanStale, () => Store.RecordGenerationAsync(token, Generation(1, "c"), "c"));
        Assert.Equal(Fingerprint.Of("b"), Assert.Single(await Store.FindGenerationsAsync(GenerationKind.Policy, "dmz")).Fingerprint);
    }

    [Fact]
    public async Task Versions_leave_no_entry_in_an_operations_story()
    {
        var token = await BeginAsync("op-1");
        await Store.RecordGenerationAsync(token, Generation(1, "a"), "a");
        Assert.Single(await Store.ReadJournalAsync("op-1"));
    }

    [Fact]
    public async Task Documents_are_written_replaced_removed_and_listed_in_ordinal_order()
    {
        var token = await BeginAsync("op-1");
        foreach (var key in new[] { "b", "a", "B", "ä" }) await Store.WriteDocumentAsync(token, "gateways", key, $"{{\"{key}\":1}}");
        await Store.WriteDocumentAsync(token, "gateways", "a", "{}");
        await Store.WriteDocumentAsync(token, "gateways", "b", null);
        await Store.WriteDocumentAsync(token, "gateways", "never there", null);
        await Store.WriteDocumentAsync(token, "sites", "a", "[]");
        Assert.Equal(["B", "a", "ä"], (await Store.ListDocumentsAsync("gateways")).Select(d => d.Key));
        Assert.Equal("{}", await Store.ReadDocumentAsync("gateways", "a"));
        Assert.Null(await Store.ReadDocumentAsync("gateways", "b"));
        Assert.Empty(await Store.ListDocumentsAsync("nothing"));
    }

    [Fact]
    public async Task Events_are_found_newest_first_by_whatever_is_asked()
    {
        var first = new StoredEvent { At = Time.GetUtcNow(), SecurityGroup = "dmz", Member = "1_1", Kind = "Down", Severity = "Error", Text = "no\0answer", OperationId = "op-1" };
        Time.Pass(TimeSpan.FromMinutes(1));
        var second = new StoredEvent { At = Time.GetUtcNow(), SecurityGroup = "lan", Kind = "Up", Text = "answers" };
        var token = await BeginAsync("op-1");
        await Store.AppendEventsAsync(token, [first, second]);
        Assert.Equal([second, first], await Store.FindEventsAsync(new EventQuery()));
        Assert.Equal([second], await Store.FindEventsAsync(new EventQuery { Newest = 1 }));
        Assert.Equal([first], await Store.FindEventsAsync(new EventQuery { SecurityGroup = "dmz", Member = "1_1", Kind = "Down" }));
        Assert.Equal([second], await Store.FindEventsAsync(new EventQuery { After = second.At }));
        Assert.Equal([first], await Store.FindEventsAsync(new EventQuery { Before = second.At }));
    }

    [Fact]
    public async Task Events_are_found_by_when_they_happened_and_the_same_is_kept_once_however_often_it_is_written()
    {
        var token = await BeginAsync("op-1");
        var now = Time.GetUtcNow();
        StoredEvent Said(int second, string origin) => new() { At = now.AddSeconds(second), SecurityGroup = "dmz", Kind = "Up", Text = origin, Origin = origin };
        await Store.AppendEventsAsync(token, [Said(2, "a/2"), Said(1, "b/1")]);
        // An answer that was lost is asked for again.
        await Store.AppendEventsAsync(token, [Said(2, "a/2"), Said(3, "a/3")]);
        Assert.Equal(["a/3", "a/2", "b/1"], (await Store.FindEventsAsync(new EventQuery { SecurityGroup = "dmz" })).Select(e => e.Origin));
    }

    [Fact]
    public async Task Who_does_not_hold_the_lease_keeps_no_event()
    {
        var token = await BeginAsync("op-1");
        await Store.ReleaseLeasesAsync(token);
        await RefusedAsync(ErrorCatalogue.LeaseLost, () => Store.AppendEventsAsync(token, [new StoredEvent { At = Time.GetUtcNow(), SecurityGroup = "dmz", Kind = "Up", Text = "answers" }]));
        Assert.Empty(await Store.FindEventsAsync(new EventQuery()));
    }

    [Fact]
    public async Task Of_a_group_so_many_events_are_kept_and_none_that_is_too_old()
    {
        var token = await BeginAsync("op-1");
        var kept = new EventRetention();
        StoredEvent Said(string group, int n) => new() { At = Time.GetUtcNow().AddSeconds(n), SecurityGroup = group, Kind = "Up", Text = "answers", Origin = $"{group}/{n}" };
        await Store.AppendEventsAsync(token, [Said("lan", 0)]);
        await Store.AppendEventsAsync(token, [.. Enumerable.Range(1, kept.Count + 5).Select(n => Said("dmz", n))]);
        var left = await Store.FindEventsAsync(new EventQuery { SecurityGroup = "dmz" });
        Assert.Equal((kept.Count, "dmz/6"), (left.Count, left[^1].Origin));

        Time.Pass(kept.Age + TimeSpan.FromMinutes(1));
        await Store.AppendEventsAsync(token, [Said("dmz", 20_000)]);
        // Those of the other group go when something is said of it.
        Assert.Equal([("dmz", "dmz/20000"), ("lan", "lan/0")], (await Store.FindEventsAsync(new EventQuery())).Where(e => e.SecurityGroup == "lan" || e.At >= Time.GetUtcNow()).Select(e => (e.SecurityGroup, e.Origin)));
        Assert.All(await Store.FindEventsAsync(new EventQuery { SecurityGroup = "dmz" }), e => Assert.True(e.At >= Time.GetUtcNow() - kept.Age));
    }

    [Fact]
    public async Task Operations_are_found_by_when_they_ended()
    {
        var token = await BeginAsync("op-1");
        var began = Time.GetUtcNow();
        Assert.Empty(await Store.FindOperationsAsync(new OperationQuery { EndedAfter = began }));
        Time.Pass(TimeSpan.FromMinutes(1));
        var ended = Time.GetUtcNow();
        await Store.SetOperationStateAsync(token, new JournalEntry { OperationId = "op-1", At = ended, Kind = JournalEntryKind.StateChanged, Outcome = "Succeeded" }, OperationState.Succeeded, "", [], ended);
        Assert.Single(await Store.FindOperationsAsync(new OperationQuery { EndedAfter = ended, EndedBefore = ended.AddSeconds(1) }));
        Assert.Empty(await Store.FindOperationsAsync(new OperationQuery { EndedAfter = began, EndedBefore = ended }));
        Assert.Empty(await Store.FindOperationsAsync(new OperationQuery { EndedAfter = ended.AddSeconds(1) }));
    }

    [Fact]
    public async Task A_closed_store_says_so()
    {
        await Store.DisposeAsync();
        await Store.DisposeAsync();
        await RefusedAsync(ErrorCatalogue.NotConnected, () => Store.FindLeasesAsync(["topology"]));
    }
}
