namespace Maestro.Engine.Model.Sessions;

/// <summary>An open session as users see it.</summary>
public sealed record MaestroSession
{
    public required string Name { get; init; }

    /// <summary><c>Lab</c>, <c>Linux</c> or <c>CheckPoint</c>.</summary>
    public required string Fabric { get; init; }

    public required string Endpoint { get; init; }

    public string User { get; init; } = "";

    /// <summary>Where journal, leases and versions lie.</summary>
    public string Store { get; init; } = "";

    public bool IsDefault { get; init; }

    public bool ReadOnly { get; init; }

    public DateTimeOffset ConnectedAt { get; init; }

    /// <summary>What its fabric can do.</summary>
    public IReadOnlyList<string> Capability { get; init; } = [];

    public override string ToString() => Name;
}
