namespace Maestro.Engine.Clustering.Distribution.Nat;

/// <summary>Whose address translation a request wants to have judged.</summary>
internal sealed record NatQuestion
{
    /// <summary>Names or ids of the groups; null for all that pending changes are about.</summary>
    public IReadOnlyList<string>? Groups { get; init; }

    /// <summary>The content of the policy that they are to get, with its fingerprint; null for the one that they have.</summary>
    public (string Fingerprint, string Content)? Policy { get; init; }
}
