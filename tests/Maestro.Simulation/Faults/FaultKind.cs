namespace Maestro.Simulation.Faults;

/// <summary>All that goes wrong. The names stand in kept scenarios: add, never rename.</summary>
internal enum FaultKind
{
    /// <summary>The controller's process dies before, or after, a call to its store took effect.</summary>
    KillBeforeStore,
    KillAfterStore,

    /// <summary>It dies before, or after, a call to the fabric was sent; what was sent arrives all the same.</summary>
    KillBeforeCall,
    KillAfterCall,

    /// <summary>The process stands still at a call for longer than its lease lives, and goes on as if nothing had been.</summary>
    PauseAtStore,
    PauseAtCall,

    LoseRequest,
    LoseAnswer,
    Duplicate,
    Delay,

    /// <summary>The device refuses: for good (500), or this once (busy, 401).</summary>
    Refuse,
    RefuseOnce,

    /// <summary>It acknowledges and does nothing.</summary>
    Lie,

    /// <summary>The connection breaks with an exception: before the request was sent, or after.</summary>
    BreakBefore,
    BreakAfter,

    /// <summary>A claim, its renewal or its release does not get through.</summary>
    LoseClaim,

    /// <summary>A question about the world gets no answer.</summary>
    Blind,

    MemberCrash,
    MemberHang,
    MemberNeverReturns,
    MemberFlaps,
    MemberBreaks,

    OrchestratorRestart,

    /// <summary>Every write of one machine's store fails for a while.</summary>
    DiskFull,

    /// <summary>A write took effect, but the caller is told that it failed.</summary>
    StoreAnswerLost,

    /// <summary>A machine loses its power with all controllers on it.</summary>
    MachineCrash,

    ClockJump,

    /// <summary>Somebody else at the portal or on the members' command line.</summary>
    HandStages,
    HandApplies,
    HandDiscards,
    HandSuspends,
    HandResumes,

    /// <summary>One-way partition of one controller from some members, or from the orchestrators.</summary>
    RequestsDoNotArrive,
    AnswersDoNotArrive,

    /// <summary>All that goes to and fro between one controller and everybody is lost in bursts.</summary>
    BurstyLoss,

    /// <summary>A call arrives only after the next one of the same controller.</summary>
    Reorder,

    /// <summary>The orchestrator answers 500, and may have done it all the same.</summary>
    ServerError,

    /// <summary>The orchestrator answers 401 in the middle of a run, until there is a new session.</summary>
    SessionExpires,

    /// <summary>The orchestrator's task says that it succeeded, and failed: of several edits the first are there, of anything else nothing.</summary>
    TaskFails,

    /// <summary>A member of a steered group loses its power, with all connections that it knew; several at once.</summary>
    MemberPowerOff,
    GroupPowerOff,

    /// <summary>One of the orchestrators that steer is down for a while, and comes back with the table that it had.</summary>
    OrchestratorDown,

    /// <summary>Nothing of an observer's link with a member, or of an orchestrator's with a controller, gets through.</summary>
    LinkCut,

    /// <summary>Probes of an observer are lost in bursts.</summary>
    ProbeBursts,

    /// <summary>A controller dies, or stands still, whatever it does.</summary>
    ControllerDies,
    ControllerStands,
}
