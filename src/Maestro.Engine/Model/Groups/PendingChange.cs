namespace Maestro.Engine.Model.Groups;

public enum ChangeOrigin { Own, Foreign, Unknown }

/// <summary>One property that differs between the pending and the deployed topology.</summary>
public sealed record PendingChange
{
    public string SecurityGroup { get; init; } = "";

    public string Gateway { get; init; } = "";

    public required string Property { get; init; }

    public string Deployed { get; init; } = "";

    public string Pending { get; init; } = "";

    public ChangeOrigin Origin { get; init; } = ChangeOrigin.Unknown;

    public string StagedBy { get; init; } = "";

    public DateTimeOffset? StagedAt { get; init; }

    /// <summary>The operation that staged it; empty when it was not one of Maestro's.</summary>
    public string Operation { get; init; } = "";

    public string Session { get; init; } = "";
}
