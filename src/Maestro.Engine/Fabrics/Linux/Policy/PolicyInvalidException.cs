using System.Globalization;
using Maestro.Engine.Model.Errors;

namespace Maestro.Engine.Fabrics.Linux.Policy;

/// <summary><c>Maestro.PolicyInvalid</c> with every fault that was found.</summary>
internal sealed class PolicyInvalidException(IReadOnlyList<PolicyProblem> problems, string path)
    : MaestroException(ErrorCatalogue.PolicyInvalid, Sentence(problems), path)
{
    // An error record is read on a screen; the rest is in Problems.
    private const int MostTold = 20;

    public IReadOnlyList<PolicyProblem> Problems { get; } = problems;

    private static string Sentence(IReadOnlyList<PolicyProblem> problems)
    {
        var told = string.Join("; ", problems.Take(MostTold));
        var count = problems.Count.ToString(CultureInfo.InvariantCulture);
        return problems.Count switch
        {
            1 => $"{told}. Nothing was sent to any kernel.",
            <= MostTold => $"{count} faults: {told}. Nothing was sent to any kernel.",
            _ => $"{count} faults, the first {MostTold.ToString(CultureInfo.InvariantCulture)}: {told}. Nothing was sent to any kernel.",
        };
    }
}
