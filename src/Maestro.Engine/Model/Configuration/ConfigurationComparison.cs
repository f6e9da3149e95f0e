using Maestro.Engine.Model.Errors;

namespace Maestro.Engine.Model.Configuration;

/// <summary>What came of comparing one member, file or version with what it should be.</summary>
public sealed record ConfigurationComparison
{
    public required string SecurityGroup { get; init; }

    /// <summary>Empty where a file or a version is compared.</summary>
    public string Member { get; init; } = "";

    /// <summary>Empty when they are equal.</summary>
    public IReadOnlyList<ConfigurationDifference> Difference { get; init; } = [];

    /// <summary>The same as texts in the unified format, one a pair that differs.</summary>
    public IReadOnlyList<string> Unified { get; init; } = [];

    /// <summary>Why it could not be compared.</summary>
    public MaestroException? Failure { get; init; }
}
