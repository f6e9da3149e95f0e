using System.Globalization;
using Maestro.Engine.Fabrics.Simulation.World;
using Maestro.Engine.Operations.Leases;
using Maestro.Engine.Operations.Plans;

namespace Maestro.Engine.Fabrics.Simulation;

/// <summary>The lease kept with the group's gateways: a majority of those named must grant it, and one that is held elsewhere vetoes it.</summary>
internal sealed class SimulationClaims(SimulationCalls calls) : IGroupClaims
{
    private LabWorld World => calls.World;

    public async Task<ClaimAnswer> ClaimAsync(ClaimRequest request, CancellationToken cancellation)
    {
        await World.DelayAsync(World.Draw("claim", request.Resource, 0, 1), cancellation);
        var (there, silent) = Ask(request);
        if (OtherHolder(there, request) is { } holder) return Answer("claim.take", request, Held(holder, silent));
        if (FindLack(request, there) is { } lack) return Answer("claim.take", request, TooFew(lack, silent));
        var epoch = Math.Max(request.Epoch, there.Max(g => g.Epoch) + 1);
        foreach (var gateway in there)
        {
            gateway.Epoch = epoch;
            gateway.Holder = NewHolder(request, gateway.Holder is { } before && before.OperationId == request.OperationId ? before.Since : World.Now);
        }

        World.Keep();
        return Answer("claim.take", request, new ClaimAnswer { Granted = true, Epoch = epoch, Silent = silent });
    }

    public Task<ClaimAnswer> RenewAsync(ClaimRequest request, CancellationToken cancellation)
    {
        var (there, silent) = Ask(request);
        // Whoever was accepted since has taken the group over, also when he has let go of it again.
        if (OtherHolder(there, request) is { } holder) return Task.FromResult(Answer("claim.renew", request, Held(holder, silent)));
        if (there.FirstOrDefault(g => g.Epoch > request.Epoch) is { } newer)
        {
            var lost = new ClaimAnswer { Granted = false, Epoch = newer.Epoch, Silent = silent, Reason = $"{newer.Id} has accepted epoch {Text(newer.Epoch)} meanwhile" };
            return Task.FromResult(Answer("claim.renew", request, lost));
        }

        if (FindLack(request, there) is { } lack) return Task.FromResult(Answer("claim.renew", request, TooFew(lack, silent)));
        foreach (var gateway in there)
        {
            gateway.Epoch = request.Epoch;
            gateway.Holder = NewHolder(request, gateway.Holder?.OperationId == request.OperationId ? gateway.Holder.Since : World.Now);
        }

        World.Keep();
        return Task.FromResult(Answer("claim.renew", request, new ClaimAnswer { Granted = true, Epoch = request.Epoch, Silent = silent }));
    }

    public Task ReleaseAsync(ClaimRequest request, CancellationToken cancellation)
    {
        var (there, silent) = Ask(request);
        // With a later epoch another process has gone on with the operation, and holds it now.
        foreach (var gateway in there.Where(g => g.Holder?.OperationId == request.OperationId && g.Epoch <= request.Epoch)) gateway.Holder = null;
        World.Keep();
        Answer("claim.release", request, new ClaimAnswer { Granted = true, Epoch = request.Epoch, Silent = silent });
        return Task.CompletedTask;
    }

    private (IReadOnlyList<LabGateway> There, IReadOnlyList<MemberRef> Silent) Ask(ClaimRequest request)
    {
        World.Life.Settle();
        var there = new List<LabGateway>();
        var silent = new List<MemberRef>();
        foreach (var participant in request.Participants)
        {
            if (World.State.FindGateway(participant.Gateway) is { Answers: true } gateway) there.Add(gateway);
            else silent.Add(participant);
        }

        return (there, silent);
    }

    // One process has the world open at a time, so a claim of an earlier opening is a dead process's: nobody need wait for it.
    private LabHolder? OtherHolder(IEnumerable<LabGateway> there, ClaimRequest request) =>
        there.Select(g => g.Holder).FirstOrDefault(h => h is not null && h.Until > World.Now && h.OperationId != request.OperationId && h.Opened == World.State.Opened);

    private LabHolder NewHolder(ClaimRequest request, DateTimeOffset since) => new()
    {
        Owner = request.Owner,
        OperationId = request.OperationId,
        Resource = request.Resource,
        Since = since,
        Until = World.Now + request.TimeToLive,
        Opened = World.State.Opened,
    };

    private ClaimAnswer Answer(string name, ClaimRequest request, ClaimAnswer answer)
    {
        World.Log.Add(new LabCall(World.Now, name, request.Resource, "", request.Epoch, request.OperationId, "", answer.Granted ? $"granted {Text(answer.Epoch)}" : "not granted", answer.Granted));
        return answer;
    }

    private static ClaimAnswer Held(LabHolder holder, IReadOnlyList<MemberRef> silent) => new()
    {
        Granted = false,
        Silent = silent,
        HeldBy = new LeaseHolder { Resource = holder.Resource, Owner = holder.Owner, OperationId = holder.OperationId, Since = holder.Since },
    };

    private static string? FindLack(ClaimRequest request, IReadOnlyList<LabGateway> there) => ClaimMajority.FindLack(request, request.Participants.Where(p => there.Any(g => g.Id == p.Gateway)));

    private static ClaimAnswer TooFew(string lack, IReadOnlyList<MemberRef> silent) => new()
    {
        Granted = false,
        Silent = silent,
        Reason = $"{lack} answered, a majority is needed",
    };

    private static string Text(long value) => value.ToString(CultureInfo.InvariantCulture);
}
