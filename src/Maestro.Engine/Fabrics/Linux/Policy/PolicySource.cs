using Maestro.Engine.Model.Errors;

namespace Maestro.Engine.Fabrics.Linux.Policy;

/// <summary>Where policy text comes from; tests read from memory.</summary>
internal interface IPolicySource
{
    /// <summary>The files that make up the policy, in order, at least one: one, or a folder's fragments by name.</summary>
    /// <exception cref="MaestroException"><c>Maestro.PolicyNotFound</c>.</exception>
    IReadOnlyList<string> Roots(string path);

    /// <summary>The files that an include names, in order: relative to the including file, wildcards sorted. Empty when there is none.</summary>
    IReadOnlyList<string> Resolve(string including, string pattern);

    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="System.Text.DecoderFallbackException">It is not UTF-8.</exception>
    string Read(string file);
}
