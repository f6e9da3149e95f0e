using Maestro.Engine.Model.Groups;
using Maestro.Engine.Operations.Steps;
using Maestro.Engine.Store;

namespace Maestro.Engine.Synchronisation;

/// <summary>Which generation a group's members are to hold.</summary>
internal static class IntendedGeneration
{
    /// <summary>As the fabric shows it, else as the store remembers it; null before the first.</summary>
    /// <param name="carriage">Of what.</param>
    /// <param name="group">The group as it was observed.</param>
    /// <param name="generations">Its generations of that, newest first.</param>
    public static (int Number, string Fingerprint)? Of(Carriage carriage, SecurityGroup group, IReadOnlyList<GenerationRecord> generations)
    {
        if (carriage.OwnOf(group) is ({ } number, { Length: > 0 } fingerprint)) return (number, fingerprint);
        var confirmed = generations.FirstOrDefault(g => g.State == GenerationState.Confirmed);
        return confirmed is null ? null : (confirmed.Number, confirmed.Fingerprint);
    }
}
