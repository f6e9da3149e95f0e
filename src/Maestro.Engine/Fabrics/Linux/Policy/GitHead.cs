using System.Text.RegularExpressions;

namespace Maestro.Engine.Fabrics.Linux.Policy;

/// <summary>
/// What a git work tree is checked out at, read from its files without starting a program: HEAD, loose references, packed references and linked
/// work trees as gitrepository-layout(5) tells them. Reference tables (git's newer format) are not read: then the commit is not known.
/// </summary>
internal static class GitHead
{
    // A reference that names a reference: git itself follows five.
    private const int MostHops = 5;
    private static readonly Regex Hash = new("^([0-9a-f]{40}|[0-9a-f]{64})$", RegexOptions.CultureInvariant);

    /// <summary>The work tree's root; null when the path lies in none.</summary>
    public static string? WorkTreeOf(string path)
    {
        for (var folder = Directory.Exists(path) ? path : Path.GetDirectoryName(path); folder is not null; folder = Path.GetDirectoryName(folder))
        {
            var git = Path.Combine(folder, ".git");
            if (Directory.Exists(git) || File.Exists(git)) return folder;
        }

        return null;
    }

    /// <summary>The commit's name; empty when it is not known, as before the first commit.</summary>
    /// <exception cref="IOException">Its files cannot be read.</exception>
    public static string CommitOf(string workTree)
    {
        var git = DirectoryOf(workTree);
        var common = Path.Combine(git, "commondir");
        var shared = File.Exists(common) ? Path.GetFullPath(Path.Combine(git, FirstLine(common))) : git;
        var value = FirstLine(Path.Combine(git, "HEAD"));
        for (var hop = 0; hop < MostHops; hop++)
        {
            if (Hash.IsMatch(value)) return value;
            if (!value.StartsWith("ref: ", StringComparison.Ordinal)) return "";
            var name = value.Substring("ref: ".Length).Trim();
            // A name is no way out of the repository.
            if (name.Split('/').Contains("..")) return "";
            // HEAD and bisecting are a work tree's own, branches are shared.
            value = Loose(git, name) ?? Loose(shared, name) ?? Packed(shared, name) ?? "";
        }

        return "";
    }

    private static string DirectoryOf(string workTree)
    {
        var git = Path.Combine(workTree, ".git");
        if (Directory.Exists(git)) return git;
        var line = FirstLine(git);
        return line.StartsWith("gitdir: ", StringComparison.Ordinal) ? Path.GetFullPath(Path.Combine(workTree, line.Substring("gitdir: ".Length).Trim())) : git;
    }

    private static string? Loose(string directory, string name)
    {
        var file = Path.Combine([directory, .. name.Split('/')]);
        return File.Exists(file) ? FirstLine(file) : null;
    }

    private static string? Packed(string directory, string name)
    {
        var file = Path.Combine(directory, "packed-refs");
        if (!File.Exists(file)) return null;
        return File.ReadLines(file).Where(l => l.EndsWith(" " + name, StringComparison.Ordinal)).Select(l => l.Substring(0, l.Length - name.Length - 1)).FirstOrDefault(Hash.IsMatch);
    }

    private static string FirstLine(string file) => File.ReadLines(file).FirstOrDefault()?.Trim() ?? "";
}
