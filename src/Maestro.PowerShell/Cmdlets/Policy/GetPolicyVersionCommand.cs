using System.Management.Automation;
using Maestro.Engine.Model.Errors;
using Maestro.Engine.Model.Policy;
using Maestro.PowerShell.Hosting;

namespace Maestro.PowerShell.Cmdlets.Policy;

/// <summary>Lists the versions of a group's policy, newest first.</summary>
[Cmdlet(VerbsCommon.Get, "PolicyVersion")]
[OutputType(typeof(PolicyVersion))]
public sealed class GetPolicyVersionCommand : VersionListCommand
{
    private protected override IReadOnlyList<(int Number, object Item)> Versions(OpenSession session, string group) =>
        [.. Await(token => session.Engine.GetPolicyVersionsAsync(group, token)).Select(v => (v.Version, (object)v))];

    private protected override MaestroException NotFound(string group, string number) =>
        new(ErrorCatalogue.PolicyVersionNotFound, $"'{group}' has no policy version {number}.", number);
}
