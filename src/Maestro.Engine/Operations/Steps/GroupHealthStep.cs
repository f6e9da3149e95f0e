using Maestro.Engine.Fabrics;
using Maestro.Engine.Model.Errors;
using Maestro.Engine.Operations.Running;
using Maestro.Engine.Synchronisation;

namespace Maestro.Engine.Operations.Steps;

/// <summary>Looks at the group until it is as well as it was when the change was planned, or the time for it is spent. Changes nothing.</summary>
internal sealed class GroupHealthStep : IStepHandler
{
    public string Kind => StepKinds.GroupHealth;

    public int Version => 1;

    // A member that comes back by itself is waited for, as long as the plan says.
    public StepLimits Limits { get; } = new() { Attempts = int.MaxValue, OnlyAsks = true };

    public bool LooksFirst => false;

    public async Task<Effect> ActAsync(StepContext context)
    {
        try
        {
            return HealthGate.FindHarm(await context.Topology.ObserveAsync(), context.Step) is { } harm
                ? Effect.Refused(harm, ErrorCatalogue.GroupUnhealthy, transient: true)
                : Effect.Already();
        }
        catch (MaestroException fault) when (fault.Code == ErrorCatalogue.MemberUnreachable)
        {
            // A look that was not answered leaves nothing in doubt but what it asked.
            return Effect.Refused(fault.Message, fault.Code, transient: true);
        }
    }

    public Task<Sight> LookAsync(StepContext context) => Task.FromResult(Sight.Unseen("only asking tells"));
}
