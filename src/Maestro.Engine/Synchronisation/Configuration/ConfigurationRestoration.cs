namespace Maestro.Engine.Synchronisation.Configuration;

/// <summary>A restore that was prepared.</summary>
public sealed record ConfigurationRestoration
{
    /// <summary>The sync that does it: there is no other way to change a configuration.</summary>
    public required SyncConfigurationChange Change { get; init; }

    /// <summary>True when no version was named and the current one brings an earlier content back already, so that nothing is to be done.</summary>
    public bool AlreadyRestored { get; init; }
}
