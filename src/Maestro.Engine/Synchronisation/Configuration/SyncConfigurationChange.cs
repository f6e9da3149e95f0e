using Maestro.Engine.Fabrics;
using Maestro.Engine.Operations.Steps;
using Maestro.Engine.Synchronisation.Policy;

namespace Maestro.Engine.Synchronisation.Configuration;

/// <summary>One configuration on all members or on none; what each member has of it follows from its overrides.</summary>
public sealed record SyncConfigurationChange : SyncChange
{
    /// <summary>Null: heal to the version that the group has.</summary>
    public ConfigurationDocument? Document { get; init; }

    private protected override Carriage Carriage => Carriage.Configuration;

    private protected override GenerationDocument? Content => Document;
}
