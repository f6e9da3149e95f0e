using Maestro.Engine.Model.Operations;
using Maestro.Engine.Operations.Journal;
using Maestro.Engine.Operations.Leases;
using Maestro.Engine.Store;
using Maestro.Fabrics.Contract.Store;

namespace Maestro.Engine.Tests.Store;

/// <summary>Operations, entries and versions for tests that do not care which.</summary>
internal static class StoreSamples
{
    private static readonly DateTimeOffset Moment = new(2026, 3, 1, 8, 0, 0, TimeSpan.Zero);

    public static async Task<LeaseToken> BeginAsync(IStore store, string operation, string group = "dmz")
    {
        var owner = TestIdentity.Process(1);
        var answer = await store.AcquireLeasesAsync(new LeaseRequest { OperationId = operation, Owner = owner, Resources = [Resource.Change(group)] });
        var token = answer.Token!;
        var record = new OperationRecord
        {
            Id = operation,
            Kind = "SyncPolicy",
            SecurityGroup = group,
            State = OperationState.Running,
            PlanJson = "{}",
            Owner = owner,
            Resources = token.Resources,
            StartedAt = Moment,
        };
        await store.BeginOperationAsync(token, record, Entry(operation, "because", JournalEntryKind.OperationStarted));
        return token;
    }

    public static JournalEntry Entry(string operation, string reason, JournalEntryKind kind = JournalEntryKind.Note) =>
        new() { OperationId = operation, At = Moment, Kind = kind, Reason = reason };

    public static Task RecordAsync(IStore store, LeaseToken token, int number, string content, GenerationState state = GenerationState.Staged) => store.RecordGenerationAsync(
        token,
        new GenerationRecord
        {
            Kind = GenerationKind.Policy,
            SecurityGroup = "dmz",
            Number = number,
            Fingerprint = Fingerprint.Of(content),
            State = state,
            CreatedAt = Moment,
        },
        content);
}
