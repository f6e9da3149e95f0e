using Maestro.Engine.Operations.Plans;
using Maestro.Engine.Operations.Steps;

namespace Maestro.Engine.Synchronisation;

/// <summary>How many members must take what is synchronised for it to be decided.</summary>
public enum SyncMode
{
    /// <summary>All or none.</summary>
    RequireAll,

    /// <summary>More than half of the group; who cannot is left behind and named.</summary>
    RequireQuorum,

    /// <summary>At least one; who cannot is left behind and named.</summary>
    BestEffort,
}

/// <summary>What a mode means for a plan. Pure.</summary>
internal static class SyncModes
{
    /// <summary>So many of the group's members must hold it in the end.</summary>
    public static int Needed(SyncMode mode, int members) => mode switch
    {
        SyncMode.RequireAll => members,
        SyncMode.RequireQuorum => (members / 2) + 1,
        _ => Math.Min(1, members),
    };

    /// <summary>The stages with what they may leave behind.</summary>
    /// <param name="mode">The mode.</param>
    /// <param name="stages">As for all or none.</param>
    /// <param name="agree">The kind of the step that sees that every active member holds it.</param>
    /// <param name="needed">So many of those that change must take it; one at least, or nothing would be done.</param>
    public static IReadOnlyList<PlanStage> Apply(SyncMode mode, IReadOnlyList<PlanStage> stages, string agree, int needed)
    {
        if (mode == SyncMode.RequireAll) return stages;
        return [.. stages.Select(Lenient)];

        PlanStage Lenient(PlanStage stage) => stage.Steps.FirstOrDefault()?.Kind switch
        {
            // A bad answer is about what was carried, not about who gave it.
            StepKinds.Probe => stage,
            // It is about those that came later, and keeps nobody waiting either.
            { } kind when kind == agree => stage with { LeastDone = 0 },
            _ => stage.Steps.Any(step => step.Member.Length > 0) ? stage with { LeastDone = Math.Max(1, needed) } : stage,
        };
    }

    public static string Words(SyncMode mode, int needed, int members) => mode switch
    {
        SyncMode.RequireAll => "All members or none",
        SyncMode.RequireQuorum => $"At least {needed.ToString(System.Globalization.CultureInfo.InvariantCulture)} of {members.ToString(System.Globalization.CultureInfo.InvariantCulture)} must take it",
        _ => "At least one must take it",
    };
}
