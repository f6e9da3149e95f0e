namespace Maestro.Engine.Fabrics.Simulation.World;

/// <summary>Somebody who works on the same orchestrators and members without Maestro: in the Gaia portal, or in gClish.</summary>
internal sealed class LabOperator(LabWorld world, string user)
{
    public void Stage(params TopologyEdit[] edits)
    {
        world.Life.Settle();
        foreach (var edit in edits)
        {
            var pending = LabTopology.WithPending(world.State);
            if (LabTopology.Judge(world.State, pending, edit) is { } refusal) throw new ArgumentException(refusal.Reason, nameof(edits));
            world.State.Pending.Add(new LabPendingEdit { Edit = LabTopology.Complete(world.State, pending, edit), StagedBy = user, StagedAt = world.Now });
        }

        LabPending.Prune(world.State);
        world.Keep();
    }

    /// <summary>Applies all that is pending, Maestro's too: an orchestrator knows no part.</summary>
    public void Apply()
    {
        world.Life.Settle();
        world.Life.ApplyPending();
        world.Keep();
    }

    public void Discard()
    {
        world.State.Pending.Clear();
        world.Keep();
    }

    public void Suspend(string gateway, string why) => Act(gateway, g => world.Life.Suspend(g, DrainMode.Move, user, $"{user}: {why}"));

    public void Resume(string gateway) => Act(gateway, world.Life.Resume);

    private void Act(string gateway, Action<LabGateway> what)
    {
        world.Life.Settle();
        what(world.State.FindGateway(gateway) ?? throw new ArgumentException($"There is no gateway {gateway}.", nameof(gateway)));
        world.Keep();
    }
}
