using Maestro.Simulation.Histories;

namespace Maestro.Simulation.Invariants;

/// <summary>No member runs a generation that a restart would not load unless a timer of its own is to take it back.</summary>
internal sealed class UnconfirmedIsTimed(History history) : Invariant(history)
{
    public override string Name => "I4 what is unconfirmed takes itself back";

    public override bool WatchesWorld => true;

    public override void AfterEvent()
    {
        foreach (var gateway in World.Gateways)
        {
            if (gateway.Running is not { } running || running == gateway.Confirmed) continue;
            Require(gateway.Revert?.Generation == running, $"{gateway.Id} runs #{running.Number}, which nothing takes back");
        }
    }
}
