using Maestro.Engine.Fabrics;
using Maestro.Engine.Fabrics.Simulation.World;
using Maestro.Engine.Hosting;
using Maestro.Engine.Model.Groups;
using Maestro.Engine.Operations.Leases;
using Maestro.Engine.Operations.Plans;
using Maestro.Simulation.Controllers;
using Maestro.Simulation.Faults;
using Maestro.Simulation.Histories;
using Maestro.Simulation.Scenarios;

namespace Maestro.Simulation.Tests;

public sealed class NetworkTests : IDisposable
{
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(5);

    private readonly History _history;
    private readonly ControllerProcess _process;
    private readonly ControllerFabric _fabric;

    public NetworkTests()
    {
        _history = new History(new Scenario
        {
            Seed = 1,
            Length = TimeSpan.FromHours(1),
            Shape = new WorldShape { Sites = 1, GroupSizes = [4], Spares = 1, Machines = 1, Controllers = 1 },
            Entries = [],
        });
        _process = _history.Controllers[0].Process;
        _fabric = new ControllerFabric(_history.Fabric, _process);
    }

    private List<LabGateway> Gateways => [.. _history.World.State.MembersOf("g1")];

    public void Dispose() => _history.Dispose();

    [Fact]
    public void Requests_that_do_not_arrive_do_nothing_and_the_caller_learns_nothing()
    {
        _history.Network.Split(FaultKind.RequestsDoNotArrive, _process.Name, [Gateways[0].Id], Long);
        Assert.Equal(EffectKind.Unknown, Suspend(0).Kind);
        Assert.Equal(MemberState.Active, Gateways[0].State);
        Assert.Equal(EffectKind.Done, Suspend(1).Kind);
    }

    [Fact]
    public void Answers_that_do_not_arrive_leave_it_done_and_the_caller_learns_nothing()
    {
        _history.Network.Split(FaultKind.AnswersDoNotArrive, _process.Name, [Gateways[0].Id], Long);
        Assert.Equal(EffectKind.Unknown, Suspend(0).Kind);
        Assert.NotEqual(MemberState.Active, Gateways[0].State);
    }

    [Theory]
    [InlineData(nameof(FaultKind.RequestsDoNotArrive))]
    [InlineData(nameof(FaultKind.AnswersDoNotArrive))]
    public void A_question_gets_no_answer_either_way(string way)
    {
        _history.Network.Split(Enum.Parse<FaultKind>(way), _process.Name, [Gateways[0].Id], Long);
        Assert.False(Run(() => _fabric.ObserveAsync(Ref(0), CancellationToken.None)).Answered);
        Assert.True(Run(() => _fabric.ObserveAsync(Ref(1), CancellationToken.None)).Answered);
    }

    [Fact]
    public void Without_a_majority_that_is_heard_no_claim_is_granted_and_who_was_reached_keeps_it()
    {
        _history.Network.Split(FaultKind.AnswersDoNotArrive, _process.Name, [Gateways[0].Id, Gateways[1].Id], Long);
        Assert.False(Claim().Granted);
        Assert.All(Gateways, g => Assert.Equal("claiming", g.Holder?.OperationId));
    }

    [Fact]
    public void A_claim_that_reaches_a_majority_is_granted_and_the_others_know_nothing_of_it()
    {
        _history.Network.Split(FaultKind.RequestsDoNotArrive, _process.Name, [Gateways[0].Id], Long);
        var answer = Claim();
        Assert.True(answer.Granted);
        Assert.Equal([Ref(0)], answer.Silent);
        Assert.Null(Gateways[0].Holder);
    }

    [Fact]
    public void A_partition_ends()
    {
        _history.Network.Split(FaultKind.RequestsDoNotArrive, _process.Name, [Gateways[0].Id], TimeSpan.FromSeconds(30));
        Assert.Equal(EffectKind.Unknown, Suspend(0).Kind);
        Assert.Equal(EffectKind.Done, Suspend(0).Kind);
    }

    [Fact]
    public void A_call_is_overtaken_by_the_next_one()
    {
        _history.Faults.Arm(FaultKind.Reorder, new SeededRandom(0));
        while (_history.World.Log.Calls.Count < 30)
        {
            var (first, second) = (Describe(), Describe());
            var before = _history.World.Log.Calls.Count;
            Run(async () =>
            {
                await Task.WhenAll(first(before), second(before + 1));
                return true;
            });
            if (_history.World.Log.Calls[^1].StepId == $"step{before}") return;
        }

        Assert.Fail("no call was overtaken");

        Func<int, Task<Effect>> Describe() => number => _fabric.SetPortAsync(Call($"step{number}"), new PortSettings { PortId = _history.World.State.Ports[0].Id, Mtu = 1500 + number });
    }

    [Fact]
    public void A_task_that_fails_says_that_it_succeeded_and_did_a_part()
    {
        TopologyEdit[] edits = [.. Gateways.Take(2).Select(g => new TopologyEdit(TopologyEditKind.SetGateway, "", g.Id, Property: "Description", Value: "rack B"))];
        _history.Faults.Arm(FaultKind.TaskFails, new SeededRandom(0));
        for (var n = 0; n < 30; n++)
        {
            Assert.Equal(EffectKind.Done, Run(() => _fabric.StageAsync(Call($"step{n}"), edits)).Kind);
            var staged = _history.World.State.Pending.Count;
            _history.World.State.Pending.Clear();
            if (staged == 1) return;
            Assert.Equal(2, staged);
        }

        Assert.Fail("no task failed");
    }

    [Fact]
    public void Loss_comes_in_bursts()
    {
        var channel = new GilbertElliott(new SeededRandom(3));
        var lost = Enumerable.Range(0, 100_000).Select(_ => channel.LosesNext()).ToList();
        var share = lost.Count(l => l) / 100_000.0;
        var again = lost.Zip(lost.Skip(1)).Count(p => p is (true, true)) / (double)lost.Count(l => l);
        // A sixth of the time it is bad, and loses 0.7 of it then.
        Assert.InRange(share, 0.10, 0.14);
        Assert.True(again > 3 * share, $"{again} of the lost are followed by another, of all are lost {share}");
    }

    private Effect Suspend(int member) => Run(() => _fabric.SuspendAsync(Call("step"), Ref(member), DrainMode.Move, "maestro"));

    private ClaimAnswer Claim() => Run(() => _fabric.ClaimAsync(new ClaimRequest { Resource = "change:g1", Participants = [.. Enumerable.Range(0, 4).Select(Ref)], Owner = _process.Self, OperationId = "claiming", Epoch = 1 }, CancellationToken.None));

    private MemberRef Ref(int member) => new("g1", Gateways[member].Member, Gateways[member].Id);

    private FabricCall Call(string step) => new()
    {
        OperationId = "operation",
        StepId = step,
        Epoch = 1,
        Lease = new LeaseToken { OperationId = "operation", Epoch = 1, Resources = [] },
        Deadline = _history.Now + TimeSpan.FromSeconds(30),
    };

    private T Run<T>(Func<Task<T>> work) => _history.Scheduler.Run(work, TimeSpan.FromHours(1));
}
