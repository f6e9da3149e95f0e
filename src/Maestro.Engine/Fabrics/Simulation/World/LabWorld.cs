using Maestro.Engine.Hosting;
using Maestro.Engine.Model.Groups;

namespace Maestro.Engine.Fabrics.Simulation.World;

/// <summary>
/// The lab's gateways and orchestrators. Behaves like the sheets of domain facts say: edits are pending until one apply of all of them; a
/// gateway that was assigned joins, boots, fetches the group's policy and becomes active by itself. Entered from the scheduler's thread only.
/// </summary>
internal sealed class LabWorld(LabState state, TimeProvider time, Action<LabState>? save = null)
{
    private readonly SeededRandom _root = new((ulong)(uint)state.Seed);

    public LabState State => state;

    public LabFaults Faults { get; } = new();

    /// <summary>Every call that was meant to change something, in order: for tests that count.</summary>
    public List<string> Writes { get; } = [];

    public DateTimeOffset Now => time.GetUtcNow();

    /// <summary>Brings every gateway to where it is by now.</summary>
    public void Settle()
    {
        var now = Now;
        foreach (var gateway in state.Gateways)
        {
            while (gateway.Transitions.Count > 0 && gateway.Transitions[0].Due <= now)
            {
                var transition = gateway.Transitions[0];
                gateway.Transitions.RemoveAt(0);
                Pass(gateway, transition);
            }
        }
    }

    /// <summary>Keeps the world, where a folder was given for that.</summary>
    public void Keep()
    {
        state.Now = Now;
        save?.Invoke(state);
    }

    /// <summary>A duration between two bounds in seconds, from a stream of its own a draw.</summary>
    public TimeSpan Draw(string what, int fromSeconds, int toSeconds)
    {
        state.Draws++;
        var random = _root.Stream(what + "/" + state.Draws.ToString(System.Globalization.CultureInfo.InvariantCulture));
        return TimeSpan.FromMilliseconds((fromSeconds * 1000) + random.Next(((toSeconds - fromSeconds) * 1000) + 1));
    }

    public Task PassTimeAsync(string what, int fromSeconds, int toSeconds, CancellationToken cancellation) =>
        time.Delay(Draw(what, fromSeconds, toSeconds), cancellation);

    public LabGateway? Gateway(string id) => state.Gateways.FirstOrDefault(g => g.Id == id);

    public LabGroup? Group(string name) => state.Groups.FirstOrDefault(g => g.Name == name);

    /// <summary>Makes all that is pending the deployed topology.</summary>
    public void ApplyPending()
    {
        var before = state.Gateways.ToDictionary(g => g.Id, g => (g.Group, g.Member));
        foreach (var pending in state.Pending) LabTopology.Apply(state, pending.Edit);
        state.Pending.Clear();
        foreach (var gateway in state.Gateways)
        {
            var (group, member) = before[gateway.Id];
            if (gateway.Group == group && gateway.Member == member) continue;
            if (gateway.Group.Length > 0) Join(gateway);
            else Leave(gateway, group, member);
        }

        foreach (var gateway in state.Gateways.Where(g => g.Group.Length > 0 && Group(g.Group) is null && g.State != MemberState.Leaving)) Leave(gateway, gateway.Group, gateway.Member);
    }

    /// <summary>Plans a gateway's way: each state lasts as long as it is given.</summary>
    public void Begin(LabGateway gateway, MemberState now, params (TimeSpan After, LabTransition Transition)[] later)
    {
        gateway.State = now;
        gateway.Since = Now;
        gateway.Transitions.Clear();
        var due = Now;
        foreach (var (after, transition) in later)
        {
            due += after;
            transition.Due = due;
            gateway.Transitions.Add(transition);
        }
    }

    private void Join(LabGateway gateway)
    {
        gateway.SuspendedBy = "";
        gateway.Reason = "";
        gateway.Running = null;
        gateway.Confirmed = null;
        gateway.Staged.Clear();
        Begin(
            gateway,
            MemberState.Joining,
            (Draw("join", 30, 90), new LabTransition { To = MemberState.Booting }),
            (Draw("boot", 180, 360), new LabTransition { To = MemberState.Ready, Boots = true }),
            (Draw("pull", 5, 20), new LabTransition { To = MemberState.Active, PullsPolicy = true }));
    }

    private void Leave(LabGateway gateway, string group, string member)
    {
        // It is shown as leaving its old group until it is gone.
        gateway.Group = group;
        gateway.Member = member;
        Begin(gateway, MemberState.Leaving, (Draw("leave", 10, 30), new LabTransition { To = MemberState.Detached, Leaves = true }));
    }

    private void Pass(LabGateway gateway, LabTransition transition)
    {
        gateway.State = transition.To;
        gateway.Since = transition.Due;
        if (transition.Boots) gateway.Running = gateway.Confirmed;
        if (transition.PullsPolicy && Group(gateway.Group)?.Policy is { } policy)
        {
            gateway.Running = policy;
            gateway.Confirmed = policy;
        }

        if (!transition.Leaves) return;
        gateway.Group = "";
        gateway.Member = "";
        gateway.MemberDescription = "";
        gateway.Weight = null;
        gateway.SuspendedBy = "";
        gateway.Reason = "";
        gateway.Running = null;
        gateway.Confirmed = null;
        gateway.Staged.Clear();
        gateway.Holder = null;
    }
}
