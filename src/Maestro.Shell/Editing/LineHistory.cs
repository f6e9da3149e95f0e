namespace Maestro.Shell.Editing;

/// <summary>The lines typed in this session. They are kept in memory alone: a line may hold what nobody should find on a disk.</summary>
internal sealed class LineHistory
{
    private const int Capacity = 1000;

    private readonly List<string> lines = [];
    private int position;
    private string draft = string.Empty;

    public void Add(string line)
    {
        if (line.Length > 0 && (lines.Count == 0 || lines[^1] != line))
        {
            lines.Add(line);
        }

        if (lines.Count > Capacity)
        {
            lines.RemoveAt(0);
        }

        position = lines.Count;
        draft = string.Empty;
    }

    /// <summary>The line before, or null at the oldest; what was being typed is kept for the way back.</summary>
    public string? Previous(string current)
    {
        if (position == 0)
        {
            return null;
        }

        if (position == lines.Count)
        {
            draft = current;
        }

        return lines[--position];
    }

    /// <summary>The line after, at last what was being typed; null when already there.</summary>
    public string? Next()
    {
        if (position == lines.Count)
        {
            return null;
        }

        position++;
        return position == lines.Count ? draft : lines[position];
    }
}
