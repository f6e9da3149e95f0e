using Maestro.Engine.Operations.Leases;
using Maestro.Engine.Store;

namespace Maestro.Victim.Verbs;

/// <summary>Says "ready", then asks for each resource that is named on its input, and says "granted" or "held".</summary>
/// <remarks>Arguments: the store's file, the operation's id.</remarks>
internal static class LeaseVerb
{
    public static async Task RunAsync(string[] arguments)
    {
        var identity = new SystemHostIdentity();
        await using var store = SqliteStore.Open(new SqliteStoreOptions { Path = arguments[0], Time = TimeProvider.System, Identity = identity });
        Console.WriteLine("ready");
        while (Console.In.ReadLine() is { } resource)
        {
            var answer = await store.AcquireLeasesAsync(new LeaseRequest { OperationId = arguments[1], Owner = identity.Self, Resources = [resource] });
            Console.WriteLine(answer.Token is null ? "held" : "granted");
        }
    }
}
