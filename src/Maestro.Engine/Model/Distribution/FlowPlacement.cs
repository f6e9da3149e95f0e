namespace Maestro.Engine.Model.Distribution;

/// <summary>Where a flow goes.</summary>
public sealed record FlowPlacement
{
    public string Session { get; init; } = "";

    public required string SecurityGroup { get; init; }

    /// <summary>Who carries it; empty when nobody carries the group's traffic.</summary>
    public required string Member { get; init; }

    /// <summary>Who goes on with it when that one is lost: of the same site, then of the other.</summary>
    public IReadOnlyList<string> Backup { get; init; } = [];

    /// <summary>The slot that its packets fall into.</summary>
    public required int Slot { get; init; }

    /// <summary>How that follows, and where the answers go if they do not follow.</summary>
    public string Reason { get; init; } = "";

    public override string ToString() => Member;
}
