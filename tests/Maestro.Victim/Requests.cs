using System.Globalization;
using Maestro.Engine.Clustering.Distribution;
using Maestro.Engine.Clustering.Failover;
using Maestro.Engine.Clustering.Membership;
using Maestro.Engine.Fabrics;
using Maestro.Engine.Hosting;
using Maestro.Engine.Model.Distribution;
using Maestro.Engine.Model.Errors;
using Maestro.Engine.Model.Operations;
using Maestro.Engine.Operations.Plans;
using Maestro.Engine.Operations.Running;
using Maestro.Engine.Synchronisation.Configuration;
using Maestro.Engine.Synchronisation.Policy;

namespace Maestro.Victim;

/// <summary>
/// Changes from words: <c>sync dmz ./web.nft</c>, <c>add dmz fw-a1,fw-a2</c>, and the steering of operations: <c>undo-operation ID</c>,
/// <c>suspend-operation add dmz fw-a1</c> (which begins that change first). Also used by the tests that kill.
/// </summary>
public static class Requests
{
    /// <summary>Does what the words say; answers how the operation ended (null when there was nothing to do) and why it failed.</summary>
    /// <exception cref="MaestroException">It was refused.</exception>
    public static async Task<(OperationState? State, MaestroException? Failure)> RunAsync(IReadOnlyList<string> words, EngineHost host)
    {
        var options = new RunOptions();
        switch (words[0])
        {
            case "stop-operation":
                return ((await host.StopAsync(words[1], options)).State, null);
            case "suspend-operation":
                var begun = await host.StartAsync(Parse([.. words.Skip(1)], host), options);
                return ((await host.SuspendAsync(begun.OperationId, options)).State, null);
        }

        var handle = await (words[0] switch
        {
            "undo-operation" => host.UndoAsync(words[1], options),
            "settle" => host.SettleAsync(words[1], options),
            "resume-operation" => host.ResumeAsync(words[1], options),
            _ => host.StartAsync(Parse(words, host), options),
        });
        var result = await handle.Completion;
        return (result.Operation?.State, result.Failure);
    }

    public static ChangeRequest Parse(IReadOnlyList<string> words, EngineHost host)
    {
        IReadOnlyList<string> List(int at) => words[at].Split(',');
        return words[0] switch
        {
            "new" => new NewGroupChange { Name = words[1], Gateways = words.Count > 2 ? List(2) : [] },
            "add" => new AddMembersChange { Group = words[1], Gateways = List(2) },
            "stage" => new AddMembersChange { Group = words[1], Gateways = List(2), StageOnly = true },
            "publish" => new PublishPendingChange(),
            "discard" => new UndoPendingChange(),
            "sync" => new SyncPolicyChange
            {
                Group = words[1],
                Document = host.LoadPolicy(words[2]),
                RevertAfter = words.Count > 3 ? TimeSpan.FromSeconds(int.Parse(words[3], CultureInfo.InvariantCulture)) : SyncPolicyChange.DefaultRevertAfter,
            },
            "configure" => new SyncConfigurationChange { Group = words[1], Document = host.LoadConfiguration(words[2]) },
            "describe" => new SetGroupChange { Group = words[1], Description = words[2] },
            "distribute" => new SetDistributionChange { Group = words[1], Mode = (DistributionMode)Enum.Parse(typeof(DistributionMode), words[2]) },
            "failover" => new FailoverChange { Group = words[1], Lost = List(2), Reason = "said so" },
            "failover-site" => new SiteFailoverChange { Group = words[1], Site = int.Parse(words[2], CultureInfo.InvariantCulture) },
            "failover-orchestrator" => new OrchestratorFailoverChange { Group = words[1], Orchestrator = words[2] },
            "weigh" => new SetMembersChange { Group = words[1], Members = List(2), Weight = words[3] },
            "label" => new SetGatewaysChange { Gateways = List(1), Description = words[2] },
            "move" => new MoveMembersChange { Group = words[1], Members = List(2), Destination = words[3] },
            "remove" => new RemoveMembersChange { Group = words[1], Members = List(2) },
            "end" => new RemoveGroupChange { Group = words[1] },
            "suspend" => new SuspendMembersChange { Group = words[1], Members = List(2) },
            "resume" => new ResumeMembersChange { Group = words[1], Members = List(2) },
            "restart" => new RestartMembersChange { Group = words[1], Members = List(2) },
            "port" => new PortChange { Ports = [new PortSettings { PortId = words[1], Mtu = int.Parse(words[2], CultureInfo.InvariantCulture) }] },
            var other => throw new ArgumentException($"There is no change '{other}'."),
        };
    }
}
