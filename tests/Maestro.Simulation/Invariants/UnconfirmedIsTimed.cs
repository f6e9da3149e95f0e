using Maestro.Engine.Fabrics.Simulation.World;
using Maestro.Simulation.Histories;

namespace Maestro.Simulation.Invariants;

/// <summary>No member runs a generation that a restart would not load unless a timer of its own is to take it back, within the hour.</summary>
internal sealed class UnconfirmedIsTimed(History history) : Invariant(history)
{
    private static readonly TimeSpan Longest = TimeSpan.FromHours(1);

    public override string Name => "I4 what is unconfirmed takes itself back";

    public override bool WatchesWorld => true;

    public override void AfterEvent()
    {
        foreach (var gateway in World.Gateways)
        {
            Judge(gateway, gateway.Policy);
            Judge(gateway, gateway.Configuration);
        }
    }

    private void Judge(LabGateway gateway, LabHolding holding)
    {
        if (holding.Running is not { } running || running == holding.Confirmed) return;
        Require(holding.Revert is { } revert && revert.Generation == running && revert.Due <= History.Now + Longest, $"{gateway.Id} runs #{running.Number}, which nothing takes back");
    }
}
