using Maestro.Engine.Model.Errors;

namespace Maestro.Engine.Fabrics.Linux.Policy;

/// <summary>Gathers the faults of one policy, so that its author sees all of them at once.</summary>
internal sealed class NftProblems
{
    // Beyond that, one fault (a missing brace at the top) is telling itself again and again.
    private const int MostKept = 100;

    private readonly List<PolicyProblem> _kept = [];
    private readonly HashSet<(string, int, int)> _places = [];

    public bool Any => _kept.Count > 0;

    /// <summary>Keeps the first problem of a place: what follows it there is its consequence.</summary>
    public void Add(PolicyProblem problem)
    {
        if (_kept.Count < MostKept && _places.Add((problem.File, problem.Line, problem.Column))) _kept.Add(problem);
    }

    /// <exception cref="PolicyInvalidException">There is at least one.</exception>
    public void ThrowIfAny(string path)
    {
        if (Any) throw new PolicyInvalidException(_kept, path);
    }
}
