using System.Management.Automation;
using Maestro.Engine.Hosting;
using Maestro.Engine.Model.Distribution;

namespace Maestro.PowerShell.Cmdlets.Distribution;

/// <summary>Shows how the traffic of groups is distributed over their members.</summary>
[Cmdlet(VerbsCommon.Get, "GroupDistribution")]
[OutputType(typeof(GroupDistribution))]
public sealed class GetGroupDistributionCommand : GroupLinesCommand
{
    private protected override async Task<IReadOnlyList<object>> ListAsync(EngineHost engine, string group, CancellationToken cancellation) => await engine.GetDistributionAsync(group, cancellation);
}
