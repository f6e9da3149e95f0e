using Maestro.Engine.Model.Monitoring;

namespace Maestro.Engine.Monitoring;

/// <summary>A named question about a group. Pure: evidence in, findings out.</summary>
/// <param name="Name">As scripts match it.</param>
/// <param name="Family">The families that it belongs to, by which several are asked at once.</param>
/// <param name="About">In the user's words.</param>
/// <param name="Judge">One finding at least.</param>
internal sealed record GroupCheck(string Name, string Family, string About, Func<GroupEvidence, IEnumerable<CheckResult>> Judge)
{
    /// <summary>True when members must be asked line by line for it.</summary>
    public bool NeedsPolicyDrift { get; init; }

    /// <summary>True when members must be asked item by item for it.</summary>
    public bool NeedsConfigurationDrift { get; init; }

    /// <summary>True when the orchestrators must be asked for it.</summary>
    public bool NeedsDistribution { get; init; }

    /// <summary>True when members must be asked for their connections and copies.</summary>
    public bool NeedsReplication { get; init; }
}
