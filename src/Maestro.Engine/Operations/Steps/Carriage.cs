using Maestro.Engine.Fabrics;
using Maestro.Engine.Model.Errors;
using Maestro.Engine.Model.Groups;
using Maestro.Engine.Operations.Plans;
using Maestro.Engine.Store;

namespace Maestro.Engine.Operations.Steps;

/// <summary>The kinds of step of one carriage.</summary>
internal sealed record CarriageSteps
{
    public required string Stage { get; init; }

    public required string Commit { get; init; }

    public required string Check { get; init; }

    public required string Extend { get; init; }

    public required string Confirm { get; init; }

    public required string Revert { get; init; }

    public required string Agree { get; init; }

    public required string VersionRecord { get; init; }

    public required string VersionConfirm { get; init; }

    public required string VersionRevert { get; init; }
}

/// <summary>What a synchronisation brings to members. The protocol is one for all; here stands what differs.</summary>
internal abstract class Carriage
{
    public static Carriage Policy { get; } = new PolicyCarriage();

    public static Carriage Configuration { get; } = new ConfigurationCarriage();

    public static IReadOnlyList<Carriage> All { get; } = [Policy, Configuration];

    /// <summary>What a sync of that kind of operation carries.</summary>
    public static Carriage Synchronised(string operationKind) => All.FirstOrDefault(c => c.Operation == operationKind) ?? Policy;

    /// <summary>The kind of the operation that carries it.</summary>
    public abstract string Operation { get; }

    public abstract GenerationKind Kind { get; }

    public abstract FabricFacet Facet { get; }

    /// <summary>What is carried, in the user's words.</summary>
    public abstract string Noun { get; }

    public abstract CarriageSteps Steps { get; }

    /// <summary>There is none, or its content is lost.</summary>
    public abstract ErrorCode NotFound { get; }

    public abstract ErrorCode VersionNotFound { get; }

    /// <summary>A member says it holds it, and its read-back shows something else.</summary>
    public abstract ErrorCode NotProven { get; }

    /// <summary>Where a member's proof comes from.</summary>
    public abstract string Ground { get; }

    /// <summary>What staging shows, as a plan's reason says it.</summary>
    public abstract string StageWords { get; }

    /// <summary>What a commit is, as a plan's reason says it.</summary>
    public abstract string CommitWords { get; }

    /// <summary>Null where the fabric lacks the facet.</summary>
    public abstract IGenerationCarrier? Find(IFabric fabric);

    public IGenerationCarrier Of(IFabric fabric) => Find(fabric) ?? throw fabric.MissingFacet(Facet);

    /// <summary>What the member holds, proven.</summary>
    public abstract (int? Number, string Fingerprint) HeldBy(GroupMember member);

    /// <summary>What the fabric shows as the group's own.</summary>
    public abstract (int? Number, string Fingerprint) OwnOf(SecurityGroup group);

    /// <summary>The group's generations, newest first.</summary>
    public abstract IReadOnlyList<GenerationRecord> GenerationsIn(ObservedWorld world);

    private sealed class PolicyCarriage : Carriage
    {
        public override string Operation => "SyncPolicy";

        public override GenerationKind Kind => GenerationKind.Policy;

        public override FabricFacet Facet => FabricFacet.PolicyCarrier;

        public override string Noun => "policy";

        public override CarriageSteps Steps { get; } = new()
        {
            Stage = StepKinds.PolicyStage,
            Commit = StepKinds.PolicyCommit,
            Check = StepKinds.PolicyCheck,
            Extend = StepKinds.PolicyExtend,
            Confirm = StepKinds.PolicyConfirm,
            Revert = StepKinds.PolicyRevert,
            Agree = StepKinds.PolicyAgree,
            VersionRecord = StepKinds.VersionRecord,
            VersionConfirm = StepKinds.VersionConfirm,
            VersionRevert = StepKinds.VersionRevert,
        };

        public override ErrorCode NotFound => ErrorCatalogue.PolicyNotFound;

        public override ErrorCode VersionNotFound => ErrorCatalogue.PolicyVersionNotFound;

        public override ErrorCode NotProven => ErrorCatalogue.PolicyNotProven;

        public override string Ground => "kernel";

        public override string StageWords => "passes the member's own parser";

        public override string CommitWords => "one transaction, then the kernel is read back and proven";

        public override IGenerationCarrier? Find(IFabric fabric) => fabric.Policies;

        public override (int? Number, string Fingerprint) HeldBy(GroupMember member) => (member.PolicyVersion, member.PolicyFingerprint);

        public override (int? Number, string Fingerprint) OwnOf(SecurityGroup group) => (group.PolicyVersion, group.PolicyFingerprint);

        public override IReadOnlyList<GenerationRecord> GenerationsIn(ObservedWorld world) => world.PolicyGenerations;
    }

    private sealed class ConfigurationCarriage : Carriage
    {
        public override string Operation => "SyncConfiguration";

        public override GenerationKind Kind => GenerationKind.Configuration;

        public override FabricFacet Facet => FabricFacet.ConfigurationCarrier;

        public override string Noun => "configuration";

        public override CarriageSteps Steps { get; } = new()
        {
            Stage = StepKinds.ConfigurationStage,
            Commit = StepKinds.ConfigurationCommit,
            Check = StepKinds.ConfigurationCheck,
            Extend = StepKinds.ConfigurationExtend,
            Confirm = StepKinds.ConfigurationConfirm,
            Revert = StepKinds.ConfigurationRevert,
            Agree = StepKinds.ConfigurationAgree,
            VersionRecord = StepKinds.ConfigurationRecord,
            VersionConfirm = StepKinds.ConfigurationClose,
            VersionRevert = StepKinds.ConfigurationWithdraw,
        };

        public override ErrorCode NotFound => ErrorCatalogue.ConfigurationNotFound;

        public override ErrorCode VersionNotFound => ErrorCatalogue.ConfigurationVersionNotFound;

        public override ErrorCode NotProven => ErrorCatalogue.ConfigurationNotProven;

        public override string Ground => "read-back";

        public override string StageWords => "everything that it names is there on the member and nobody else's";

        public override string CommitWords => "what was there before goes to the disk, then item by item, then all is read back and proven";

        public override IGenerationCarrier? Find(IFabric fabric) => fabric.Configurations;

        public override (int? Number, string Fingerprint) HeldBy(GroupMember member) => (member.ConfigurationVersion, member.ConfigurationFingerprint);

        public override (int? Number, string Fingerprint) OwnOf(SecurityGroup group) => (group.ConfigurationVersion, group.ConfigurationFingerprint);

        public override IReadOnlyList<GenerationRecord> GenerationsIn(ObservedWorld world) => world.ConfigurationGenerations;
    }
}
