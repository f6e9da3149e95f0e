using Maestro.Engine.Fabrics;

namespace Maestro.Engine.Operations.Running;

/// <summary>
/// Lets many waiting steps share one question to the fabric. Nobody gets an answer to a question that was asked before he came:
/// who comes while one is under way shares the next.
/// </summary>
internal sealed class SharedObservation(IFabric fabric, CancellationToken cancellation)
{
    private readonly object _gate = new();
    private Task<TopologyView>? _current;
    private Task<TopologyView>? _next;

    public Task<TopologyView> ObserveAsync()
    {
        lock (_gate)
        {
            return _next ??= AskAfterAsync(_current);
        }
    }

    private async Task<TopologyView> AskAfterAsync(Task<TopologyView>? before)
    {
        // Never runs on synchronously inside the lock: the field must be set before it is moved on.
        await Task.Yield();
        if (before is not null)
        {
            try
            {
                await before;
            }
            catch (Exception)
            {
                // Whoever waited for it has seen the fault; this is a new question.
            }
        }

        lock (_gate)
        {
            _current = _next;
            _next = null;
        }

        return await fabric.Topology.ObserveAsync(TopologyScope.Deployed, cancellation);
    }
}
