using System.Text;

namespace Maestro.Engine.Fabrics.Linux.Ssh;

internal enum ScriptIntent
{
    /// <summary>Looks and changes nothing that anybody could notice.</summary>
    Read,
    Write,
}

/// <summary>
/// A script on its way: constant text, parameters quoted into variables before it, and files that travel with it. All of it goes over standard
/// input; nothing ever stands in an argument that another user of the host could list.
/// </summary>
internal sealed class ShellScript(string name, ScriptIntent intent, string body)
{
    private readonly List<(string Name, string Value)> _variables = [];
    private readonly List<(string Variable, string Content)> _files = [];

    public string Name { get; } = name;

    public ScriptIntent Intent { get; } = intent;

    /// <summary>The largest number of files: each takes a file descriptor from 4 on, and POSIX shells promise single digits only; 9 is the lock's.</summary>
    public const int MaximumFiles = 5;

    public ShellScript With(string variable, string value)
    {
        _variables.Add((variable, value));
        return this;
    }

    public ShellScript With(string variable, long value) => With(variable, value.ToString(System.Globalization.CultureInfo.InvariantCulture));

    /// <summary>A text file that the script reads from the path in <paramref name="variable"/>; it arrives with a line end at its end.</summary>
    public ShellScript WithFile(string variable, string content)
    {
        if (_files.Count == MaximumFiles) throw new InvalidOperationException($"A script carries {MaximumFiles} files at most.");
        _files.Add((variable, content.EndsWith("\n", StringComparison.Ordinal) || content.Length == 0 ? content : content + "\n"));
        return this;
    }

    /// <summary>What is written to a shell's standard input: the script runs in a shell of its own, and a line with <paramref name="mark"/> and its exit code ends the answer.</summary>
    /// <param name="mark">A word that occurs nowhere in the script and that nobody can guess.</param>
    public string Frame(string mark)
    {
        var text = new StringBuilder("/bin/sh /dev/fd/3 3<<'").Append(mark).Append('\'');
        for (var i = 0; i < _files.Count; i++) text.Append(' ').Append((char)('4' + i)).Append("<<'").Append(mark).Append('\'');
        text.Append(" </dev/null 2>&1\n");
        foreach (var (variable, value) in _variables) text.Append(variable).Append('=').Append(PosixQuote.Word(value)).Append('\n');
        for (var i = 0; i < _files.Count; i++) text.Append(_files[i].Variable).Append("=/dev/fd/").Append((char)('4' + i)).Append('\n');
        text.Append(body).Append('\n').Append(mark).Append('\n');
        foreach (var (_, content) in _files) text.Append(content).Append(mark).Append('\n');
        return text.Append("printf '\\n%s %s\\n' '").Append(mark).Append("' \"$?\"\n").ToString();
    }
}

internal enum ScriptOutcome
{
    /// <summary>The script ran to its end.</summary>
    Answered,

    /// <summary>Certainly nothing of it was run.</summary>
    NotSent,

    /// <summary>It was sent, and no end was seen: it may have run, in part or whole.</summary>
    Unknown,
}

/// <summary>What came back.</summary>
internal sealed record ScriptAnswer(ScriptOutcome Outcome, int ExitCode, string Output, Model.Errors.MaestroException? Fault = null)
{
    /// <summary>The values of the lines <c>@key value</c>, in order.</summary>
    public IEnumerable<string> Values(string key)
    {
        var start = "@" + key;
        foreach (var line in Output.Split('\n'))
        {
            if (line == start) yield return "";
            else if (line.StartsWith(start + " ", StringComparison.Ordinal)) yield return line.Substring(start.Length + 1);
        }
    }

    public string Value(string key) => Values(key).FirstOrDefault() ?? "";

    /// <summary>All that is no answer line: what commands printed.</summary>
    public string Evidence => string.Join("\n", Output.Split('\n').Where(l => l.Length > 0 && l[0] != '@'));
}
