using System.Globalization;
using System.Management.Automation;
using Maestro.Engine.Model.Policy;
using Maestro.PowerShell.Binding;
using Maestro.PowerShell.Hosting;

namespace Maestro.PowerShell.Cmdlets.Configuration;

/// <summary>Brings an earlier version of a group's configuration back, as a new version.</summary>
/// <remarks>Nothing binds by property name, and only a group or a version by value: what else tells of a group, a sync's report for one, would restore its configuration.</remarks>
[Cmdlet(VerbsData.Restore, "Configuration", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High, DefaultParameterSetName = GroupSet)]
[OutputType(typeof(SyncReport))]
public sealed class RestoreConfigurationCommand : ConfigurationChangeCommand
{
    private const string GroupSet = "SecurityGroup";
    private const string ObjectSet = "InputObject";

    /// <summary>The group, by name, id or object.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ParameterSetName = GroupSet)]
    [AsTyped]
    [ArgumentCompleter(typeof(SecurityGroupCompleter))]
    public GroupItselfArgument[] SecurityGroup { get; set; } = [];

    /// <summary>The version to bring back; without it the confirmed one before the current.</summary>
    [Parameter(ParameterSetName = GroupSet)]
    [ValidateRange(1, int.MaxValue)]
    public int Version { get; set; }

    /// <summary>A version as Get-ConfigurationVersion writes it.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = ObjectSet)]
    public ConfigurationVersionArgument[] InputObject { get; set; } = [];

    /// <summary>Answers the confirmation, and nothing else.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    private protected override bool ForceGiven => Force;

    private protected override void Process()
    {
        if (ParameterSetName == ObjectSet)
        {
            Each(InputObject, version => Restore(SessionOf(version), version.Value, version.Version));
            return;
        }

        Each(SecurityGroup, group => Restore(SessionOf(group), group.Value, Version > 0 ? Version : null));
    }

    private void Restore(OpenSession session, string nameOrId, int? number) => Offer(session, nameOrId, number is { } named ? Words(named) : "the version before", group =>
    {
        var prepared = Await(token => session.Engine.PrepareConfigurationRestoreAsync(group, number, token));
        if (prepared.AlreadyRestored) WriteWarning($"The current configuration of '{group}' is an earlier one that was brought back already; it stays. To go back further name a version with -Version.");
        return prepared.Change;
    });

    private static string Words(int version) => "version " + version.ToString(CultureInfo.InvariantCulture);
}
