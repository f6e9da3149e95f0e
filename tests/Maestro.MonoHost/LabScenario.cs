using System;
using System.IO;
using System.Linq;
using System.Threading;
using Maestro.Engine.Clustering.Membership;
using Maestro.Engine.Fabrics.Simulation;
using Maestro.Engine.Hosting;
using Maestro.Engine.Operations.Running;

namespace Maestro.MonoHost;

/// <summary>A lab with its journal in a file: a group is made of two gateways, and all of it is read back.</summary>
internal static class LabScenario
{
    public static int Run()
    {
        var store = Path.Combine(Path.GetTempPath(), $"maestro-{Guid.NewGuid():N}.db");
        try
        {
            var engine = SessionFactory.OpenLab(new SessionOptions { Name = "lab", StorePath = store }, new LabOptions { Seed = 1 });
            var gateways = engine.ObserveAsync(pending: false, CancellationToken.None).Result.Gateways.Take(2).Select(gateway => gateway.Id).ToArray();
            var made = engine.StartAsync(new NewGroupChange { Name = "dmz", Gateways = gateways }, new RunOptions()).Result.Completion.Result;
            Console.WriteLine($"group made: {made.Failure?.Message ?? "yes"}");
            Console.WriteLine($"members: {engine.ObserveAsync(pending: false, CancellationToken.None).Result.Members.Count}");
            engine.DisposeAsync().AsTask().Wait();
            Console.WriteLine($"journal in a file: {(new FileInfo(store).Length > 0 ? "yes" : "no")}");
            return 0;
        }
        finally
        {
            foreach (var file in Directory.GetFiles(Path.GetTempPath(), Path.GetFileName(store) + "*"))
            {
                File.Delete(file);
            }
        }
    }
}
