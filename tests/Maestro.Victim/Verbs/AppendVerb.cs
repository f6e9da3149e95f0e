using Maestro.Engine.Model.Operations;
using Maestro.Engine.Operations.Journal;
using Maestro.Engine.Operations.Leases;
using Maestro.Engine.Store;

namespace Maestro.Victim.Verbs;

/// <summary>Begins an operation on 'dmz' and appends entries for ever, several at a time; prints each entry's text once it is acknowledged.</summary>
/// <remarks>Arguments: the store's file, the operation's id, how many write side by side. The first line names the operations taken over.</remarks>
internal static class AppendVerb
{
    public static async Task RunAsync(string[] arguments)
    {
        var (path, operation, writers) = (arguments[0], arguments[1], int.Parse(arguments[2], System.Globalization.CultureInfo.InvariantCulture));
        var identity = new SystemHostIdentity();
        await using var store = SqliteStore.Open(new SqliteStoreOptions { Path = path, Time = TimeProvider.System, Identity = identity });
        var answer = await store.AcquireLeasesAsync(new LeaseRequest { OperationId = operation, Owner = identity.Self, Resources = [Resource.Change("dmz")] });
        Console.WriteLine(answer.Token is null ? "held" : "taken over: " + string.Join(" ", answer.TakenOverFrom));
        if (answer.Token is not { } token) return;

        var record = new OperationRecord
        {
            Id = operation,
            Kind = "SyncPolicy",
            SecurityGroup = "dmz",
            State = OperationState.Running,
            PlanJson = "{}",
            Owner = identity.Self,
            Resources = token.Resources,
            StartedAt = TimeProvider.System.GetUtcNow(),
        };
        await store.BeginOperationAsync(token, record, Entry(operation, "begun"));
        await Task.WhenAll(Enumerable.Range(0, writers).Select(AppendAsync));

        async Task AppendAsync(int writer)
        {
            for (var i = 0; ; i++)
            {
                var text = $"{writer}/{i}";
                await store.AppendAsync(token, [Entry(operation, text)]);
                Console.WriteLine(text);
            }
        }
    }

    private static JournalEntry Entry(string operation, string reason) =>
        new() { OperationId = operation, At = TimeProvider.System.GetUtcNow(), Kind = JournalEntryKind.Note, Reason = reason };
}
