using System.Globalization;
using Maestro.Engine.Model.Errors;

namespace Maestro.Engine.Fabrics.Linux.Policy;

/// <summary>A fault of a policy, where its author wrote it. Lines and columns count from 1.</summary>
internal sealed record PolicyProblem(string File, int Line, int Column, string Text)
{
    public override string ToString() => string.Format(CultureInfo.InvariantCulture, "{0}:{1}:{2}: {3}", File, Line, Column, Text);

    public static MaestroException ToException(IReadOnlyList<PolicyProblem> problems, string path) => new(
        ErrorCatalogue.PolicyInvalid,
        (problems.Count == 1 ? "" : problems.Count.ToString(CultureInfo.InvariantCulture) + " faults: ") + string.Join("; ", problems.Take(20)) + ". Nothing was sent to any kernel.",
        path);
}
