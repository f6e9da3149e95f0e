using Maestro.Engine.Model.Errors;

namespace Maestro.Engine.Fabrics.Linux.Policy;

/// <summary>Where policy text comes from; tests read from memory.</summary>
internal interface IPolicySource
{
    /// <summary>The files that make up the policy, in order: one, or a folder's fragments by name.</summary>
    /// <exception cref="MaestroException"><c>Maestro.PolicyNotFound</c>.</exception>
    IReadOnlyList<string> Roots(string path);

    /// <summary>The files that an include names, in order: relative to the including file, wildcards sorted. Empty when there is none.</summary>
    IReadOnlyList<string> Resolve(string including, string pattern);

    string Read(string file);
}

internal sealed class FilePolicySource : IPolicySource
{
    public IReadOnlyList<string> Roots(string path)
    {
        var full = Path.GetFullPath(path);
        if (File.Exists(full)) return [full];
        if (!Directory.Exists(full)) throw new MaestroException(ErrorCatalogue.PolicyNotFound, $"There is no policy at {full}.", path);
        var fragments = Directory.GetFiles(full, "*.nft").OrderBy(f => f, StringComparer.Ordinal).ToList();
        return fragments.Count > 0 ? fragments : throw new MaestroException(ErrorCatalogue.PolicyNotFound, $"{full} holds no *.nft file.", path);
    }

    public IReadOnlyList<string> Resolve(string including, string pattern)
    {
        var full = Path.Combine(Path.GetDirectoryName(including)!, pattern);
        if (pattern.IndexOfAny(['*', '?']) < 0) return File.Exists(full) ? [Path.GetFullPath(full)] : [];
        var folder = Path.GetDirectoryName(full)!;
        return Directory.Exists(folder) ? [.. Directory.GetFiles(folder, Path.GetFileName(full)).OrderBy(f => f, StringComparer.Ordinal)] : [];
    }

    public string Read(string file) => File.ReadAllText(file);
}
