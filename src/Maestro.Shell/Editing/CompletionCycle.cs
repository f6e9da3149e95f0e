using System.Management.Automation;

namespace Maestro.Shell.Editing;

/// <summary>The candidates for one place in the line, and which of them stands there now.</summary>
internal sealed class CompletionCycle(CommandCompletion completion, string text)
{
    private int index = -1;

    public IReadOnlyList<CompletionResult> Candidates => completion.CompletionMatches;

    /// <summary>Puts the next candidate (or the one before) in its place.</summary>
    public void Step(LineBuffer buffer, bool backward)
    {
        var count = Candidates.Count;
        if (count == 0)
        {
            return;
        }

        index = backward ? (index <= 0 ? count : index) - 1 : (index + 1) % count;
        var candidate = Candidates[index].CompletionText;
        var start = completion.ReplacementIndex;
        buffer.Replace(
            text[..start] + candidate + text[(start + completion.ReplacementLength)..],
            start + candidate.Length);
    }
}
