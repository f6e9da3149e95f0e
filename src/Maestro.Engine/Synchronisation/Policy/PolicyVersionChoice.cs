using System.Globalization;
using Maestro.Engine.Model.Errors;
using Maestro.Engine.Model.Policy;
using Maestro.Engine.Operations.Steps;

namespace Maestro.Engine.Synchronisation.Policy;

/// <summary>Picks a version out of a group's list, which is newest first.</summary>
internal static class PolicyVersionChoice
{
    /// <exception cref="MaestroException"><see cref="Carriage.VersionNotFound"/>.</exception>
    public static PolicyVersion Named(Carriage carriage, string group, IReadOnlyList<PolicyVersion> versions, int number) =>
        versions.FirstOrDefault(v => v.Version == number) ?? throw NotFound(carriage, number, $"'{group}' has no {carriage.Noun} version {Text(number)}.");

    /// <summary>What the group had when that version came: the recorded parent, else the newest that was once its policy.</summary>
    /// <exception cref="MaestroException"><see cref="Carriage.VersionNotFound"/>: there is none.</exception>
    public static PolicyVersion Before(Carriage carriage, string group, IReadOnlyList<PolicyVersion> versions, PolicyVersion version) =>
        versions.FirstOrDefault(v => v.Version == version.Parent)
        ?? versions.FirstOrDefault(v => v.Version < version.Version && WasThePolicy(v))
        ?? throw NotFound(carriage, version.Version, $"'{group}' has no {carriage.Noun} version before {Text(version.Version)}.");

    /// <summary>
    /// What a restore brings back: the version named, else the one before the current. Where the current one brings an earlier content back
    /// already, it is itself the answer: a restore that is run twice must not bring back what it took away.
    /// </summary>
    /// <exception cref="MaestroException"><see cref="Carriage.VersionNotFound"/>: there is none, or it never was the group's own.</exception>
    public static PolicyVersion ToRestore(Carriage carriage, string group, IReadOnlyList<PolicyVersion> versions, int? wanted)
    {
        if (wanted is { } number)
        {
            var named = Named(carriage, group, versions, number);
            return WasThePolicy(named) ? named : throw NotFound(carriage, number, $"Version {Text(number)} of '{group}' never was its {carriage.Noun}: it is {named.State}.");
        }

        var current = versions.FirstOrDefault(v => v.IsCurrent) ?? throw new MaestroException(carriage.NotFound, $"'{group}' has no {carriage.Noun} yet, so there is none before it.", group);
        return IsRestored(versions, current) ? current : versions.FirstOrDefault(v => v.Version < current.Version && WasThePolicy(v)) ?? throw NotFound(carriage, current.Version, $"'{group}' has no {carriage.Noun} version before {Text(current.Version)}.");
    }

    /// <summary>True for a version that brought an earlier content back.</summary>
    public static bool IsRestored(IReadOnlyList<PolicyVersion> versions, PolicyVersion version) =>
        versions.Any(v => v.Version < version.Version && WasThePolicy(v) && v.Fingerprint == version.Fingerprint);

    private static bool WasThePolicy(PolicyVersion version) => version.State is PolicyVersionState.Confirmed or PolicyVersionState.Superseded;

    private static MaestroException NotFound(Carriage carriage, int number, string sentence) => new(carriage.VersionNotFound, sentence, Text(number));

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
