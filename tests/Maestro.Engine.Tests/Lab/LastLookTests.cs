using Maestro.Engine.Fabrics.Simulation.World;
using Maestro.Engine.Model.Operations;
using Maestro.Engine.Synchronisation.Policy;

namespace Maestro.Engine.Tests.Lab;

/// <summary>A sync is decided by what its members were seen to hold just now, not by what they held a while ago.</summary>
public sealed class LastLookTests
{
    [Fact]
    public async Task Who_was_seen_too_long_ago_is_asked_again_before_the_decision()
    {
        var (lab, gateways) = await StartAsync();
        await using var closing = lab;
        lab.World.Faults.Add("check", gateways[1], LabFaultKind.LoseRequest);

        var sync = await lab.RunAsync(Sync(TimeSpan.FromMinutes(5)));

        Assert.Equal(OperationState.Succeeded, sync.Operation!.State);
        Assert.Equal([2, 2, 2], gateways.Select(g => lab.World.Log.Calls.Count(c => c.Name == "check" && c.Subject == g && c.OperationId == sync.Operation.Id)));
    }

    [Fact]
    public async Task A_sync_whose_members_went_back_while_one_was_asked_is_not_decided()
    {
        var (lab, gateways) = await StartAsync();
        await using var closing = lab;
        lab.World.Faults.Add("check", gateways[1], LabFaultKind.LoseRequest);

        // The question that is lost takes a quarter of a minute, and more than a sync of that patience has for it.
        var sync = await lab.RunAsync(Sync(TimeSpan.FromSeconds(50)));

        Assert.Equal(OperationState.RolledBack, sync.Operation!.State);
        Assert.DoesNotContain(lab.World.Log.Calls, c => c.Name is "extend" or "confirm" && c.OperationId == sync.Operation.Id);
        Assert.All(await lab.MembersAsync("dmz"), m => Assert.Equal(1, m.PolicyVersion));
    }

    private static async Task<(LabSession Lab, IReadOnlyList<string> Gateways)> StartAsync()
    {
        var lab = LabSession.Open();
        var gateways = await lab.MakeGroupAsync("dmz", 3);
        Assert.Null((await lab.SyncAsync("dmz", "table inet web { }")).Failure);
        return (lab, gateways);
    }

    private static SyncPolicyChange Sync(TimeSpan revertAfter) => new() { Group = "dmz", Document = LabSession.Policy("table inet web { chain forward { } }"), RevertAfter = revertAfter };
}
