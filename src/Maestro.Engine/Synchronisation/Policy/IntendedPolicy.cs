using Maestro.Engine.Model.Groups;
using Maestro.Engine.Store;

namespace Maestro.Engine.Synchronisation.Policy;

/// <summary>Which policy a group's members are to hold.</summary>
internal static class IntendedPolicy
{
    /// <summary>As the fabric shows it, else as the store remembers it; null before the first.</summary>
    /// <param name="group">The group as it was observed.</param>
    /// <param name="generations">Its policy generations, newest first.</param>
    public static (int Number, string Fingerprint)? Of(SecurityGroup group, IReadOnlyList<GenerationRecord> generations)
    {
        if (group.PolicyVersion is { } number && group.PolicyFingerprint.Length > 0) return (number, group.PolicyFingerprint);
        var confirmed = generations.FirstOrDefault(g => g.State == GenerationState.Confirmed);
        return confirmed is null ? null : (confirmed.Number, confirmed.Fingerprint);
    }
}
