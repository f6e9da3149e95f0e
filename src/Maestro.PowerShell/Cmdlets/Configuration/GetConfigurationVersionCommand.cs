using System.Globalization;
using System.Management.Automation;
using Maestro.Engine.Model.Configuration;
using Maestro.Engine.Model.Errors;
using Maestro.PowerShell.Binding;
using Maestro.PowerShell.Hosting;

namespace Maestro.PowerShell.Cmdlets.Configuration;

/// <summary>Lists the versions of a group's configuration, newest first.</summary>
[Cmdlet(VerbsCommon.Get, "ConfigurationVersion")]
[OutputType(typeof(ConfigurationVersion))]
public sealed class GetConfigurationVersionCommand : SessionCommand
{
    /// <summary>The group, by name, id or object.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [AsTyped]
    [ArgumentCompleter(typeof(SecurityGroupCompleter))]
    public SecurityGroupArgument[] SecurityGroup { get; set; } = [];

    /// <summary>Only these.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int[] Version { get; set; } = [];

    /// <summary>Only so many, the newest.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int Newest { get; set; } = int.MaxValue;

    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(SessionCompleter))]
    public override SessionArgument? Session { get; set; }

    private protected override void Process() => Each(SecurityGroup, argument =>
    {
        var session = SessionOf(argument);
        var all = Await(token => session.Engine.GetConfigurationVersionsAsync(argument.Value, token));
        if (Version.Length == 0)
        {
            foreach (var version in all.Take(Newest)) WriteObject(version);
            return;
        }

        var wanted = Version.Distinct().OrderByDescending(v => v).Take(Newest);
        Each(wanted, number =>
        {
            var found = all.Where(v => v.Version == number).ToList();
            foreach (var version in found) WriteObject(version);
            if (found.Count > 0) return;
            var text = number.ToString(CultureInfo.InvariantCulture);
            throw new MaestroException(ErrorCatalogue.ConfigurationVersionNotFound, $"'{argument.Value}' has no configuration version {text}.", text);
        });
    });
}
