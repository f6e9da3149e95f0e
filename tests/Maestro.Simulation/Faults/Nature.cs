using Maestro.Engine.Fabrics;
using Maestro.Engine.Fabrics.Simulation.World;
using Maestro.Engine.Hosting;
using Maestro.Engine.Model.Groups;
using Maestro.Engine.Operations;
using Maestro.Simulation.Histories;
using Maestro.Simulation.Scenarios;

namespace Maestro.Simulation.Faults;

/// <summary>Makes happen what nobody asked for.</summary>
internal sealed class Nature(History history)
{
    private readonly LabOperator _otto = new(history.World, "otto");

    private LabState World => history.World.State;

    public void Begin(ScenarioEntry entry)
    {
        var kind = Enum.Parse<FaultKind>(entry.What);
        var random = new SeededRandom((ulong)(uint)entry.Salt).Stream(entry.What);
        switch (kind)
        {
            case FaultKind.MemberCrash:
                OnGateway(kind, random, g => history.World.Incidents.Crash(g.Id));
                break;

            case FaultKind.MemberHang:
                OnGateway(kind, random, g => Away(g, TimeSpan.FromSeconds(5 + random.Next(600))));
                break;

            case FaultKind.MemberNeverReturns:
                OnGateway(kind, random, g => history.World.Incidents.Lose(g.Id));
                break;

            case FaultKind.MemberFlaps:
                OnGateway(kind, random, g =>
                {
                    Away(g, TimeSpan.FromSeconds(2 + random.Next(10)));
                    for (var i = 1; i <= 3; i++) After(TimeSpan.FromSeconds(15 * i), () => Away(g, TimeSpan.FromSeconds(2 + random.Next(10))));
                });
                break;

            case FaultKind.MemberBreaks:
                OnGateway(kind, random, g =>
                {
                    history.World.Incidents.Break(g.Id, "AMW");
                    After(TimeSpan.FromSeconds(20 + random.Next(600)), () => history.World.Incidents.Mend(g.Id));
                });
                break;

            case FaultKind.OrchestratorRestart:
                var restart = TimeSpan.FromSeconds(10 + random.Next(120));
                Say(kind, $"for {restart.TotalSeconds} s");
                history.RestartOrchestrators(restart);
                break;

            case FaultKind.DiskFull:
                var machine = history.Machines[random.Next(history.Machines.Count)];
                var full = TimeSpan.FromSeconds(2 + random.Next(60));
                Say(kind, $"{machine.Self.Host} for {full.TotalSeconds} s");
                machine.FullUntil = history.Now + full;
                break;

            case FaultKind.MachineCrash:
                var crashing = history.Machines[random.Next(history.Machines.Count)];
                Say(kind, crashing.Self.Host);
                history.Befell(kind, o => o.Machine == crashing);
                // On a disk the moment that counts is in the middle of a write.
                if (crashing.HasDisk) crashing.FailPowerAfter(1 + random.Next(60));
                else history.LosePower(crashing, TimeSpan.FromSeconds(20 + random.Next(120)));
                break;

            case FaultKind.ClockJump:
                var jumping = history.Controllers[random.Next(history.Controllers.Count)];
                jumping.Process.Clock.Offset = TimeSpan.FromMinutes(random.Next(240) - 120);
                Say(kind, $"{jumping.Name} by {jumping.Process.Clock.Offset}");
                history.Befell(kind, o => o.Process == jumping.Process);
                break;

            case FaultKind.HandStages:
                HandStages(kind, random);
                break;

            case FaultKind.HandApplies:
                if (World.Pending.Count == 0) return;
                Say(kind, $"all {World.Pending.Count} pending edits");
                history.Befell(kind, _ => true);
                _otto.Apply();
                break;

            case FaultKind.HandDiscards:
                if (World.Pending.Count == 0) return;
                Say(kind, $"all {World.Pending.Count} pending edits");
                history.Befell(kind, _ => true);
                _otto.Discard();
                break;

            case FaultKind.HandSuspends:
                OnGateway(kind, random, g => _otto.Suspend(g.Id, "disk"), g => g.State == MemberState.Active);
                break;

            case FaultKind.HandResumes:
                OnGateway(kind, random, g => _otto.Resume(g.Id), g => g.State is MemberState.Suspended or MemberState.Draining && g.Pnotes.Count == 0);
                break;

            case FaultKind.RequestsDoNotArrive or FaultKind.AnswersDoNotArrive:
                Split(kind, random);
                break;

            case FaultKind.BurstyLoss:
                var lossy = AnyController(random);
                var burst = TimeSpan.FromSeconds(20 + random.Next(280));
                Say(kind, $"{lossy} for {burst.TotalSeconds} s");
                history.Network.BeginBurst(lossy, random.Stream("messages"), burst);
                history.Steered?.Disturb(burst);
                break;

            case FaultKind.MemberPowerOff:
                OnGateway(kind, random, g => PowerOff(g, random), g => !history.Steered!.Host(g.Id).IsOff);
                break;

            case FaultKind.GroupPowerOff:
                var group = World.Groups[random.Next(World.Groups.Count)];
                var some = World.MembersOf(group.Name).Where(_ => random.Next(2) == 0).ToList();
                Say(kind, string.Join(",", some.Select(g => g.Member)) + " of " + group.Name);
                foreach (var gateway in some) PowerOff(gateway, random);
                break;

            case FaultKind.OrchestratorDown:
                var orchestrator = history.Steered!.Orchestrators[random.Next(history.Steered.Orchestrators.Count)];
                var down = TimeSpan.FromSeconds(5 + random.Next(240));
                Say(kind, $"{orchestrator.Id} for {down.TotalSeconds} s");
                orchestrator.IsUp = false;
                After(down, () => orchestrator.IsUp = true, matters: () => !orchestrator.IsUp);
                break;

            case FaultKind.LinkCut:
                var watching = AnyController(random);
                var observers = history.Steered!.Orchestrators.Select(o => o.Id).Append(watching).ToList();
                var from = observers[random.Next(observers.Count)];
                var to = from != watching && random.Next(4) == 0 ? watching : World.Gateways[random.Next(World.Gateways.Count)].Id;
                var cut = TimeSpan.FromSeconds(1 + random.Next(120));
                Say(kind, $"{from} and {to} for {cut.TotalSeconds} s");
                history.Probes.Cut(from, to, cut);
                history.Steered.Disturb(cut);
                break;

            case FaultKind.ProbeBursts:
                var places = history.Steered!.Orchestrators.Select(o => o.Id).Append(AnyController(random)).ToList();
                var place = places[random.Next(places.Count)];
                var bursts = TimeSpan.FromSeconds(10 + random.Next(120));
                Say(kind, $"{place} for {bursts.TotalSeconds} s");
                history.Probes.Burst(place, random.Stream("probes"), bursts);
                history.Steered.Disturb(bursts);
                break;

            case FaultKind.ControllerDies:
                var dying = history.Controllers[random.Next(history.Controllers.Count)];
                Say(kind, dying.Name);
                dying.Kill("killed", TimeSpan.FromSeconds(1 + random.Next(120)));
                break;

            case FaultKind.ControllerStands:
                var standing = history.Controllers[random.Next(history.Controllers.Count)];
                var still = TimeSpan.FromSeconds(1 + random.Next(random.Next(3) == 0 ? 120 : 20));
                Say(kind, $"{standing.Name} for {still.TotalSeconds} s");
                standing.Process.Pause(still);
                break;

            default:
                history.Faults.Arm(kind, random);
                break;
        }
    }

    private void PowerOff(LabGateway gateway, SeededRandom random)
    {
        var host = history.Steered!.Host(gateway.Id);
        history.Steered.PowerOff(host);
        After(TimeSpan.FromSeconds(20 + random.Next(random.Next(3) == 0 ? 900 : 180)), () => history.Steered.PowerOn(host), matters: () => host.IsOff);
    }

    /// <summary>What is gone comes back, what is broken is mended, what a hand began it ends.</summary>
    public void Calm()
    {
        history.Steered?.Calm();
        foreach (var gateway in World.Gateways)
        {
            if (gateway.UnreachableSince is not null) history.World.Incidents.Return(gateway.Id);
            if (gateway.Pnotes.Count > 0) history.World.Incidents.Mend(gateway.Id);
            if (gateway.SuspendedBy == "otto") _otto.Resume(gateway.Id);
        }

        CalmPending();
        foreach (var machine in history.Machines) machine.FullUntil = default;
    }

    /// <summary>What was only staged, by whomever, is thrown away by the person whom that stands in the way of; what belongs to an operation that is not over stays.</summary>
    public void CalmPending()
    {
        history.LastIncident = history.Now;
        World.Pending.RemoveAll(p => history.Witness.Find(p.OperationId) is not { } operation || OperationStateMachine.IsEnd(operation.State));
        LabPending.Prune(World);
        history.World.Keep();
    }

    private string AnyController(SeededRandom random) => history.Controllers[random.Next(history.Controllers.Count)].Name;

    /// <summary>From one member, from half of a group, or from the orchestrators.</summary>
    private void Split(FaultKind kind, SeededRandom random)
    {
        var controller = AnyController(random);
        var time = TimeSpan.FromSeconds(10 + random.Next(170));
        var gateways = new List<string>();
        switch (random.Next(4))
        {
            case 0:
                gateways.Add(Network.Orchestrators);
                break;
            case 1 when World.Groups.Count > 0:
                var group = World.Groups[random.Next(World.Groups.Count)];
                foreach (var member in World.MembersOf(group.Name))
                {
                    if (random.Next(2) == 0) gateways.Add(member.Id);
                }

                break;
            default:
                if (World.Gateways.Where(g => g.Group.Length > 0).ToList() is { Count: > 0 } members) gateways.Add(members[random.Next(members.Count)].Id);
                break;
        }

        if (gateways.Count == 0) return;
        if (gateways[0] == Network.Orchestrators && random.Stream("moment").Next(2) == 0)
        {
            Say(kind, $"{controller} and the orchestrators for {time.TotalSeconds} s, when it next changes something there");
            history.Network.SplitAtNextChange(kind, controller, time);
            return;
        }

        Say(kind, $"{controller} and {string.Join(",", gateways.Select(g => g == Network.Orchestrators ? "the orchestrators" : g))} for {time.TotalSeconds} s");
        history.Network.Split(kind, controller, gateways, time);
        history.Steered?.Disturb(time);
    }

    private void HandStages(FaultKind kind, SeededRandom random)
    {
        var groups = World.Groups;
        if (groups.Count == 0) return;
        var group = groups[random.Next(groups.Count)];
        TopologyEdit edit;
        switch (random.Next(3))
        {
            case 0:
                edit = new TopologyEdit(TopologyEditKind.SetGroup, group.Name, Property: "Description", Value: "otto was here " + random.Next(1000));
                break;
            case 1 when World.Gateways.FirstOrDefault(g => g.Group.Length == 0 && g.LeavingGroup.Length == 0) is { } free:
                edit = new TopologyEdit(TopologyEditKind.AssignGateway, group.Name, free.Id);
                break;
            default:
                var gateway = World.Gateways[random.Next(World.Gateways.Count)];
                edit = new TopologyEdit(TopologyEditKind.SetGateway, "", gateway.Id, Property: "Description", Value: "otto was here " + random.Next(1000));
                break;
        }

        try
        {
            _otto.Stage(edit);
        }
        catch (ArgumentException)
        {
            // The portal refuses it: the group is to be removed, the gateway is pending elsewhere.
            return;
        }

        Say(kind, $"{edit.Kind} {edit.SecurityGroup} {edit.Gateway}");
        history.Befell(kind, _ => true);
        After(TimeSpan.FromSeconds(10 + random.Next(300)), () =>
        {
            if (World.Pending.All(p => p.StagedBy != "otto")) return;
            history.Trace.Add("otto is done with his pending edits");
            if (random.Next(2) == 0) _otto.Apply();
            else World.Pending.RemoveAll(p => p.StagedBy == "otto");
            history.World.Keep();
        });
    }

    private void Away(LabGateway gateway, TimeSpan time)
    {
        if (gateway.UnreachableSince is not null) return;
        history.World.Incidents.Lose(gateway.Id);
        After(time, () =>
        {
            // Who has lost its power meanwhile comes back with that.
            if (history.Steered?.Host(gateway.Id).IsOff != true) history.World.Incidents.Return(gateway.Id);
        });
    }

    private void OnGateway(FaultKind kind, SeededRandom random, Action<LabGateway> what, Func<LabGateway, bool>? where = null)
    {
        history.World.Life.Settle();
        // Members are hit more often than the pool.
        var members = World.Gateways.Where(g => g.Group.Length > 0 && (where is null || where(g))).ToList();
        if (members.Count == 0) return;
        var gateway = members[random.Next(members.Count)];
        Say(kind, $"{gateway.Id} {gateway.Group} {gateway.Member}");
        history.Befell(kind, o => o.Plan.Participants.Any(p => p.Gateway == gateway.Id));
        what(gateway);
    }

    private void Say(FaultKind kind, string what)
    {
        history.Steered?.Disturb();
        history.LastIncident = history.Now;
        history.Trace.Add($"fault {kind}: {what}");
    }

    /// <summary>What is over by then, for the faults were stopped before, disturbs nobody.</summary>
    private void After(TimeSpan time, Action what, Func<bool>? matters = null) => history.Scheduler.Clock.CreateTimer(
        _ =>
        {
            if (matters?.Invoke() == false) return;
            history.LastIncident = history.Now;
            history.Steered?.Disturb();
            what();
        },
        null,
        time,
        Timeout.InfiniteTimeSpan);
}
