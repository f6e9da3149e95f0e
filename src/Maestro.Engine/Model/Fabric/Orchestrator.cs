namespace Maestro.Engine.Model.Fabric;

public enum OrchestratorState { Up, Down, Unreachable, Unknown }

/// <summary>Mutual authentication of orchestrators (R82; domain sheet section 9).</summary>
public enum OrchestratorTrust { NotApplicable, Authenticated, Unknown, Unreachable, Untrusted }

/// <summary>A Quantum Maestro Orchestrator, or the Linux host that plays its part.</summary>
public sealed record Orchestrator
{
    /// <summary><c>site_number</c>, for example <c>1_2</c>.</summary>
    public required string Id { get; init; }

    public required int Site { get; init; }

    public OrchestratorState State { get; init; } = OrchestratorState.Unknown;

    public string Role { get; init; } = "";

    public string Version { get; init; } = "";

    /// <summary>The jumbo hotfix take; null where there is none.</summary>
    public int? Take { get; init; }

    public OrchestratorTrust Trust { get; init; } = OrchestratorTrust.NotApplicable;

    public string Address { get; init; } = "";

    public string Session { get; init; } = "";

    public override string ToString() => Id;
}
