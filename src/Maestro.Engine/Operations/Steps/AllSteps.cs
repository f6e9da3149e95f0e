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
        new ProbeStep(), new GroupHealthStep(), new TrafficRulesStep(), new FailoverStep(), new YieldStep(),
        .. Carriage.All.SelectMany(c => Of(c, retention ?? new VersionRetention())),
    ]);

    private static IEnumerable<IStepHandler> Of(Carriage carriage, VersionRetention retention) =>
    [
        new StageGenerationStep(carriage), new CommitGenerationStep(carriage), new CheckGenerationStep(carriage), new ExtendGenerationStep(carriage), new ConfirmGenerationStep(carriage), new RevertGenerationStep(carriage),
        new AgreeGenerationStep(carriage), new RecordVersionStep(carriage), new ConfirmVersionStep(carriage, retention), new RevertVersionStep(carriage),
    ];
}
