using Maestro.Engine.Fabrics;
using Maestro.Engine.Fabrics.Simulation;
using Maestro.Engine.Fabrics.Simulation.Time;
using Maestro.Engine.Fabrics.Simulation.World;
using Maestro.Engine.Model.Groups;
using Maestro.Engine.Operations.Leases;
using Maestro.Engine.Operations.Plans;
using Maestro.Engine.Store;

namespace Maestro.Engine.Tests.Fabrics.Simulation;

/// <summary>A lab without the engine above it, driven by hand: a call begins now, and time goes on only as far as it takes.</summary>
internal sealed class DrivenLab : IDisposable
{
    public const string Group = "dmz";

    private readonly OpenLab _lab;
    private int _steps;

    public DrivenLab(LabOptions? options = null) => _lab = OpenLab.Open(options ?? new LabOptions(), ownThread: false);

    public SimulationFabric Fabric => _lab.Fabric;

    public LabWorld World => _lab.Fabric.World;

    public DeterministicScheduler Scheduler => _lab.Scheduler;

    /// <summary>Somebody at the portal.</summary>
    public LabOperator Otto => new(World, "otto");

    /// <summary>Free gateways of a site, in order.</summary>
    public IReadOnlyList<string> Free(int site = 1) => [.. View().Gateways.Where(g => g.Site == site && g.SecurityGroup.Length == 0).Select(g => g.Id)];

    public TopologyView View(bool pending = false) => Run(() => Fabric.Topology.ObserveAsync(pending ? TopologyScope.PendingView : TopologyScope.Deployed, CancellationToken.None));

    public IReadOnlyList<PendingChange> Pending() => Run(() => Fabric.Topology.ObservePendingAsync(CancellationToken.None));

    public GroupMember Member(string member) => View().Members.Single(m => m.SecurityGroup == Group && m.Member == member);

    public MemberRef Ref(string member) => new(Group, member, Member(member).Gateway);

    public GenerationObservation Policy(string member)
    {
        var reference = Ref(member);
        return Run(() => Fabric.Policies!.ObserveAsync(reference, CancellationToken.None));
    }

    public FabricCall Call(long epoch = 1, string operation = "op-1", string? step = null) => new()
    {
        OperationId = operation,
        StepId = step ?? $"step/{++_steps}",
        Epoch = epoch,
        Lease = new LeaseToken { OperationId = operation, Epoch = epoch, Resources = [] },
        Deadline = Scheduler.Clock.GetUtcNow() + TimeSpan.FromSeconds(20),
    };

    public Effect Stage(params TopologyEdit[] edits) => StageUnder(Call(), edits);

    public Effect StageUnder(FabricCall call, params TopologyEdit[] edits) => Run(() => Fabric.Topology.StageAsync(call, edits));

    public Effect Apply(FabricCall? call = null) => Run(() => Fabric.Topology.ApplyAsync(call ?? Call()));

    public Effect Suspend(string member, string reason = "anna@jump1: disk")
    {
        var reference = Ref(member);
        return Run(() => Fabric.Members!.SuspendAsync(Call(), reference, DrainMode.Move, reason));
    }

    public Effect Resume(string member)
    {
        var reference = Ref(member);
        return Run(() => Fabric.Members!.ResumeAsync(Call(), reference));
    }

    public Effect Restart(string member)
    {
        var reference = Ref(member);
        return Run(() => Fabric.Members!.RestartAsync(Call(), reference));
    }

    public Effect StagePolicy(string member, int number) => OnPolicy(member, (policies, reference) => policies.StageAsync(Call(), reference, Generation(number)));

    public Effect CommitPolicy(string member, int number, TimeSpan? revertAfter = null) => OnPolicy(member, (policies, reference) => policies.CommitAsync(Call(), reference, Generation(number), ConnectionTreatment.Keep, revertAfter ?? TimeSpan.FromMinutes(2)));

    public Effect ConfirmPolicy(string member, int number) => OnPolicy(member, (policies, reference) => policies.ConfirmAsync(Call(), reference, Generation(number)));

    public static NumberedContent Generation(int number)
    {
        var content = $"table inet web{number} {{ }}\n";
        return new NumberedContent(number, Fingerprint.Of(content), content);
    }

    /// <summary>A group whose members are active, of the first free gateways of each site named.</summary>
    public void MakeGroup(params int[] sites)
    {
        var edits = new List<TopologyEdit> { new(TopologyEditKind.CreateGroup, Group) };
        foreach (var site in sites.GroupBy(s => s))
        {
            edits.AddRange(Free(site.Key).Take(site.Count()).Select((id, i) => new TopologyEdit(TopologyEditKind.AssignGateway, Group, id, $"{site.Key}_{i + 1}")));
        }

        Assert.Equal(EffectKind.Done, Stage([.. edits]).Kind);
        Assert.Equal(EffectKind.Done, Apply().Kind);
        Pass(TimeSpan.FromMinutes(10));
        Assert.All(View().Members, m => Assert.Equal(MemberState.Active, m.State));
    }

    public void Bring(int policy, params string[] members)
    {
        foreach (var member in members)
        {
            Assert.Equal(EffectKind.Done, StagePolicy(member, policy).Kind);
            Assert.Equal(EffectKind.Done, CommitPolicy(member, policy).Kind);
            Assert.Equal(EffectKind.Done, ConfirmPolicy(member, policy).Kind);
        }
    }

    public void Pass(TimeSpan time) => Scheduler.Advance(time);

    public void Pass(int seconds) => Pass(TimeSpan.FromSeconds(seconds));

    public T Run<T>(Func<Task<T>> call) => Scheduler.Run(call);

    public void Dispose()
    {
        Fabric.DisposeAsync().AsTask().GetAwaiter().GetResult();
        Scheduler.Dispose();
    }

    private Effect OnPolicy(string member, Func<IPolicyCarrier, MemberRef, Task<Effect>> call)
    {
        var reference = Ref(member);
        return Run(() => call(Fabric.Policies!, reference));
    }
}
