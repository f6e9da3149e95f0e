using System.Management.Automation;
using Maestro.Engine.Fabrics;
using Maestro.Engine.Model.Errors;
using Maestro.Engine.Model.Policy;
using Maestro.Engine.Operations.Plans;
using Maestro.Engine.Synchronisation.Policy;
using Maestro.PowerShell.Binding;
using Maestro.PowerShell.Hosting;

namespace Maestro.PowerShell.Cmdlets.Policy;

/// <summary>Makes one policy the policy of all members of a group, or of none; without a path heals members that drifted.</summary>
[Cmdlet(VerbsData.Sync, "Policy", SupportsShouldProcess = true)]
[OutputType(typeof(SyncReport))]
public sealed class SyncPolicyCommand : OperationCommand
{
    private readonly HashSet<(string, string)> _seen = [];
    private int _connections = (int)ConnectionTreatment.Keep;

    /// <summary>The group, by name, id or object.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(SecurityGroupCompleter))]
    public SecurityGroupArgument[] SecurityGroup { get; set; } = [];

    /// <summary>An nftables file, or a folder of fragments in order; without it members that drifted are healed.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Alias("PSPath")]
    public string? Path { get; set; }

    /// <summary>Members at once.</summary>
    [Parameter]
    [ValidateRange(1, 1000)]
    public int ThrottleLimit { get; set; } = 32;

    /// <summary>What becomes of established flows that the new policy forbids: Keep lets them go on, Rematch judges them anew.</summary>
    [Parameter]
    public ConnectionTreatment Connections
    {
        get => (ConnectionTreatment)_connections;
        set => _connections = (int)value;
    }

    private protected override void Process()
    {
        foreach (var argument in SecurityGroup)
        {
            if (StopSource.IsCancellationRequested) return;
            try
            {
                Sync(argument);
            }
            catch (MaestroException failure) when (failure.Code != ErrorCatalogue.NotConnected && failure.Code != ErrorCatalogue.ConfirmationRequired)
            {
                WriteFailure(failure);
            }
        }
    }

    private void Sync(SecurityGroupArgument argument)
    {
        var session = SessionOf(argument);
        var document = Path is null ? null : session.Engine.LoadPolicy(GetUnresolvedProviderPathFromPSPath(Path));
        var world = Await(token => session.Engine.ObserveWorldAsync("", Options, token));
        var group = world.Group(argument.Value).Name;
        if (!_seen.Add((session.Name, group))) return;
        var request = new SyncPolicyChange { Group = group, Document = document, Connections = Connections, ThrottleLimit = ThrottleLimit };
        var plan = Await(token => session.Engine.PreviewAsync(request, Options, token));
        var words = string.Join("; ", plan.Decisions.Where(d => d.Acts).Select(d => d.ToString()));
        if (!plan.IsEmpty && !Ask(session, $"group '{group}'", words)) return;
        if (Confirmation.WhatIf(this)) return;
        var result = Run(session, request);
        if (result is not null && !StopSource.IsCancellationRequested) WriteObject(session.Engine.ReportSync(result, [.. world.MembersOf(group)]));
    }
}
