using Maestro.Engine.Model.Groups;

namespace Maestro.Engine.Fabrics.Simulation.World;

/// <summary>
/// How gateways come and go: pool, joining, booting, fetching policy, active; draining, suspended; leaving (domain sheet, sections 4.4 to
/// 4.6). Moves are planned with their moments and take place when somebody looks, in the order of those moments.
/// </summary>
internal sealed class LabLife(LabWorld world)
{
    private static readonly TimeSpan PullAgainAfter = TimeSpan.FromSeconds(10);

    // No transition or revert timer is due before this moment.
    private DateTimeOffset _quietUntil = DateTimeOffset.MinValue;

    private LabState State => world.State;

    /// <summary>Brings every gateway to where it is by now, and keeps that before anybody is told of it: what was seen once must not be undone by a crash.</summary>
    public void Settle()
    {
        var now = world.Now;
        if (now < _quietUntil) return;
        var moved = false;
        while (true)
        {
            if (NextToPass(now) is not { } next)
            {
                _quietUntil = State.Gateways.Select(DueOf).DefaultIfEmpty(DateTimeOffset.MaxValue).Min();
                if (moved) world.Keep();
                return;
            }

            moved = true;
            if (DueTo(next) is { Revert: { } revert } holding && revert.Due <= now && (next.Transitions.Count == 0 || revert.Due <= next.Transitions[0].Due))
            {
                TakeBack(next, holding, revert);
                continue;
            }

            var transition = next.Transitions[0];
            next.Transitions.RemoveAt(0);
            Pass(next, transition);
        }
    }

    // Asked at every look, so without any detour.
    private LabGateway? NextToPass(DateTimeOffset now)
    {
        LabGateway? next = null;
        foreach (var gateway in State.Gateways)
        {
            var due = DueOf(gateway);
            if (due <= now && (next is null || due < DueOf(next))) next = gateway;
        }

        return next;
    }

    private static DateTimeOffset DueOf(LabGateway gateway)
    {
        var due = gateway.Transitions.Count > 0 ? gateway.Transitions[0].Due : DateTimeOffset.MaxValue;
        return DueTo(gateway).Revert is { } revert && revert.Due < due ? revert.Due : due;
    }

    /// <summary>The holding whose timer runs out first; any where none runs.</summary>
    private static LabHolding DueTo(LabGateway gateway) =>
        gateway.Configuration.Revert is { } configuration && (gateway.Policy.Revert is not { } policy || configuration.Due < policy.Due) ? gateway.Configuration : gateway.Policy;

    /// <summary>Has the gateway take the generation back after that time, unless it is put off or confirmed.</summary>
    public void Arm(LabHolding holding, LabGeneration generation, TimeSpan revertAfter)
    {
        holding.Revert = new LabRevert(generation, world.Now + revertAfter);
        holding.Reverted = null;
        if (holding.Revert.Due < _quietUntil) _quietUntil = holding.Revert.Due;
    }

    // By its own clock, whether anybody reaches it or not.
    private void TakeBack(LabGateway gateway, LabHolding holding, LabRevert revert)
    {
        holding.Revert = null;
        if (holding.Running != revert.Generation || holding.Confirmed == revert.Generation) return;
        Run(gateway, holding, holding.Confirmed);
        holding.Reverted = revert.Generation;
    }

    /// <summary>Has the gateway run that generation, or none; its items follow its configuration.</summary>
    public void Run(LabGateway gateway, LabHolding holding, LabGeneration? generation)
    {
        if (holding == gateway.Configuration) LabItems.Replace(State, gateway, holding.Running, generation);
        holding.Running = generation;
    }

    /// <summary>The active member with the lowest id; null when none is active.</summary>
    public LabGateway? SmoOf(string group) => State.MembersOf(group).FirstOrDefault(g => g.Carries);

    /// <summary>Makes all that is pending the deployed topology, and sets on their way the gateways that it moves.</summary>
    public void ApplyPending()
    {
        var before = State.Gateways.ToDictionary(g => g.Id, g => (g.Group, g.Member));
        foreach (var pending in State.Pending) LabTopology.Apply(State, pending.Edit);
        State.Pending.Clear();
        foreach (var gateway in State.Gateways)
        {
            var (group, member) = before[gateway.Id];
            if (gateway.Group == group && gateway.Member == member) continue;
            if (gateway.Group.Length > 0) Join(gateway);
            else Leave(gateway, group, member);
        }
    }

    /// <summary>Out by hand: hands its flows over first when it has any.</summary>
    public void Suspend(LabGateway gateway, DrainMode drain, string by, string reason)
    {
        gateway.SuspendedBy = by;
        gateway.Reason = reason;
        if (gateway.State != MemberState.Active)
        {
            Begin(gateway, MemberState.Suspended);
            return;
        }

        var time = drain == DrainMode.Wait ? world.Draw("wait", gateway.Id, 30, 120) : world.Draw("drain", gateway.Id, 2, 10);
        Begin(gateway, MemberState.Draining, (time, new LabTransition { To = MemberState.Suspended }));
    }

    /// <summary>Policy first, then traffic.</summary>
    public void Resume(LabGateway gateway)
    {
        gateway.SuspendedBy = "";
        gateway.Reason = "";
        Begin(gateway, MemberState.Ready, Pull(gateway));
    }

    /// <summary>The machine starts anew; what it comes back to depends on what its disk says.</summary>
    public void Boot(LabGateway gateway)
    {
        foreach (var holding in Holdings(gateway))
        {
            Run(gateway, holding, null);
            holding.Revert = null;
        }

        var boot = world.Draw("boot", gateway.Id, 180, 360);
        if (gateway.Group.Length == 0)
        {
            Begin(gateway, MemberState.Booting, (boot, new LabTransition { To = MemberState.Detached, Boots = true, Leaves = gateway.LeavingGroup.Length > 0 }));
        }
        else if (gateway.SuspendedBy.Length > 0)
        {
            Begin(gateway, MemberState.Booting, (boot, new LabTransition { To = MemberState.Suspended, Boots = true }));
        }
        else
        {
            Begin(gateway, MemberState.Booting, (boot, new LabTransition { To = MemberState.Ready, Boots = true }), Pull(gateway));
        }
    }

    /// <summary>Stands still in a state.</summary>
    public void Stop(LabGateway gateway, MemberState state) => Begin(gateway, state);

    private void Join(LabGateway gateway)
    {
        Forget(gateway);
        Begin(
            gateway,
            MemberState.Joining,
            (world.Draw("join", gateway.Id, 30, 90), new LabTransition { To = MemberState.Booting }),
            (world.Draw("boot", gateway.Id, 180, 360), new LabTransition { To = MemberState.Ready, Boots = true }),
            Pull(gateway));
    }

    private void Leave(LabGateway gateway, string group, string member)
    {
        gateway.LeavingGroup = group;
        gateway.LeavingMember = member;
        Begin(gateway, MemberState.Leaving, (world.Draw("leave", gateway.Id, 10, 30), new LabTransition { To = MemberState.Detached, Leaves = true }));
    }

    private (TimeSpan After, LabTransition Transition) Pull(LabGateway gateway) =>
        (world.Draw("pull", gateway.Id, 5, 20), new LabTransition { To = MemberState.Active, PullsPolicy = true });

    private void Begin(LabGateway gateway, MemberState now, params (TimeSpan After, LabTransition Transition)[] later)
    {
        gateway.State = now;
        gateway.Since = world.Now;
        gateway.Transitions.Clear();
        _quietUntil = DateTimeOffset.MinValue;
        var due = world.Now;
        foreach (var (after, transition) in later)
        {
            due += after;
            transition.Due = due;
            gateway.Transitions.Add(transition);
        }
    }

    private void Pass(LabGateway gateway, LabTransition transition)
    {
        if (transition.PullsPolicy && gateway.UnreachableSince is not null)
        {
            // Nobody to fetch it from: it tries again.
            transition.Due += PullAgainAfter;
            gateway.Transitions.Insert(0, transition);
            return;
        }

        gateway.State = transition.To;
        gateway.Since = transition.Due;
        if (gateway is { State: MemberState.Ready, Pnotes.Count: > 0 })
        {
            // What became of its problem while it booted shows only now.
            gateway.State = MemberState.Down;
            gateway.Transitions.Clear();
        }

        if (transition.Boots) foreach (var holding in Holdings(gateway)) Run(gateway, holding, holding.Confirmed);
        if (transition.PullsPolicy) Pull(gateway, SmoBeside(gateway));
        if (!transition.Leaves) return;
        Forget(gateway);
        gateway.Weight = null;
        gateway.MemberDescription = "";
        gateway.Holder = null;
    }

    // From the SMO where there is another; the only one that is up uses its local copy (domain sheet, section 4.4).
    private LabGateway? SmoBeside(LabGateway gateway) => State.MembersOf(gateway.Group).FirstOrDefault(g => g.Carries && g != gateway);

    private void Pull(LabGateway gateway, LabGateway? smo)
    {
        if (smo is not null)
        {
            gateway.Policy.Confirmed = smo.Policy.Confirmed;
            gateway.Configuration.Confirmed = smo.Configuration.Confirmed;
        }

        foreach (var holding in Holdings(gateway)) Run(gateway, holding, holding.Confirmed);
    }

    private static LabHolding[] Holdings(LabGateway gateway) => [gateway.Policy, gateway.Configuration];

    private void Forget(LabGateway gateway)
    {
        gateway.LeavingGroup = "";
        gateway.LeavingMember = "";
        gateway.SuspendedBy = "";
        gateway.Reason = "";
        foreach (var holding in Holdings(gateway))
        {
            Run(gateway, holding, null);
            holding.Forget();
        }

        gateway.Items.Clear();
    }
}
