using System.Text;

namespace Maestro.Engine.Fabrics.Linux;

/// <summary>Texts that a script answers one after another.</summary>
internal static class AnswerSections
{
    /// <summary>The texts between lines <c>@section name</c>. None of their own lines begins with that sign.</summary>
    public static Dictionary<string, string> Of(string output)
    {
        var sections = new Dictionary<string, string>(StringComparer.Ordinal);
        var name = "";
        var text = new StringBuilder();
        foreach (var line in output.Split('\n'))
        {
            if (line.Length == 0 || line[0] != '@')
            {
                if (name.Length > 0) text.Append(line).Append('\n');
                continue;
            }

            if (name.Length > 0) sections[name] = text.ToString();
            text.Clear();
            name = line.StartsWith("@section ", StringComparison.Ordinal) ? line.Substring("@section ".Length) : "";
        }

        return sections;
    }
}
