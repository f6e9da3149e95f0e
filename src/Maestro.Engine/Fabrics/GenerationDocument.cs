namespace Maestro.Engine.Fabrics;

/// <summary>A content that was read, resolved and checked as far as that goes without a gateway.</summary>
public abstract record GenerationDocument
{
    /// <summary>SHA-256 of <see cref="Content"/>, lower-case hex: its identity.</summary>
    public required string Fingerprint { get; init; }

    /// <summary>The self-contained text that travels.</summary>
    public required string Content { get; init; }

    /// <summary>Where it came from, as the version list shows it.</summary>
    public required string Source { get; init; }

    /// <summary>The git commit of the work tree that the files lie in; empty when they lie in none.</summary>
    public string Commit { get; init; } = "";

    /// <summary>True when the files differ from <see cref="Commit"/>, or when that could not be found out.</summary>
    public bool Dirty { get; init; }

    public IReadOnlyList<string> Warnings { get; init; } = [];
}
