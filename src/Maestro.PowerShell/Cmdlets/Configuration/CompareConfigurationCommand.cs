using System.Management.Automation;
using Maestro.Engine.Fabrics;
using Maestro.Engine.Model.Configuration;
using Maestro.PowerShell.Hosting;

namespace Maestro.PowerShell.Cmdlets.Configuration;

/// <summary>Shows in which items members, a candidate or a version differ from what they should be; nothing that is equal is written.</summary>
[Cmdlet(VerbsData.Compare, "Configuration", DefaultParameterSetName = DriftSet)]
[OutputType(typeof(ConfigurationDifference))]
[OutputType(typeof(string))]
public sealed class CompareConfigurationCommand : CompareCommand
{
    private readonly Dictionary<string, ConfigurationDocument> _candidates = [];

    private protected override Comparison CompareFile(OpenSession session, string group, string path)
    {
        if (!_candidates.TryGetValue(path, out var candidate)) _candidates[path] = candidate = session.Engine.LoadConfiguration(path);
        return Of(Await(token => session.Engine.CompareConfigurationAsync(group, candidate, token)));
    }

    private protected override Comparison CompareVersion(OpenSession session, string group, int version, int? reference) =>
        Of(Await(token => session.Engine.CompareConfigurationAsync(group, version, reference, token)));

    private protected override IReadOnlyList<Comparison> CompareMembers(OpenSession session, string group, IReadOnlyList<string> members) =>
        [.. Await(token => session.Engine.CompareConfigurationAsync(group, members, token)).Select(Of)];

    private static Comparison Of(ConfigurationComparison found) => new(found.SecurityGroup, found.Member, found.Difference, found.Unified, found.Failure);
}
