using System.Globalization;
using Maestro.Engine.Fabrics.Simulation;
using Maestro.Engine.Hosting;
using Maestro.Engine.Model.Errors;
using Maestro.Engine.Store;

namespace Maestro.Victim.Verbs;

/// <summary>Makes one change. Says "begun", then "at N" where it pauses, "sending NAME" where it waits, and in the end how many entries it wrote and what came of it.</summary>
/// <remarks>
/// Arguments: where (an inventory file, <c>lab:FOLDER</c>, or <c>lab@SPEED:FOLDER</c> for a lab that takes its time), the known_hosts file, the store's file, where to pause (an entry's number, 0 for
/// never, or <c>before:SCRIPT</c>), then the change in words.
/// </remarks>
internal static class ChangeVerb
{
    public static async Task RunAsync(string[] arguments)
    {
        var (where, knownHosts, storePath, pause) = (arguments[0], arguments[1], arguments[2], arguments[3]);
        var script = pause.StartsWith("before:", StringComparison.Ordinal) ? pause["before:".Length..] : "";
        var pauseAt = script.Length > 0 ? 0 : int.Parse(pause, CultureInfo.InvariantCulture);
        PausingStore? counter = null;
        IStore Decorate(IStore inner) => PausingStore.Around(inner, pauseAt, out counter);
        var session = new SessionOptions { Name = "testbed", StorePath = storePath };
        await using var host = where.StartsWith("lab", StringComparison.Ordinal)
            ? SessionFactory.OpenLab(session, LabOf(where), Decorate)
            : SessionFactory.OpenInventory(
                session,
                new InventoryOptions { Path = where, KnownHostsPath = knownHosts },
                new SystemHostIdentity(),
                inner => script.Length == 0 ? inner : new PausingTransport(inner, script),
                Decorate);
        Console.WriteLine("begun");
        try
        {
            var (state, failure) = await Requests.RunAsync(arguments[4..], host);
            Console.WriteLine($"wrote {counter!.Entries} {state} {failure?.Code}");
        }
        catch (MaestroException refusal)
        {
            Console.WriteLine($"wrote {counter!.Entries} refused {refusal.Code}");
        }
    }

    private static LabOptions LabOf(string where)
    {
        var colon = where.IndexOf(':', StringComparison.Ordinal);
        return new LabOptions
        {
            Path = where[(colon + 1)..],
            Speed = where["lab".Length] == '@' ? double.Parse(where.AsSpan("lab@".Length, colon - "lab@".Length), CultureInfo.InvariantCulture) : null,
        };
    }
}
