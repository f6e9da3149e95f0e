using Maestro.Engine.Clustering.Membership;
using Maestro.Engine.Fabrics;
using Maestro.Engine.Model.Errors;
using Maestro.Engine.Operations.Journal;
using Maestro.Engine.Operations.Steps;
using Names = Maestro.Engine.Operations.Steps.StepArgumentNames;

namespace Maestro.Engine.Operations.Plans;

/// <summary>Takes back an operation that has ended: the inverses of what it did, newest first, as an operation of its own.</summary>
internal sealed record UndoOperationChange(OperationRecord Record, Plan Original, OperationHistory History) : ChangeRequest
{
    public override string Kind => "UndoMaestroOperation";

    public override string SecurityGroup => Record.SecurityGroup;

    public override Plan Plan(ObservedWorld world)
    {
        var did = Original.Stages.Select(stage => (Stage: stage, Steps: stage.Steps.Where(s => History[s.Id] is { IsDone: true, MayHaveActed: true }).ToList())).Where(s => s.Steps.Count > 0).ToList();
        if (History.Decided && !did.Any(s => s.Stage.AfterDecision && s.Steps.Any(step => step.Inverse is not null)))
        {
            throw new MaestroException(
                ErrorCatalogue.StepNotUndoable,
                $"Operation {Record.Id} ({Record.Kind}) went past its point of no return, and its last steps have no inverse: {string.Join(", ", did.Where(s => s.Stage.AfterDecision).SelectMany(s => s.Steps).Select(s => s.Id))}.",
                Record.Id,
                "Make the opposite change: it is an operation like any other.");
        }

        var without = did.SelectMany(s => s.Steps).Where(s => s.Inverse is null).Select(s => s.Id).ToList();
        var stages = did.AsEnumerable().Reverse().SelectMany(s => Inverses(world, s.Stage, s.Steps)).Where(s => s.Steps.Count > 0).ToList();
        var restores = stages.Any(s => s.Steps.Any(step => step.Kind == StepKinds.TopologyApply));
        var along = restores ? MembershipPlan.RequireNoForeignChange(world) : [];
        return new Plan
        {
            Kind = Kind,
            SecurityGroup = Record.SecurityGroup,
            Resources = Original.Resources,
            Participants = [.. Original.Participants.Where(p => world.Deployed.Gateways.Any(g => g.Id == p.Gateway))],
            Stages = stages,
            Decisions = [new Decision($"operation {Record.Id}", $"{Record.Kind} is taken back, newest step first")],
            Warnings = [.. along, .. without.Count == 0 ? [] : new[] { $"Steps without an inverse stay as they are: {string.Join(", ", without)}." }],
            FailurePolicy = FailurePolicy.Pause,
        };
    }

    private IEnumerable<PlanStage> Inverses(ObservedWorld world, PlanStage stage, IReadOnlyList<PlanStep> did)
    {
        // What an operation put back itself on its way needs no undoing.
        var steps = did.Where(step => step.Inverse is not null && (step.ReleasedBy.Length == 0 || !History[step.ReleasedBy].IsDone)).Reverse().Select(step => Inverse(world, step)).OfType<PlanStep>().ToList();
        var restores = steps.Where(s => s.Kind == StepKinds.TopologyRestore).ToList();
        foreach (var restore in restores)
        {
            if (Draining(world, restore) is { } drain) yield return drain with { Name = $"undo {stage.Name}: drain" };
        }

        // In two steps as any change of the topology, so that the first has an inverse of its own: what is staged and cannot be applied does not stay.
        yield return new PlanStage { Name = $"undo {stage.Name}: stage", Steps = [.. restores.Select(Staging)] };
        yield return new PlanStage
        {
            Name = "undo " + stage.Name,
            ParallelLimit = stage.ParallelLimit,
            Steps = [.. steps.Select(s => s.Kind == StepKinds.TopologyRestore ? s with { Kind = StepKinds.TopologyApply, Arguments = CapacityGuard.Waived(world, s.Arguments.With(Names.Operation, MembershipPlan.OwnPending(world))) } : s)],
        };
    }

    /// <summary>Whom it takes out again carries traffic by now, and hands it over as any that leaves. With a group of its own it goes as that does: nobody is left to take it.</summary>
    private static PlanStage? Draining(ObservedWorld world, PlanStep restore)
    {
        var leavers = TopologyEdits.FindLeavers(PlanSerializer.EditsFromJson(restore.Arguments[Names.Edits]), world.Deployed.Members).ToList();
        return RemoveMembersChange.Draining(world, leavers, DrainMode.Move, RemoveMembersChange.Leaves, _ => restore.Id);
    }

    private static PlanStep Staging(PlanStep restore) => MembershipPlan.StageEdits(restore.Id + "/stage", PlanSerializer.EditsFromJson(restore.Arguments[Names.Edits]), releasedBy: restore.Id);

    /// <summary>Null where nothing is left to take back.</summary>
    private PlanStep? Inverse(ObservedWorld world, PlanStep step)
    {
        var inverse = step.Inverse!;
        // To take a member out again is a change like any other, and the group may not be able to spare it any more.
        if (inverse.Kind == StepKinds.MemberSuspend && CapacityGuard.Argument(world, [inverse.Member]) is { Length: > 0 } leaving) return inverse with { Arguments = inverse.Arguments.With(Names.Leaving, leaving) };
        if (inverse.Kind == StepKinds.TopologyRestore)
        {
            // Who left the group took along what was set for him.
            var edits = PlanSerializer.EditsFromJson(inverse.Arguments[Names.Edits]);
            List<Fabrics.TopologyEdit> left = [.. edits.Where(e => !TopologyEdits.IsOfFormer(e, edits, world.Deployed))];
            if (left.Count == 0) return null;
            inverse = inverse with { Arguments = inverse.Arguments.With(Names.Edits, PlanSerializer.EditsToJson(left)) };
        }

        return inverse.Arguments.Get(Names.Operation) == "this" ? inverse with { Arguments = inverse.Arguments.With(Names.Operation, Record.Id) } : inverse;
    }
}
