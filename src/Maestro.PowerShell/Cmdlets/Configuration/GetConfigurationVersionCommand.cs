using System.Management.Automation;
using Maestro.Engine.Model.Errors;
using Maestro.Engine.Model.Configuration;
using Maestro.PowerShell.Hosting;

namespace Maestro.PowerShell.Cmdlets.Configuration;

/// <summary>Lists the versions of a group's configuration, newest first.</summary>
[Cmdlet(VerbsCommon.Get, "ConfigurationVersion")]
[OutputType(typeof(ConfigurationVersion))]
public sealed class GetConfigurationVersionCommand : VersionListCommand
{
    private protected override IReadOnlyList<(int Number, object Item)> Versions(OpenSession session, string group) =>
        [.. Await(token => session.Engine.GetConfigurationVersionsAsync(group, token)).Select(v => (v.Version, (object)v))];

    private protected override MaestroException NotFound(string group, string number) =>
        new(ErrorCatalogue.ConfigurationVersionNotFound, $"'{group}' has no configuration version {number}.", number);
}
