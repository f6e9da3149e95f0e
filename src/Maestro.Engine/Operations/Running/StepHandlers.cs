using Maestro.Engine.Model.Errors;
using Maestro.Engine.Operations.Plans;

namespace Maestro.Engine.Operations.Running;

/// <summary>The kinds of step that this version knows. An unknown or newer kind is refused, never guessed.</summary>
internal sealed class StepHandlers(IEnumerable<IStepHandler> handlers)
{
    private readonly Dictionary<string, IStepHandler> _byKind = handlers.ToDictionary(h => h.Kind, StringComparer.Ordinal);

    /// <exception cref="MaestroException"><c>Maestro.PlanUnknown</c>.</exception>
    public IStepHandler For(PlanStep step)
    {
        if (!_byKind.TryGetValue(step.Kind, out var handler))
        {
            throw new MaestroException(ErrorCatalogue.PlanUnknown, $"The plan has a step of the unknown kind '{step.Kind}'.", step.Subject);
        }

        return step.KindVersion <= handler.Version
            ? handler
            : throw new MaestroException(ErrorCatalogue.PlanUnknown, $"The plan's step '{step.Kind}' has version {step.KindVersion}; this version of Maestro knows {handler.Version}.", step.Subject);
    }

    /// <summary>Asks for every step of a plan, inverses too, before any of it is run.</summary>
    public void Require(Plan plan)
    {
        foreach (var step in plan.AllSteps)
        {
            For(step);
            if (step.Inverse is not null) For(step.Inverse);
        }
    }
}
