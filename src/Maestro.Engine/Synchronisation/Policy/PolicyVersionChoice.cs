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

    private static bool WasThePolicy(PolicyVersion version) => version.State is PolicyVersionState.Confirmed or PolicyVersionState.Superseded;

    private static MaestroException NotFound(int number, string sentence) => new(ErrorCatalogue.PolicyVersionNotFound, sentence, Text(number));

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
