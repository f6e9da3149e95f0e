using System.Globalization;

namespace Maestro.Engine.Fabrics.Linux.Policy;

/// <summary>A fault of a policy, where its author wrote it. Lines and columns count from 1.</summary>
internal sealed record PolicyProblem(string File, int Line, int Column, string Text)
{
    public override string ToString() => string.Format(CultureInfo.InvariantCulture, "{0}:{1}:{2}: {3}", File, Line, Column, Text);
}
