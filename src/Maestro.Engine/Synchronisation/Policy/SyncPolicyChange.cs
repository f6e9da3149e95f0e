using Maestro.Engine.Clustering.Distribution.Nat;
using Maestro.Engine.Fabrics;
using Maestro.Engine.Model.Groups;
using Maestro.Engine.Operations.Plans;
using Maestro.Engine.Operations.Steps;
using Names = Maestro.Engine.Operations.Steps.StepArgumentNames;

namespace Maestro.Engine.Synchronisation.Policy;

/// <summary>One policy on all members or on none.</summary>
public sealed record SyncPolicyChange : SyncChange
{
    /// <summary>Null: heal to the version that the group has.</summary>
    public PolicyDocument? Document { get; init; }

    public ConnectionTreatment Connections { get; init; } = ConnectionTreatment.Keep;

    private protected override Carriage Carriage => Carriage.Policy;

    private protected override GenerationDocument? Content => Document;

    /// <summary>What a sync without a document brings is the group's already.</summary>
    internal override NatQuestion? Nat => Document is null ? null : new NatQuestion { Groups = [Group], Policy = (Document.Fingerprint, Document.Content) };

    private protected override NatFinding Judge(ObservedWorld world, SecurityGroup group) => NatGate.Require(world, group, []);

    private protected override StepArguments CommitArguments => StepArguments.Of((Names.Connections, Connections.ToString()));
}
