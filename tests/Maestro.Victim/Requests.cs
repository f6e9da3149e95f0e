using Maestro.Engine.Clustering.Membership;
using Maestro.Engine.Hosting;
using Maestro.Engine.Operations.Plans;
using Maestro.Engine.Synchronisation.Policy;

namespace Maestro.Victim;

/// <summary>Changes from words: <c>sync dmz ./web.nft</c>, <c>add dmz fw-a1,fw-a2</c>. Also used by the tests that kill.</summary>
public static class Requests
{
    public static ChangeRequest Parse(IReadOnlyList<string> words, EngineHost host)
    {
        IReadOnlyList<string> List(int at) => words[at].Split(',');
        return words[0] switch
        {
            "new" => new NewGroupChange { Name = words[1], Gateways = List(2) },
            "add" => new AddMembersChange { Group = words[1], Gateways = List(2) },
            "stage" => new AddMembersChange { Group = words[1], Gateways = List(2), StageOnly = true },
            "publish" => new PublishPendingChange(),
            "discard" => new UndoPendingChange(),
            "sync" => new SyncPolicyChange { Group = words[1], Document = host.LoadPolicy(words[2]) },
            "describe" => new SetGroupChange { Group = words[1], Description = words[2] },
            "weigh" => new SetMembersChange { Group = words[1], Members = List(2), Weight = words[3] },
            "label" => new SetGatewaysChange { Gateways = List(1), Description = words[2] },
            "move" => new MoveMembersChange { Group = words[1], Members = List(2), Destination = words[3] },
            "remove" => new RemoveMembersChange { Group = words[1], Members = List(2) },
            "end" => new RemoveGroupChange { Group = words[1] },
            "suspend" => new SuspendMembersChange { Group = words[1], Members = List(2) },
            "resume" => new ResumeMembersChange { Group = words[1], Members = List(2) },
            "restart" => new RestartMembersChange { Group = words[1], Members = List(2) },
            var other => throw new ArgumentException($"There is no change '{other}'."),
        };
    }
}
