using System.Globalization;
using Maestro.Engine.Clustering.Distribution.Nat;
using Maestro.Engine.Fabrics;
using Maestro.Engine.Model.Errors;
using Maestro.Engine.Model.Groups;
using Maestro.Engine.Operations.Leases;
using Maestro.Engine.Operations.Plans;
using Maestro.Engine.Operations.Steps;
using Maestro.Engine.Store;
using Maestro.Engine.Synchronisation.Policy;
using Names = Maestro.Engine.Operations.Steps.StepArgumentNames;

namespace Maestro.Engine.Synchronisation;

/// <summary>
/// One content on all members or on none. Without a document it heals the members that drifted from the intended version. Record, stage
/// everywhere, commit everywhere with proof and under a timer of each member's own that takes it back, check; then the decision; then every timer is put
/// off, and when all have answered, all confirm. The model: confirmed commit of NETCONF (RFC 6241, section 8.4), over devices that have none.
/// </summary>
public abstract record SyncChange : ChangeRequest
{
    public override string Kind => Carriage.Operation;

    public override string SecurityGroup => Group;

    public required string Group { get; init; }

    /// <summary>The earlier version whose content comes back; null when it is no restore.</summary>
    public int? Restores { get; init; }

    public static readonly TimeSpan DefaultRevertAfter = TimeSpan.FromMinutes(2);

    /// <summary>After this the members take it back by themselves unless it is decided for; whole seconds from 5 s to 1 h.</summary>
    public TimeSpan RevertAfter { get; init; } = DefaultRevertAfter;

    /// <summary>Stops when it lies ready on every member, checked there; a later sync of the same content goes on from there.</summary>
    public bool PrepareOnly { get; init; }

    /// <summary>Comes to rest as Held when every member holds it: resumed within <see cref="RevertAfter"/> it is confirmed, else the members take it back.</summary>
    public bool HoldForConfirmation { get; init; }

    /// <summary>How many members must take it.</summary>
    public SyncMode Mode { get; init; } = SyncMode.RequireAll;

    /// <summary>Questions whose answers must be good, after all members run it and before it is decided.</summary>
    public IReadOnlyList<Fabrics.Probes.Probe> Probes { get; init; } = [];

    /// <summary>Members at once, 1 or more.</summary>
    public int ThrottleLimit { get; init; } = 32;

    public override IReadOnlyDictionary<string, string> Contents =>
        Content is null ? new Dictionary<string, string>() : new Dictionary<string, string> { [Content.Fingerprint] = Content.Content };

    private protected abstract Carriage Carriage { get; }

    /// <summary>Null: heal to the version that the group has.</summary>
    private protected abstract GenerationDocument? Content { get; }

    /// <summary>What the commit is told beside number, fingerprint and timer.</summary>
    private protected virtual StepArguments CommitArguments => StepArguments.None;

    /// <summary>What else the content must be fit for; refuses by throwing.</summary>
    private protected virtual NatFinding Judge(ObservedWorld world, SecurityGroup group) => NatFinding.None;

    public override Plan Plan(ObservedWorld world)
    {
        world.Require(Carriage.Facet);
        if (Probes.Count > 0) world.Require(FabricFacet.Probes);
        if (RevertAfter < TimeSpan.FromSeconds(5) || RevertAfter > TimeSpan.FromHours(1))
        {
            throw new MaestroException(ErrorCatalogue.ParameterInvalid, $"Members can keep an unconfirmed {Carriage.Noun} for 5 s to 1 h; {RevertAfter:c} is outside.", Group);
        }

        var group = world.Group(Group);
        var current = Current(group, world);
        var (number, fingerprint, isNew) = Target(group, world, current);
        var members = world.MembersOf(group.Name).ToList();
        var needed = SyncModes.Needed(Mode, members.Count);
        RequireAnswers(group, members, needed);

        var finding = Judge(world, group);
        var decisions = new List<Decision>(finding.Decisions);
        var changing = new List<GroupMember>();
        foreach (var member in members)
        {
            if (world.Traits.JoinersPullPolicy && member.State is MemberState.Joining or MemberState.Booting or MemberState.Ready)
            {
                decisions.Add(new Decision($"member {member.Member}", $"is {member.State}: it fetches the group's {Carriage.Noun} before it becomes active", Acts: false));
            }
            else if (!isNew && Carriage.HeldBy(member) == (number, fingerprint))
            {
                // One that is held came up alone after a sync that was taken back without it.
                var isHeld = member.State == MemberState.Held;
                if (isHeld) changing.Add(member);
                decisions.Add(new Decision($"member {member.Member}", $"holds #{Text(number)} {Short(fingerprint)} already, proven{(isHeld ? ", and forwards nothing: it is let go" : "")}", Acts: isHeld));
            }
            else
            {
                changing.Add(member);
                decisions.Add(new Decision($"member {member.Member}", $"gets #{Text(number)} {Short(fingerprint)}{Restored} (has {Words(member)})"));
            }
        }

        if (changing.Count > 0 && !PrepareOnly) decisions.AddRange(Probes.Select(p => new Decision("probe " + p, "must be content before it is decided")));
        if (members.Count == 0) decisions.Add(new Decision($"group '{group.Name}'", isNew ? "has no members yet: the version is kept for those that join" : "has no members", Acts: isNew));
        var stages = changing.Count > 0 || (isNew && members.Count == 0) ? Stages(world, group, changing, number, fingerprint, isNew, current, needed) : [];
        stages = SyncModes.Apply(Mode, stages, Carriage.Steps.Agree, needed - (members.Count - changing.Count));
        return new Plan
        {
            Kind = Kind,
            SecurityGroup = group.Name,
            Resources = [Resource.Change(group.Name)],
            Participants = [.. members.Select(MemberRef.Of)],
            Stages = stages,
            Decisions = decisions,
            Warnings = [.. Content?.Warnings ?? [], .. finding.Warnings],
            FailurePolicy = FailurePolicy.Rollback,
            Attributes = Moded(Restoring(StepArguments.Of(
                (Names.Generation, Text(number)),
                (Names.Fingerprint, fingerprint),
                (Names.Parent, current?.Number is { } parent ? Text(parent) : ""),
                (Names.PrepareOnly, PrepareOnly ? "true" : ""),
                (Names.Hold, HoldForConfirmation ? "true" : "")))),
        };
    }

    /// <summary>What the group holds as its own: as the fabric shows it, else as the store remembers it.</summary>
    private (int Number, string Fingerprint)? Current(SecurityGroup group, ObservedWorld world) => IntendedGeneration.Of(Carriage, group, Carriage.GenerationsIn(world));

    private (int Number, string Fingerprint, bool IsNew) Target(SecurityGroup group, ObservedWorld world, (int Number, string Fingerprint)? current)
    {
        if (Content is null)
        {
            return current is { } known
                ? (known.Number, known.Fingerprint, false)
                : throw new MaestroException(Carriage.NotFound, $"'{group.Name}' has no {Carriage.Noun} yet, so there is nothing to heal to.", group.Name);
        }

        if (current is { } same && same.Fingerprint == Content.Fingerprint) return (same.Number, same.Fingerprint, false);
        // What was prepared and not used since is taken up again.
        if (Carriage.GenerationsIn(world).OrderByDescending(g => g.Number).FirstOrDefault() is { State: GenerationState.Staged } prepared && prepared.Fingerprint == Content.Fingerprint)
        {
            return (prepared.Number, prepared.Fingerprint, true);
        }

        var highest = Carriage.GenerationsIn(world).Select(g => g.Number)
            .Concat(world.MembersOf(group.Name).Select(m => Carriage.HeldBy(m).Number ?? 0))
            .Append(current?.Number ?? 0)
            .Max();
        return (highest + 1, Content.Fingerprint, true);
    }

    private void RequireAnswers(SecurityGroup group, IReadOnlyList<GroupMember> members, int needed)
    {
        var silent = members.Where(m => m.State is MemberState.Lost or MemberState.Unknown).ToList();
        if (members.Count - silent.Count >= needed || silent.Count == 0) return;
        throw new MaestroException(
            ErrorCatalogue.MemberUnreachable,
            $"{string.Join(", ", silent.Select(m => m.Member))} of '{group.Name}' do{(silent.Count == 1 ? "es" : "")} not answer: {silent[0].Reason}. {SyncModes.Words(Mode, needed, members.Count)}: nothing was sent.",
            silent[0].Member,
            "Bring the member back, or remove it from the group.");
    }

    private IReadOnlyList<PlanStage> Stages(
        ObservedWorld world, SecurityGroup group, IReadOnlyList<GroupMember> changing, int number, string fingerprint, bool isNew, (int Number, string Fingerprint)? current, int needed)
    {
        var arguments = StepArguments.Of((Names.Generation, Text(number)), (Names.Fingerprint, fingerprint));
        var armed = Patience(arguments.With(Names.RevertAfter, Text((int)RevertAfter.TotalSeconds)));
        var stages = new List<PlanStage>();
        if (isNew) stages.Add(new PlanStage { Name = "record", Steps = [Record(group.Name, arguments, current)] });
        stages.Add(Stage("stage", changing, Carriage.Steps.Stage, arguments, $"lies ready as #{Text(number)} and {Carriage.StageWords}", undo: true));
        if (PrepareOnly) return stages;
        stages.Add(Stage("commit", changing, Carriage.Steps.Commit, CommitArguments.Aggregate(armed, (all, one) => all.With(one.Key, one.Value)), "under its own revert timer " + Carriage.CommitWords, undo: true));
        stages.AddRange(ProbeStages.Of(Probes, group.Name, changing, RevertAfter, ThrottleLimit));
        // From here on all at once: the shorter the burst, the less can come between two members.
        var asked = armed.With(Names.SettleTimeout, Text(HealthGate.Seconds(RevertAfter)));
        var check = Stage("check", changing, Carriage.Steps.Check, asked, "holds it, and its timer leaves time to decide", undo: false) with { HoldBefore = HoldForConfirmation, CountsFor = CheckGenerationStep.Least(RevertAfter), ParallelLimit = Math.Max(1, changing.Count) };
        stages.Add(changing.Count > 0 ? HealthGate.Beside(check, world, group, needed, RevertAfter) : check);
        stages.Add(Stage("extend", changing, Carriage.Steps.Extend, arguments, "its timer is put off: it is decided", undo: false) with { AfterDecision = true, MayRest = false, ParallelLimit = Math.Max(1, changing.Count) });
        stages.Add(Stage("confirm", changing, Carriage.Steps.Confirm, arguments, "becomes what a restart loads", undo: false) with { AfterDecision = true, MayRest = false, ParallelLimit = Math.Max(1, changing.Count) });
        // Also one that joined while the run was at rest, or by another's hand.
        if (world.Traits.JoinersPullPolicy)
        {
            stages.Add(new PlanStage
            {
                Name = "agree",
                AfterDecision = true,
                CountsFor = AgreeGenerationStep.CountsFor,
                MayRest = false,
                Steps =
                [
                    new PlanStep
                    {
                        Id = "agree",
                        Kind = Carriage.Steps.Agree,
                        Subject = "every active member",
                        SecurityGroup = group.Name,
                        Arguments = arguments,
                        Reason = $"who was on its way may have fetched the older {Carriage.Noun} a moment before",
                    },
                ],
            });
        }

        if (isNew)
        {
            stages.Add(new PlanStage
            {
                Name = "close",
                AfterDecision = true,
                MayRest = false,
                Steps =
                [
                    new PlanStep
                    {
                        Id = "version/confirm",
                        Kind = Carriage.Steps.VersionConfirm,
                        Subject = $"version #{Text(number)}",
                        SecurityGroup = group.Name,
                        Arguments = arguments,
                        Reason = $"#{Text(number)} is the group's {Carriage.Noun}",
                    },
                ],
            });
        }

        return [.. stages.Where(s => s.Steps.Count > 0)];
    }

    /// <summary>Where the content came from. A plan that has nothing to say of a commit looks as it always did.</summary>
    private IReadOnlyList<(string Name, string Value)> Origin => Content!.Commit.Length == 0
        ? [(Names.Source, Content.Source)]
        : [(Names.Source, Content.Source), (Names.Commit, Content.Commit), (Names.Dirty, Content.Dirty ? "true" : "false")];

    private string Restored => Restores is { } version ? $" of version {Text(version)}" : "";

    private StepArguments Restoring(StepArguments arguments) => Restores is { } version ? arguments.With(Names.Restores, Text(version)) : arguments;

    private StepArguments Moded(StepArguments arguments) => Mode == SyncMode.RequireAll ? arguments : arguments.With(Names.Mode, Mode.ToString());

    /// <summary>An answer that comes after the members went back is of no use: nobody waits longer for it.</summary>
    private StepArguments Patience(StepArguments arguments)
    {
        var limits = GenerationStep.Patience;
        if (RevertAfter < limits.CallTimeout) arguments = arguments.With(Names.CallTimeout, Text((int)RevertAfter.TotalSeconds));
        return RevertAfter < limits.SettleTimeout ? arguments.With(Names.SettleTimeout, Text((int)RevertAfter.TotalSeconds)) : arguments;
    }

    private PlanStep Record(string group, StepArguments arguments, (int Number, string Fingerprint)? current) => new()
    {
        Id = "version/record",
        Kind = Carriage.Steps.VersionRecord,
        Subject = $"version #{arguments[Names.Generation]}",
        SecurityGroup = group,
        Arguments = Origin.Aggregate(arguments, (all, o) => all.With(o.Name, o.Value)).With(Names.Parent, current is { } parent ? Text(parent.Number) : ""),
        Reason = Restores is { } restored ? $"brings version {Text(restored)} back; keep the content before any member sees it" : "keep the content before any member sees it",
        Inverse = new PlanStep
        {
            Id = "version/record/undo",
            Kind = Carriage.Steps.VersionRevert,
            Subject = $"version #{arguments[Names.Generation]}",
            SecurityGroup = group,
            Arguments = arguments,
            Reason = "the version did not stay",
        },
    };

    private PlanStage Stage(string name, IReadOnlyList<GroupMember> members, string kind, StepArguments arguments, string reason, bool undo) => new()
    {
        Name = name,
        ParallelLimit = ThrottleLimit,
        Steps = [.. members.Select(m => new PlanStep
        {
            Id = $"{name}/{m.Member}",
            Kind = kind,
            Subject = $"member {m.Member}",
            SecurityGroup = m.SecurityGroup,
            Member = m.Member,
            Gateway = m.Gateway,
            Arguments = arguments,
            Reason = reason,
            Inverse = !undo ? null : new PlanStep
            {
                Id = $"{name}/{m.Member}/undo",
                Kind = Carriage.Steps.Revert,
                Subject = $"member {m.Member}",
                SecurityGroup = m.SecurityGroup,
                Member = m.Member,
                Gateway = m.Gateway,
                // It goes back by its own timer at the latest, whoever reaches it.
                Arguments = arguments.With(Names.SettleTimeout, Text((int)RevertAfter.TotalSeconds + 60)),
                Reason = "back to what a restart loads",
            },
        })],
    };

    private string Words(GroupMember member) => Carriage.HeldBy(member) is ({ } version, var fingerprint)
        ? fingerprint.Length > 0 ? $"#{Text(version)} {Short(fingerprint)}" : $"#{Text(version)}, but its {Carriage.Ground} shows something else"
        : "none of ours";

    private static string Short(string fingerprint) => fingerprint.Length > 8 ? fingerprint.Substring(0, 8) : fingerprint;

    private static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);
}
