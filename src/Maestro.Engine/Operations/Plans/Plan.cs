namespace Maestro.Engine.Operations.Plans;

/// <summary>What becomes of a run when a step fails, or when its owner dies.</summary>
public enum FailurePolicy
{
    /// <summary>Come to rest where it stands; a later run goes on. What is out of service by the run's hand is put back first.</summary>
    Pause,

    /// <summary>Before the decision: run the inverses, newest first. After it: go on to the end.</summary>
    Rollback,

    /// <summary>End; what is out of service by the run's hand is put back, the rest stays.</summary>
    Stop,
}

/// <summary>Why the plan does something, or does not. <see cref="Reason"/> is in the user's words and is what -WhatIf, journal and verbose text print.</summary>
public sealed record Decision(string Subject, string Reason, bool Acts = true)
{
    public override string ToString() => $"{Subject}: {Reason}";
}

/// <summary>A member of a group and the gateway that is it.</summary>
public sealed record MemberRef(string SecurityGroup, string Member, string Gateway)
{
    internal static MemberRef Of(Model.Groups.GroupMember member) => new(member.SecurityGroup, member.Member, member.Gateway);

    public override string ToString() => Member;
}

/// <summary>A step is data: what kind of effect, on whom, with which arguments, and how it is undone.</summary>
public sealed record PlanStep
{
    /// <summary>Unique in the plan and the same in every planning of the same thing: <c>commit/1_2</c>.</summary>
    public required string Id { get; init; }

    /// <summary>A stable name such as <c>policy.commit</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>The version of that kind's meaning; a newer one than known is refused.</summary>
    public int KindVersion { get; init; } = 1;

    /// <summary>Whom it works on, in words: <c>member 1_2</c>.</summary>
    public required string Subject { get; init; }

    public string SecurityGroup { get; init; } = "";

    public string Member { get; init; } = "";

    public string Gateway { get; init; } = "";

    public StepArguments Arguments { get; init; } = StepArguments.None;

    /// <summary>The step that takes this one back; null when there is none.</summary>
    public PlanStep? Inverse { get; init; }

    /// <summary>
    /// True when the step leaves what must not stay, a member out of service or edits that are staged: its inverse is run whenever the
    /// operation ends before <see cref="ReleasedBy"/> is done.
    /// </summary>
    public bool TakesOutOfService { get; init; }

    /// <summary>True when <see cref="Inverse"/> no longer applies once the step of this id is done.</summary>
    public string ReleasedBy { get; init; } = "";

    public string Reason { get; init; } = "";
}

/// <summary>Steps that may run side by side, up to <see cref="ParallelLimit"/>. A stage begins when the one before has wholly succeeded.</summary>
public sealed record PlanStage
{
    public required string Name { get; init; }

    public int ParallelLimit { get; init; } = 32;

    public required IReadOnlyList<PlanStep> Steps { get; init; }

    /// <summary>True from the point of no return on: before the first such stage one durable entry records the decision, and from then on the run only goes forward.</summary>
    public bool AfterDecision { get; init; }

    /// <summary>On how many members its steps must be done for the run to go on, beside those steps that are about no member; the others are left behind. 0: none need be. Null: all of them.</summary>
    public int? LeastDone { get; init; }

    /// <summary>So long what its steps saw counts. Before the decision who was asked earlier is asked again right before it; after it a run that is taken up again asks again. Null: it does not grow old.</summary>
    public TimeSpan? CountsFor { get; init; }

    /// <summary>True where the run comes to rest as Held, and goes on when it is resumed: a human has the last word.</summary>
    public bool HoldBefore { get; init; }

    /// <summary>False for a stage that is finished even when the run is asked to come to rest: short, and half of it would be worse than all.</summary>
    public bool MayRest { get; init; } = true;
}

/// <summary>What an operation will do, decided completely before anything is sent.</summary>
public sealed record Plan
{
    public const int CurrentSchemaVersion = 1;

    public int SchemaVersion { get; init; } = CurrentSchemaVersion;

    /// <summary>The operation's kind, such as <c>AddGroupMember</c>.</summary>
    public required string Kind { get; init; }

    public string SecurityGroup { get; init; } = "";

    /// <summary>Names of the leases it needs; see <see cref="Leases.Resource"/>.</summary>
    public IReadOnlyList<string> Resources { get; init; } = [];

    /// <summary>Who keeps the group's claim: its members and those that join.</summary>
    public IReadOnlyList<MemberRef> Participants { get; init; } = [];

    /// <summary>Those of the participants that were no members of their group when it was planned; null for none.</summary>
    public IReadOnlyList<MemberRef>? Joiners { get; init; }

    public IReadOnlyList<PlanStage> Stages { get; init; } = [];

    public IReadOnlyList<Decision> Decisions { get; init; } = [];

    public IReadOnlyList<string> Warnings { get; init; } = [];

    public FailurePolicy FailurePolicy { get; init; } = FailurePolicy.Pause;

    /// <summary>What the report needs and no step carries, such as the version and the fingerprint.</summary>
    public StepArguments Attributes { get; init; } = StepArguments.None;

    /// <summary>An empty plan takes no lease and writes nothing.</summary>
    public bool IsEmpty => Stages.All(s => s.Steps.Count == 0);

    public IEnumerable<PlanStep> AllSteps => Stages.SelectMany(s => s.Steps);
}
