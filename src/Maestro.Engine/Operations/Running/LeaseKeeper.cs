using Maestro.Engine.Fabrics;
using Maestro.Engine.Model.Errors;
using Maestro.Engine.Operations.Leases;
using Maestro.Engine.Store;

namespace Maestro.Engine.Operations.Running;

/// <summary>Keeps a run's lease alive, in the store and with the group, and reads the requests to it once a second.</summary>
internal sealed class LeaseKeeper(IStore store, IFabric fabric, TimeProvider time, LeaseToken token, ClaimRequest? claim, RunControl control)
{
    private static readonly TimeSpan ReadRequestsEvery = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _end = new();
    private Task? _keeping;

    public event Action<Journal.OperationRequest>? RequestSeen;

    public void Start() => _keeping = KeepAsync();

    public async Task StopAsync()
    {
        _end.Cancel();
        if (_keeping is not null) await _keeping;
        _end.Dispose();
    }

    /// <summary>Takes what was asked of the operation; called at every step boundary too.</summary>
    public async Task ReadRequestsAsync()
    {
        foreach (var request in await store.TakeRequestsAsync(token)) RequestSeen?.Invoke(request);
    }

    private async Task KeepAsync()
    {
        var renewed = time.GetTimestamp();
        try
        {
            while (!_end.IsCancellationRequested)
            {
                await time.Delay(ReadRequestsEvery, _end.Token);
                await ReadRequestsAsync();
                if (time.GetElapsedTime(renewed) < LeaseTimes.RenewEvery) continue;
                await store.RenewLeasesAsync(token);
                await RenewClaimAsync();
                renewed = time.GetTimestamp();
            }
        }
        catch (OperationCanceledException)
        {
            // The run is over.
        }
        catch (MaestroException fault)
        {
            control.ReportLoss(fault);
        }
        catch (Exception fault)
        {
            // Whatever keeps us from renewing ends our right to act.
            control.ReportLoss(new MaestroException(ErrorCatalogue.LeaseLost, "The lease could not be renewed: " + fault.Message, innerException: fault));
        }
    }

    private async Task RenewClaimAsync()
    {
        if (claim is null || fabric.Claims is null) return;
        ClaimAnswer answer;
        try
        {
            answer = await fabric.Claims.RenewAsync(claim, _end.Token);
        }
        catch (Exception fault) when (fault is not (OperationCanceledException or MaestroException))
        {
            // Not reached this time: the members' own epoch still fences us, and the next renewal tries again.
            return;
        }

        if (answer.Granted) return;
        if (answer.HeldBy is { } holder)
        {
            throw new MaestroException(ErrorCatalogue.LeaseLost, $"The group was taken over by {holder.Owner} (operation {holder.OperationId}).", claim.Resource);
        }

        // Somebody had the group while we were away, and has let go of it again: what we know of it is of before him.
        if (answer.Epoch > claim.Epoch) throw new MaestroException(ErrorCatalogue.LeaseLost, $"The group was taken over meanwhile: {answer.Reason}.", claim.Resource);
    }
}
