using Maestro.Engine.Hosting;
using Maestro.Engine.Monitoring.Watch;
using Maestro.Engine.Store;

namespace Maestro.Victim.Verbs;

/// <summary>Watches a group and moves the traffic of members that are lost. Says each event: when in milliseconds of Unix time, its kind, the member or "-", the text.</summary>
/// <remarks>Arguments: the inventory file, the known_hosts file, the store's file, the group.</remarks>
public static class WatchVerb
{
    public static async Task RunAsync(string[] arguments)
    {
        await using var host = SessionFactory.OpenInventory(
            new SessionOptions { Name = "testbed", StorePath = arguments[2] }, new InventoryOptions { Path = arguments[0], KnownHostsPath = arguments[1] }, new SystemHostIdentity(), decorate: null, decorateStore: null);
        await host.WatchAsync([arguments[3]], new WatchOptions { AutoFailover = true, Detection = Sooner(new WatchOptions()) }, e =>
        {
            lock (Console.Out) Console.WriteLine($"{e.Time.ToUnixTimeMilliseconds()} {e.Kind} {(e.Member.Length > 0 ? e.Member : "-")} {e.Text}");
        }, CancellationToken.None);
    }

    /// <summary>As a real watch, but one that knows its network sooner, and believes sooner in a member that is back.</summary>
    internal static Engine.Clustering.Detection.DetectionPolicy Sooner(WatchOptions options) => options.Detection with { LearningRounds = 40, RecoveryDelay = TimeSpan.FromSeconds(3) };
}
