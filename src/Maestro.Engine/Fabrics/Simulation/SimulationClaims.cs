using Maestro.Engine.Fabrics.Simulation.World;
using Maestro.Engine.Operations.Leases;
using Maestro.Engine.Operations.Plans;

namespace Maestro.Engine.Fabrics.Simulation;

/// <summary>The lease kept with the group's gateways: a majority of those named must grant it.</summary>
internal sealed class SimulationClaims(LabWorld world, TimeProvider time) : IGroupClaims
{
    public async Task<ClaimAnswer> ClaimAsync(ClaimRequest request, CancellationToken cancellation)
    {
        await world.PassTimeAsync("claim", 0, 1, cancellation);
        var (there, silent) = Find(request.Participants);
        var holder = there.Select(g => g.Holder).FirstOrDefault(h => h is not null && Lives(h) && h.OperationId != request.OperationId && h.Owner != request.Owner);
        if (holder is not null) return Held(request, holder, silent);
        if (there.Count * 2 <= request.Participants.Count) return TooFew(there.Count, request, silent);
        var epoch = Math.Max(request.Epoch, there.Max(g => g.Epoch) + 1);
        foreach (var gateway in there)
        {
            gateway.Epoch = epoch;
            gateway.Holder = new LabHolder { Owner = request.Owner, OperationId = request.OperationId, Since = time.GetUtcNow(), Until = time.GetUtcNow() + request.TimeToLive };
        }

        world.Keep();
        return new ClaimAnswer { Granted = true, Epoch = epoch, Silent = silent };
    }

    public Task<ClaimAnswer> RenewAsync(ClaimRequest request, CancellationToken cancellation)
    {
        var (there, silent) = Find(request.Participants);
        var holder = there.Select(g => g.Holder).FirstOrDefault(h => h is not null && Lives(h) && h.OperationId != request.OperationId);
        if (holder is not null) return Task.FromResult(Held(request, holder, silent));
        foreach (var gateway in there.Where(g => g.Holder?.OperationId == request.OperationId)) gateway.Holder!.Until = time.GetUtcNow() + request.TimeToLive;
        world.Keep();
        return Task.FromResult(new ClaimAnswer { Granted = true, Epoch = request.Epoch, Silent = silent });
    }

    public Task ReleaseAsync(ClaimRequest request, CancellationToken cancellation)
    {
        foreach (var gateway in Find(request.Participants).There.Where(g => g.Holder?.OperationId == request.OperationId)) gateway.Holder = null;
        world.Keep();
        return Task.CompletedTask;
    }

    private (List<LabGateway> There, List<MemberRef> Silent) Find(IReadOnlyList<MemberRef> participants)
    {
        var there = new List<LabGateway>();
        var silent = new List<MemberRef>();
        foreach (var participant in participants)
        {
            if (world.Gateway(participant.Gateway) is { Reachable: true } gateway) there.Add(gateway);
            else silent.Add(participant);
        }

        return (there, silent);
    }

    private bool Lives(LabHolder holder) => holder.Until > time.GetUtcNow();

    private static ClaimAnswer Held(ClaimRequest request, LabHolder holder, IReadOnlyList<MemberRef> silent) => new()
    {
        Granted = false,
        Silent = silent,
        HeldBy = new LeaseHolder { Resource = request.Resource, Owner = holder.Owner, OperationId = holder.OperationId, Since = holder.Since },
    };

    private static ClaimAnswer TooFew(int answered, ClaimRequest request, IReadOnlyList<MemberRef> silent) => new()
    {
        Granted = false,
        Silent = silent,
        Reason = $"{answered} of {request.Participants.Count} answered, a majority is needed",
    };
}
