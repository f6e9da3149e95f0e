using Maestro.Simulation.Faults;

namespace Maestro.Simulation.Coverage;

/// <summary>Which faults can befall which kind of operation, with how it was asked for in further words.</summary>
internal static class CoverageRules
{
    // These are about no group with members, so no member and no claim of theirs is part of them.
    private static readonly string[] WithoutMembers = ["SetGateway", "SetOrchestratorPort", "UndoPendingChange"];

    private static readonly string[] ToMembersOnly = ["ResumeGroupMember", "RestartGroupMember", "SuspendGroupMember", "SyncConfiguration", "SyncPolicy"];

    public static bool CanOccur(string row, FaultKind fault) => CanOccurTo(row.Split(' ')[0], fault);

    private static bool CanOccurTo(string kind, FaultKind fault) => fault switch
    {
        // Asked without saying for whom.
        FaultKind.Blind => false,
        // In steered worlds alone, and beside operations rather than in them.
        FaultKind.MemberPowerOff or FaultKind.GroupPowerOff or FaultKind.OrchestratorDown or FaultKind.LinkCut or FaultKind.ProbeBursts or FaultKind.ControllerDies or FaultKind.ControllerStands => false,
        FaultKind.LoseClaim => !WithoutMembers.Contains(kind),
        FaultKind.MemberCrash or FaultKind.MemberHang or FaultKind.MemberNeverReturns or FaultKind.MemberFlaps or FaultKind.MemberBreaks
            or FaultKind.HandSuspends or FaultKind.HandResumes => !WithoutMembers.Contains(kind),
        FaultKind.OrchestratorRestart or FaultKind.ServerError or FaultKind.SessionExpires or FaultKind.TaskFails => !ToMembersOnly.Contains(kind),
        _ => true,
    };
}
