using System.Reflection;
using Maestro.Engine.Model.Errors;
using Maestro.Engine.Model.Operations;
using Maestro.Engine.Operations.Journal;
using Maestro.Engine.Operations.Leases;
using Maestro.Engine.Store;
using Newtonsoft.Json;

namespace Maestro.Fabrics.Contract.Store;

public abstract partial class StoreContract
{
    /// <summary>Every call that carries a token, found in the interface itself so that none can be forgotten.</summary>
    public static TheoryData<string> TokenCalls => [.. TokenMethods.Select(m => m.Name)];

    private static IEnumerable<MethodInfo> TokenMethods => typeof(IStore).GetMethods().Where(m => m.GetParameters().Any(p => p.ParameterType == typeof(LeaseToken)));

    [Theory]
    [MemberData(nameof(TokenCalls))]
    public async Task A_call_with_a_token_is_refused_after_a_take_over_and_writes_nothing(string call)
    {
        var stale = await BeginAsync("op-1");
        await Store.RecordGenerationAsync(stale, Generation(1, "old"), "old");
        Identity.Dead.Add(1);
        await HoldAsync("op-2", 2, "change:dmz");
        await RefusedOrNothingAsync(call, stale);
    }

    [Theory]
    [MemberData(nameof(TokenCalls))]
    public async Task A_call_with_a_token_is_refused_after_the_lease_was_given_back(string call)
    {
        var token = await BeginAsync("op-1");
        await Store.RecordGenerationAsync(token, Generation(1, "old"), "old");
        await Store.ReleaseLeasesAsync(token);
        await RefusedOrNothingAsync(call, token);
    }

    [Theory]
    [MemberData(nameof(TokenCalls))]
    public async Task A_call_with_a_token_is_refused_when_one_of_its_resources_is_lost(string call)
    {
        var token = await HoldAsync("op-1", 1, "change:dmz", "topology");
        await Store.BeginOperationAsync(token, Operation("op-1"), Entry("op-1"));
        await Store.RecordGenerationAsync(token, Generation(1, "old"), "old");
        Identity.Dead.Add(1);
        await HoldAsync("op-2", 2, "topology");
        await RefusedOrNothingAsync(call, token);
    }

    private async Task RefusedOrNothingAsync(string call, LeaseToken stale)
    {
        await Store.PostRequestAsync(new OperationRequest { OperationId = "op-1", Kind = RequestKind.Pause, At = Time.GetUtcNow(), By = "bert" });
        var before = await PictureAsync();
        var method = TokenMethods.Single(m => m.Name == call);
        Task Invoke() => (Task)method.Invoke(Store, [.. method.GetParameters().Select(p => Sample(p, stale))])!;

        // To give back what is gone is no mistake; everything else is.
        if (call == nameof(IStore.ReleaseLeasesAsync)) await Invoke();
        else await RefusedAsync(ErrorCatalogue.LeaseLost, Invoke);
        Assert.Equal(before, await PictureAsync());
    }

    private object? Sample(ParameterInfo parameter, LeaseToken token) => parameter.ParameterType switch
    {
        var t when t == typeof(LeaseToken) => token,
        var t when t == typeof(long) => token.Epoch + 10,
        var t when t == typeof(int) => 1,
        var t when t == typeof(string) => parameter.Name == "content" ? "new" : "dmz",
        var t when t == typeof(OperationRecord) => Operation("op-1"),
        var t when t == typeof(JournalEntry) => Entry("op-1"),
        var t when t == typeof(IReadOnlyList<JournalEntry>) => new[] { Entry("op-1") },
        var t when t == typeof(OperationState) => OperationState.Stopped,
        var t when t == typeof(IReadOnlyList<string>) => Array.Empty<string>(),
        var t when t == typeof(IReadOnlyList<int>) => new[] { 1 },
        var t when t == typeof(DateTimeOffset?) => Time.GetUtcNow(),
        var t when t == typeof(LeaseOwner) => TestIdentity.Process(9),
        var t when t == typeof(GenerationRecord) => Generation(2, "new"),
        var t when t == typeof(IReadOnlyList<StoredEvent>) => new[] { new StoredEvent { At = Time.GetUtcNow(), SecurityGroup = "dmz", Kind = "WatchBegan", Text = "new" } },
        var t when t == typeof(GenerationKind) => GenerationKind.Policy,
        var t when t == typeof(GenerationState) => GenerationState.Confirmed,
        var t => throw new NotSupportedException($"This test has no sample of {t} for '{parameter.Name}': add one."),
    };

    /// <summary>All that the calls could have changed, as text that no culture changes.</summary>
    private async Task<string> PictureAsync() => JsonConvert.SerializeObject(new
    {
        Operations = (await Store.FindOperationsAsync(new OperationQuery())).Select(o => $"{o.Id} {o.State} {o.Owner} {o.Owner.ProcessId} {o.Epoch}"),
        Journal = await Store.ReadJournalAsync("op-1"),
        Generations = await Store.FindGenerationsAsync(GenerationKind.Policy, "dmz"),
        Leases = await Store.FindLeasesAsync(["change:dmz", "topology"]),
        Documents = await Store.ListDocumentsAsync("dmz"),
        Events = await Store.FindEventsAsync(new EventQuery()),
        Content = await Store.ReadContentAsync(Fingerprint.Of("new")),
    });
}
