using System.Management.Automation;
using Maestro.Engine.Fabrics;
using Maestro.Engine.Synchronisation;
using Maestro.Engine.Synchronisation.Policy;
using Maestro.PowerShell.Hosting;

namespace Maestro.PowerShell.Cmdlets.Policy;

/// <summary>Those that bring a policy.</summary>
public abstract class PolicyChangeCommand : SyncCommand
{
    // As a number, for the reason that ChangeCommand gives.
    private int _connections = (int)ConnectionTreatment.Keep;

    /// <summary>What becomes of established flows that the new policy forbids: Keep lets them go on, Rematch judges them anew.</summary>
    [Parameter]
    [PSDefaultValue(Value = ConnectionTreatment.Keep)]
    public ConnectionTreatment Connections
    {
        get => (ConnectionTreatment)_connections;
        set => _connections = (int)value;
    }

    private protected override string Noun => "policy";

    private protected override string Nouns => "policies";
}
