namespace Maestro.Engine.Fabrics.Linux.Policy;

/// <summary>A table that a policy declares.</summary>
internal readonly record struct NftTable(string Family, string Name)
{
    public override string ToString() => $"{Family} {Name}";
}

/// <summary>A policy that was read and checked: self-contained text, and what the carrying of it needs to know.</summary>
internal sealed record NftPolicy
{
    /// <summary>Canonical: no comments, no includes, no variables, one statement a line, a line end at the end.</summary>
    public required string Text { get; init; }

    public required IReadOnlyList<NftTable> Tables { get; init; }

    /// <summary>Devices that must exist for the text to load: <c>iif</c>, <c>oif</c> and netdev hooks name them by index.</summary>
    public required IReadOnlyList<string> Devices { get; init; }

    /// <summary>For each line of <see cref="Text"/>, from 1, where it was written.</summary>
    public required IReadOnlyList<(string File, int Line, int Column)> Places { get; init; }

    public IReadOnlyList<string> Warnings { get; init; } = [];
}
