using Maestro.Engine.Model.Groups;

namespace Maestro.Engine.Fabrics.Simulation.World;

/// <summary>What happens to gateways without anybody asking for it. For tests and, later, for seeded histories.</summary>
internal sealed class LabIncidents(LabWorld world)
{
    /// <summary>Its management no longer answers and it carries no traffic.</summary>
    public void Lose(string gateway) => Happen(gateway, g => g.UnreachableSince ??= world.Now);

    public void Return(string gateway) => Happen(gateway, g => g.UnreachableSince = null);

    /// <summary>It starts anew by itself: the kernel's state is gone, the disk's is not.</summary>
    public void Crash(string gateway) => Happen(gateway, world.Life.Boot);

    /// <summary>A critical device reports a problem: the member is down, and no hand brings it up.</summary>
    public void Break(string gateway, string pnote) => Happen(gateway, g =>
    {
        g.Pnotes.Add(pnote);
        if (g.SuspendedBy.Length == 0 && g.State != MemberState.Booting) world.Life.Stop(g, MemberState.Down);
    });

    /// <summary>The problems are gone: the member comes back by itself, unless a hand took it out.</summary>
    public void Mend(string gateway) => Happen(gateway, g =>
    {
        g.Pnotes.Clear();
        if (g.State == MemberState.Down) world.Life.Resume(g);
    });

    private void Happen(string gateway, Action<LabGateway> what)
    {
        world.Life.Settle();
        what(world.State.FindGateway(gateway) ?? throw new ArgumentException($"There is no gateway {gateway}.", nameof(gateway)));
        world.Keep();
    }
}
