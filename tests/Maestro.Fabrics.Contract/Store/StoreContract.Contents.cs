using Maestro.Engine.Model.Errors;
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
        await Store.AppendEventsAsync([first, second]);
        Assert.Equal([second, first], await Store.FindEventsAsync(new EventQuery()));
        Assert.Equal([second], await Store.FindEventsAsync(new EventQuery { Newest = 1 }));
        Assert.Equal([first], await Store.FindEventsAsync(new EventQuery { SecurityGroup = "dmz", Member = "1_1", Kind = "Down" }));
        Assert.Equal([second], await Store.FindEventsAsync(new EventQuery { After = second.At }));
        Assert.Equal([first], await Store.FindEventsAsync(new EventQuery { Before = second.At }));
    }

    [Fact]
    public async Task A_closed_store_says_so()
    {
        await Store.DisposeAsync();
        await Store.DisposeAsync();
        await RefusedAsync(ErrorCatalogue.NotConnected, () => Store.FindLeasesAsync(["topology"]));
    }
}
