using System.Management.Automation;
using Maestro.Engine.Fabrics;
using Maestro.Engine.Model.Policy;
using Maestro.PowerShell.Hosting;

namespace Maestro.PowerShell.Cmdlets.Policy;

/// <summary>Shows in which lines members, a candidate or a version differ from what they should be; nothing that is equal is written.</summary>
[Cmdlet(VerbsData.Compare, "Policy", DefaultParameterSetName = DriftSet)]
[OutputType(typeof(PolicyDifference))]
[OutputType(typeof(string))]
public sealed class ComparePolicyCommand : CompareCommand
{
    private readonly Dictionary<string, PolicyDocument> _candidates = [];

    private protected override Comparison CompareFile(OpenSession session, string group, string path)
    {
        if (!_candidates.TryGetValue(path, out var candidate)) _candidates[path] = candidate = session.Engine.LoadPolicy(path);
        return Of(Await(token => session.Engine.ComparePolicyAsync(group, candidate, token)));
    }

    private protected override Comparison CompareVersion(OpenSession session, string group, int version, int? reference) =>
        Of(Await(token => session.Engine.ComparePolicyAsync(group, version, reference, token)));

    private protected override IReadOnlyList<Comparison> CompareMembers(OpenSession session, string group, IReadOnlyList<string> members) =>
        [.. Await(token => session.Engine.ComparePolicyAsync(group, members, token)).Select(Of)];

    private static Comparison Of(PolicyComparison found) => new(found.SecurityGroup, found.Member, found.Difference, found.Unified, found.Failure);
}
