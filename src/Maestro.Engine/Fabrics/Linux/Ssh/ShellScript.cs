using System.Globalization;
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
/// <remarks>
/// The script runs in a shell of its own with an empty standard input, and its answer ends when that shell has ended and nobody holds its standard error any
/// more: what is left running behind it must redirect all three.
/// </remarks>
internal sealed class ShellScript(string name, ScriptIntent intent, string body)
{
    /// <summary>Each file takes a descriptor from 4 on; POSIX shells promise single digits only, 8 is the answer's way out and 9 the lock's.</summary>
    public const int MaximumFiles = 4;

    private readonly List<(string Variable, string Value)> _variables = [];
    private readonly List<(string Variable, string Content)> _files = [];
    private readonly List<string> _secrets = [];

    public string Name { get; } = name;

    public ScriptIntent Intent { get; } = intent;

    /// <summary>Values that stand in no trace, answer or exception.</summary>
    public IReadOnlyList<string> Secrets => _secrets;

    /// <exception cref="ArgumentException">The name is no variable's, or the value holds NUL.</exception>
    public ShellScript With(string variable, string value)
    {
        _variables.Add((VariableName(variable), PosixQuote.Word(value)));
        return this;
    }

    public ShellScript With(string variable, long value) => With(variable, value.ToString(CultureInfo.InvariantCulture));

    /// <summary>As <see cref="With(string, string)"/>, for a value that nobody may read.</summary>
    public ShellScript WithSecret(string variable, string value)
    {
        _secrets.Add(value);
        return With(variable, value);
    }

    /// <summary>A text file that the script reads, once, from the path in <paramref name="variable"/>; it arrives with a line end at its end.</summary>
    /// <exception cref="ArgumentException">The content holds NUL, which no shell carries.</exception>
    public ShellScript WithFile(string variable, string content)
    {
        if (_files.Count == MaximumFiles) throw new InvalidOperationException($"A script carries {MaximumFiles} files at most.");
        if (content.Contains('\0')) throw new ArgumentException("A file that travels with a script cannot hold NUL.", nameof(content));
        _files.Add((VariableName(variable), content.EndsWith("\n", StringComparison.Ordinal) || content.Length == 0 ? content : content + "\n"));
        return this;
    }

    /// <summary>What a host is told once, when its shell comes up: how to run a script and how to end an answer.</summary>
    /// <remarks>
    /// Standard error is gathered and sent after the mark, so that neither stream can end up in the middle of the other's line. The mark follows the output on
    /// the same descriptor, hence comes after all of it.
    /// </remarks>
    public static string Greeting(string mark) => $$"""
        exec 8>&1
        maestro() { errors=$(/bin/sh /dev/fd/3 </dev/null 2>&1 >&8 8>&-); printf '\n%s %s\n%s\n%s\n' "$1" "$?" "$errors" "$1"; }
        printf '\n%s\n' {{mark}}

        """.Replace("\r", "");

    /// <summary>What is written to the shell's standard input: the answer is the script's output, then the lines <c>mark code</c>, standard error, <c>mark</c>.</summary>
    /// <param name="mark">A word that occurs nowhere in the script and that nobody can guess.</param>
    public string Frame(string mark)
    {
        var text = new StringBuilder("maestro ").Append(mark).Append(" 3<<'").Append(mark).Append('\'');
        for (var i = 0; i < _files.Count; i++) text.Append(' ').Append((char)('4' + i)).Append("<<'").Append(mark).Append('\'');
        text.Append('\n');
        foreach (var (variable, word) in _variables) text.Append(variable).Append('=').Append(word).Append('\n');
        for (var i = 0; i < _files.Count; i++) text.Append(_files[i].Variable).Append("=/dev/fd/").Append((char)('4' + i)).Append('\n');
        text.Append(body).Append('\n').Append(mark).Append('\n');
        foreach (var (_, content) in _files) text.Append(content).Append(mark).Append('\n');
        return text.ToString();
    }

    /// <summary>What a shell is given that runs nothing else: it is the script, and its output is what the script says.</summary>
    /// <exception cref="InvalidOperationException">It carries files, which such a shell has no place for.</exception>
    public string Alone() => _files.Count > 0
        ? throw new InvalidOperationException("A script that runs alone carries no files.")
        : string.Concat(_variables.Select(v => v.Variable + "=" + v.Value + "\n")) + body + "\n";

    /// <summary>What it is and how many bytes travel, its end marks aside.</summary>
    public string Summary() => $"{(Intent == ScriptIntent.Write ? "write" : "read")} {Name}, {Encoding.UTF8.GetByteCount(Frame("")).ToString(CultureInfo.InvariantCulture)} bytes";

    /// <summary>The script as a trace shows it: secrets by <see cref="Redaction"/>, files by their size.</summary>
    public string Describe()
    {
        var text = new StringBuilder();
        foreach (var (variable, word) in _variables) text.Append(variable).Append('=').Append(word).Append('\n');
        foreach (var (variable, content) in _files) text.Append(variable).Append(": ").Append(content.Length.ToString(CultureInfo.InvariantCulture)).Append(" characters\n");
        return text.Append(body).ToString();
    }

    private static string VariableName(string name)
    {
        var isName = name.Length > 0 && !(name[0] is >= '0' and <= '9') && name.All(c => c is (>= 'A' and <= 'Z') or (>= 'a' and <= 'z') or (>= '0' and <= '9') or '_');
        return isName ? name : throw new ArgumentException($"'{name}' is no name of a shell variable.", nameof(name));
    }
}
