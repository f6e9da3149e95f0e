using System.Globalization;
using Maestro.Engine.Model.Errors;
using Maestro.Engine.Model.Policy;

namespace Maestro.Engine.Synchronisation.Policy;

/// <summary>Picks a version out of a group's list, which is newest first.</summary>
internal static class PolicyVersionChoice
{
    /// <exception cref="MaestroException"><c>PolicyVersionNotFound</c>.</exception>
    public static PolicyVersion Named(string group, IReadOnlyList<PolicyVersion> versions, int number) =>
        versions.FirstOrDefault(v => v.Version == number) ?? throw NotFound(number, $"'{group}' has no policy version {Text(number)}.");

    /// <summary>What the group had when that version came: the recorded parent, else the newest that was once its policy.</summary>
    /// <exception cref="MaestroException"><c>PolicyVersionNotFound</c>: there is none.</exception>
    public static PolicyVersion Before(string group, IReadOnlyList<PolicyVersion> versions, PolicyVersion version) =>
        versions.FirstOrDefault(v => v.Version == version.Parent)
        ?? versions.FirstOrDefault(v => v.Version < version.Version && WasThePolicy(v))
        ?? throw NotFound(version.Version, $"'{group}' has no policy version before {Text(version.Version)}.");

    /// <summary>
    /// What a restore brings back: the version named, else the one before the current. Where the current one brings an earlier content back
    /// already, it is itself the answer: a restore that is run twice must not bring back what it took away.
    /// </summary>
    /// <exception cref="MaestroException"><c>PolicyVersionNotFound</c>: there is none, or it never was the group's policy.</exception>
    public static PolicyVersion ToRestore(string group, IReadOnlyList<PolicyVersion> versions, int? wanted)
    {
        if (wanted is { } number)
        {
            var named = Named(group, versions, number);
            return WasThePolicy(named) ? named : throw NotFound(number, $"Policy version {Text(number)} of '{group}' never was its policy: it is {named.State}.");
        }

        var current = versions.FirstOrDefault(v => v.IsCurrent) ?? throw new MaestroException(ErrorCatalogue.PolicyNotFound, $"'{group}' has no policy yet, so there is none before it.", group);
        return IsRestored(versions, current) ? current : versions.FirstOrDefault(v => v.Version < current.Version && WasThePolicy(v)) ?? throw NotFound(current.Version, $"'{group}' has no policy version before {Text(current.Version)}.");
    }

    /// <summary>True for a version that brought an earlier content back.</summary>
    public static bool IsRestored(IReadOnlyList<PolicyVersion> versions, PolicyVersion version) =>
        versions.Any(v => v.Version < version.Version && WasThePolicy(v) && v.Fingerprint == version.Fingerprint);

    private static bool WasThePolicy(PolicyVersion version) => version.State is PolicyVersionState.Confirmed or PolicyVersionState.Superseded;

    private static MaestroException NotFound(int number, string sentence) => new(ErrorCatalogue.PolicyVersionNotFound, sentence, Text(number));

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
