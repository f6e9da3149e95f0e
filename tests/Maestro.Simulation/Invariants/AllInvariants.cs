using Maestro.Simulation.Histories;
using Maestro.Simulation.Invariants.Steering;

namespace Maestro.Simulation.Invariants;

internal static class AllInvariants
{
    public static IReadOnlyList<Invariant> Of(History history) =>
    [
        new CapacityStaysAboveGuard(history), new OneOutAtATime(history), new NobodyIsForgotten(history), new JournalComesFirst(history), new NothingStaysStaged(history), new SuccessIsSeen(history), new SyncIsDecidedFirst(history), new UnconfirmedIsTimed(history), new DoneIsSeen(history),
        new EpochsOnlyGrow(history), new LeasesHold(history), new NothingIsLost(history), new PlannedWorkLosesNothing(history), new OneSmoMaster(history), new ForeignEditsStay(history), new StatesMoveLegally(history), new EverythingSettles(history),
        .. history.Steered is null ? [] : Steered(history),
    ];

    private static Invariant[] Steered(History history) =>
    [
        new TablesOnlyGrow(history), new MovesBringConnections(history), new ProtectedGoOn(history), new OnlyTheLostAreGivenUp(history), new DrainedBeforeOut(history), new QuietIsOrder(history),
    ];
}
