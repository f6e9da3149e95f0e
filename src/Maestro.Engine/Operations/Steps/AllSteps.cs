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
        new ProbeStep(), new GroupHealthStep(), new TrafficRulesStep(),
        .. Carriage.All.SelectMany(c => Of(c, retention ?? new VersionRetention())),
    ]);

    private static IEnumerable<IStepHandler> Of(Carriage carriage, VersionRetention retention) =>
    [
        new StagePolicyStep(carriage), new CommitPolicyStep(carriage), new CheckPolicyStep(carriage), new ExtendPolicyStep(carriage), new ConfirmPolicyStep(carriage), new RevertPolicyStep(carriage),
        new AgreePolicyStep(carriage), new RecordVersionStep(carriage), new ConfirmVersionStep(carriage, retention), new RevertVersionStep(carriage),
    ];
}
