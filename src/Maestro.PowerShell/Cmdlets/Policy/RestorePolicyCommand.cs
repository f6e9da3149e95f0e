using System.Globalization;
using System.Management.Automation;
using Maestro.Engine.Model.Policy;
using Maestro.PowerShell.Binding;
using Maestro.PowerShell.Hosting;

namespace Maestro.PowerShell.Cmdlets.Policy;

/// <summary>Brings an earlier version of a group's policy back, as a new version.</summary>
/// <remarks>Nothing binds by property name, and only a group or a version by value: what else tells of a group, a sync's report for one, would restore its policy.</remarks>
[Cmdlet(VerbsData.Restore, "Policy", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High, DefaultParameterSetName = GroupSet)]
[OutputType(typeof(SyncReport))]
public sealed class RestorePolicyCommand : PolicyChangeCommand
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

    /// <summary>A version as Get-PolicyVersion writes it.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = ObjectSet)]
    public PolicyVersionArgument[] InputObject { get; set; } = [];

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
        var prepared = Await(token => session.Engine.PrepareRestoreAsync(group, number, token));
        if (prepared.AlreadyRestored) WriteWarning($"The current policy of '{group}' is an earlier one that was brought back already; it stays. To go back further name a version with -Version.");
        return prepared.Change with { Connections = Connections };
    });

    private static string Words(int version) => "version " + version.ToString(CultureInfo.InvariantCulture);
}
