using System.Management.Automation;
using Maestro.Engine.Hosting;
using Maestro.Engine.Model.Distribution;

namespace Maestro.PowerShell.Cmdlets.Distribution;

/// <summary>Shows how the connections of groups are copied to the members that would take them over.</summary>
[Cmdlet(VerbsCommon.Get, "GroupStateSync")]
[OutputType(typeof(GroupStateSync))]
public sealed class GetGroupStateSyncCommand : GroupLinesCommand
{
    private protected override async Task<IReadOnlyList<object>> ListAsync(EngineHost engine, string group, CancellationToken cancellation) => await engine.GetStateSyncAsync(group, cancellation);
}
