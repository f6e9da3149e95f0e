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
            if (gateway.Running is not { } running || running == gateway.Confirmed) continue;
            Require(gateway.Revert is { } revert && revert.Generation == running && revert.Due <= History.Now + Longest, $"{gateway.Id} runs #{running.Number}, which nothing takes back");
        }
    }
}
