using System.Text;
using System.Text.RegularExpressions;
using Maestro.Engine.Fabrics.Linux.Policy.Json;
using Maestro.Engine.Model.Errors;

namespace Maestro.Engine.Fabrics.Linux.Policy;

/// <summary>
/// Policy files on a disk. A relative include is looked for beside the including file, not in nft's own include path: a policy is read where its
/// author works, which need not be a gateway. Wildcards are the shell's, sorted by ordinal, and match no hidden file, as with nft.
/// </summary>
internal sealed class FilePolicySource : IPolicySource
{
    private static readonly char[] Wildcards = ['*', '?', '['];

    public IReadOnlyList<string> Roots(string path)
    {
        var full = Path.GetFullPath(path);
        if (File.Exists(full)) return [full];
        if (!Directory.Exists(full)) throw new MaestroException(ErrorCatalogue.PolicyNotFound, $"There is no policy at {full}.", path);
        var fragments = Match(full, "*.nft").ToList();
        return fragments.Count > 0 ? fragments : throw new MaestroException(ErrorCatalogue.PolicyNotFound, $"{full} holds no *.nft file.", path);
    }

    public IReadOnlyList<string> Resolve(string including, string pattern)
    {
        var folder = Path.GetDirectoryName(including)!;
        if (pattern.IndexOfAny(Wildcards) < 0)
        {
            var full = Path.GetFullPath(Path.Combine(folder, pattern));
            if (Directory.Exists(full)) throw new IOException("it is a folder; name its files, as in \"" + pattern.TrimEnd('/') + "/*.nft\"");
            return File.Exists(full) ? [full] : [];
        }

        var start = Path.IsPathRooted(pattern) ? Path.GetPathRoot(pattern)! : folder;
        return [.. Match(start, pattern.Substring(Path.IsPathRooted(pattern) ? start.Length : 0)).OrderBy(f => f, StringComparer.Ordinal)];
    }

    /// <exception cref="PolicyInvalidException">A policy in JSON has faults.</exception>
    public string Read(string file)
    {
        using var reader = new StreamReader(file, StrictText.Utf8, detectEncodingFromByteOrderMarks: false);
        var text = reader.ReadToEnd();
        return file.EndsWith(".json", StringComparison.OrdinalIgnoreCase) ? JsonPolicy.Compile(text, file) : text;
    }

    private static IEnumerable<string> Match(string start, string pattern)
    {
        IEnumerable<string> found = [start];
        var parts = pattern.Split([Path.DirectorySeparatorChar, '/'], StringSplitOptions.RemoveEmptyEntries);
        for (var i = 0; i < parts.Length; i++)
        {
            var part = parts[i];
            var isLast = i == parts.Length - 1;
            found = part.IndexOfAny(Wildcards) < 0
                ? found.Select(f => Path.GetFullPath(Path.Combine(f, part))).Where(f => isLast ? File.Exists(f) : Directory.Exists(f))
                : found.SelectMany(f => Entries(f, part, isLast));
        }

        return found.OrderBy(f => f, StringComparer.Ordinal);
    }

    private static IEnumerable<string> Entries(string folder, string wildcard, bool files)
    {
        var name = new Regex("^" + Regex.Escape(wildcard).Replace(@"\*", ".*").Replace(@"\?", ".").Replace(@"\[!", "[^").Replace(@"\[", "[") + "$", RegexOptions.CultureInvariant | RegexOptions.Singleline);
        return (files ? Directory.GetFiles(folder) : Directory.GetDirectories(folder))
            .Where(f => Path.GetFileName(f) is var n && (n[0] != '.' || wildcard[0] == '.') && name.IsMatch(n));
    }
}
