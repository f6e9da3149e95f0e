using Maestro.Engine.Operations.Running;
using Maestro.Engine.Synchronisation;

namespace Maestro.Engine.Operations.Steps;

/// <summary>Every kind of step that this version knows.</summary>
internal static class AllSteps
{
    public static StepHandlers Handlers(VersionRetention? retention = null) => new(
    [
        new StageTopologyStep(), new ApplyTopologyStep(), new DiscardTopologyStep(), new RestoreTopologyStep(), new SetPortStep(),
        new AwaitMemberStep(), new ActivateMemberStep(), new SuspendMemberStep(), new ResumeMemberStep(), new RestartMemberStep(),
        new StagePolicyStep(), new CommitPolicyStep(), new CheckPolicyStep(), new ExtendPolicyStep(), new ConfirmPolicyStep(), new RevertPolicyStep(), new AgreePolicyStep(), new ProbeStep(),
        new RecordVersionStep(), new ConfirmVersionStep(retention ?? new VersionRetention()), new RevertVersionStep(),
    ]);
}
