using Maestro.Engine.Clustering.Distribution.Nat;

namespace Maestro.Engine.Fabrics.Linux.Policy;

/// <summary>A table that a policy declares.</summary>
internal readonly record struct NftTable(string Family, string Name)
{
    public override string ToString() => $"{Family} {Name}";
}

/// <summary>A policy that was read and checked: self-contained text, and what the carrying of it needs to know.</summary>
internal sealed record NftPolicy
{
    /// <summary>
    /// Canonical: no comments, no includes, no variables, one statement a line, a line end at the end. How the author broke lines, named
    /// variables and cut files does not show in it.
    /// </summary>
    public required string Text { get; init; }

    /// <summary>SHA-256 of <see cref="Text"/>, lower-case hex.</summary>
    public required string Identity { get; init; }

    /// <summary>In the order in which they are declared, each once.</summary>
    public required IReadOnlyList<NftTable> Tables { get; init; }

    /// <summary>Devices that must exist for the text to load; see <see cref="NftDevices"/>. Sorted.</summary>
    public required IReadOnlyList<string> Devices { get; init; }

    /// <summary>The statements that translate addresses; see <see cref="NftTranslations"/>.</summary>
    public required IReadOnlyList<AddressTranslation> Translations { get; init; }

    /// <summary>Where each token of <see cref="Text"/> was written.</summary>
    public required NftSourceMap Places { get; init; }

    /// <summary>What the author should know and need not change.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];
}
