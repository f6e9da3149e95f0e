using Maestro.Engine.Fabrics;
using Maestro.Engine.Model.Errors;
using Maestro.Engine.Model.Groups;
using Maestro.Engine.Operations.Leases;
using Maestro.Engine.Operations.Plans;

namespace Maestro.Fabrics.Contract.Fabric;

/// <summary>
/// What every fabric promises, written against the interfaces. A fabric's tests inherit it and say how one is made; what a fabric does not
/// offer must be missing as the interfaces say, and refuse with the way out.
/// </summary>
public abstract partial class FabricContract : IAsyncLifetime
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    private readonly Dictionary<string, LeaseToken> _leases = new(StringComparer.Ordinal);

    protected FabricUnderTest Under { get; private set; } = null!;

    protected IFabric Fabric => Under.Fabric;

    protected abstract Task<FabricUnderTest> CreateAsync();

    public async Task InitializeAsync() => Under = await CreateAsync();

    public async Task DisposeAsync()
    {
        await Under.Fabric.DisposeAsync();
        Under.Scheduler.Dispose();
        await Under.CloseAsync();
    }

    /// <summary>A group of the contract's tests: its members, and the claim that its calls are made under.</summary>
    protected sealed record ContractGroup(string Name, IReadOnlyList<MemberRef> Members, ClaimRequest Claim)
    {
        public long Epoch => Claim.Epoch;

        public MemberRef First => Members[0];
    }

    protected static LeaseOwner Owner(int process) => new()
    {
        MachineId = "machine-1",
        BootId = "boot-1",
        ProcessId = process,
        ProcessStart = "4711",
        Host = "jump" + process,
        User = "anna",
    };

    protected Task<T> Run<T>(Func<Task<T>> call) => Under.Scheduler.RunAsync(call);

    protected Task<Effect> Do(Func<Task<Effect>> call) => Run(call);

    protected Task<TopologyView> Observe(bool pending = false) => Run(() => Fabric.Topology.ObserveAsync(pending ? TopologyScope.PendingView : TopologyScope.Deployed, CancellationToken.None));

    protected Task<IReadOnlyList<PendingChange>> ObservePending() => Run(() => Fabric.Topology.ObservePendingAsync(CancellationToken.None));

    protected async Task<GroupMember> Member(MemberRef member) => (await Observe()).Members.Single(m => m.SecurityGroup == member.SecurityGroup && m.Member == member.Member);

    protected async Task<FabricCall> Call(string step, long epoch, string operation = "op-1")
    {
        if (!_leases.TryGetValue(operation, out var lease)) _leases[operation] = lease = await Under.LeaseAsync(operation);
        return new FabricCall
        {
            OperationId = operation,
            StepId = step,
            Epoch = epoch,
            Lease = lease,
            Deadline = Under.Scheduler.Time.GetUtcNow() + TimeSpan.FromMinutes(2),
        };
    }

    protected async Task<Effect> Stage(long epoch, string operation, params TopologyEdit[] edits)
    {
        var call = await Call("topology/stage", epoch, operation);
        return await Do(() => Fabric.Topology.StageAsync(call, edits));
    }

    protected async Task<Effect> Apply(long epoch, string operation = "op-1", string step = "topology/apply")
    {
        var call = await Call(step, epoch, operation);
        return await Do(() => Fabric.Topology.ApplyAsync(call));
    }

    /// <summary>Makes a group of the first free gateways and waits until all are active.</summary>
    protected async Task<ContractGroup> MakeGroup(int members = 2, string name = "dmz", int skip = 0)
    {
        var view = await Observe();
        var refs = Under.FreeGateways.Skip(skip).Take(members)
            .Select((id, i) => new MemberRef(name, new MemberId(view.Gateways.Single(g => g.Id == id).Site, i + 1).ToString(), id)).ToList();
        var claim = await Claim(refs, "op-1", process: 1);
        var edits = refs.Select(m => new TopologyEdit(TopologyEditKind.AssignGateway, name, m.Gateway, m.Member)).Prepend(new TopologyEdit(TopologyEditKind.CreateGroup, name));
        await Stage(claim.Epoch, "op-1", [.. edits]);
        await Apply(claim.Epoch, step: "topology/apply/" + name);
        var group = new ContractGroup(name, refs, claim);
        if (!Fabric.Traits.JoinersPullPolicy && Fabric.Members is { } actions)
        {
            foreach (var member in refs)
            {
                var call = await Call("activate/" + member.Member, group.Epoch);
                await Do(() => actions.ActivateAsync(call, member));
            }
        }

        foreach (var member in refs) await Until(member, m => m?.State == MemberState.Active);
        // Nobody renewed the claim while the members joined.
        return group with { Claim = await Claim(refs, "op-1", process: 1) };
    }

    /// <summary>Waits until the member is as wanted; null stands for no such member.</summary>
    protected Task Until(MemberRef member, Func<GroupMember?, bool> wanted) => Run(async () =>
    {
        var time = Under.Scheduler.Time;
        var began = time.GetTimestamp();
        while (true)
        {
            var view = await Fabric.Topology.ObserveAsync(TopologyScope.Deployed, CancellationToken.None);
            var seen = view.Members.FirstOrDefault(m => m.SecurityGroup == member.SecurityGroup && m.Member == member.Member);
            if (wanted(seen)) return true;
            Assert.True(time.GetElapsedTime(began) < Fabric.Traits.DefaultTimeout, $"{member} is {seen?.State.ToString() ?? "gone"}: {seen?.Reason}");
            await time.Delay(LookEvery, CancellationToken.None);
        }
    });

    protected Task Pass(TimeSpan time) => Run(async () =>
    {
        await Under.Scheduler.Time.Delay(time, CancellationToken.None);
        return true;
    });

    /// <summary>A claim that must be granted; where the fabric has none, epoch 1.</summary>
    protected async Task<ClaimRequest> Claim(IReadOnlyList<MemberRef> participants, string operation, int process, long epoch = 1, TimeSpan? timeToLive = null)
    {
        var request = Request(participants, operation, process, epoch, timeToLive);
        if (Fabric.Claims is not { } claims) return request;
        var answer = await Run(() => claims.ClaimAsync(request, CancellationToken.None));
        Assert.True(answer.Granted, answer.Reason);
        return request with { Epoch = answer.Epoch };
    }

    protected static ClaimRequest Request(IReadOnlyList<MemberRef> participants, string operation, int process, long epoch = 1, TimeSpan? timeToLive = null) => new()
    {
        Resource = Resource.Change("dmz"),
        Participants = participants,
        Owner = Owner(process),
        OperationId = operation,
        Epoch = epoch,
        TimeToLive = timeToLive ?? LeaseTimes.TimeToLive,
    };

    protected static void Refused(Effect effect, ErrorCode? code = null)
    {
        Assert.Equal(EffectKind.Refused, effect.Kind);
        Assert.NotEqual("", effect.Reason);
        if (code is not null) Assert.Equal(code, effect.Code);
    }

    protected static void Accepted(Effect effect) => Assert.True(effect.Kind is EffectKind.Done or EffectKind.Already, $"{effect.Kind}: {effect.Reason} {effect.Evidence}");
}
