namespace Maestro.Engine.Model.Policy;

/// <summary>What a line of a policy is, against what it should be.</summary>
public enum PolicyChange
{
    /// <summary>It should be there and is not.</summary>
    Missing,

    /// <summary>It is there and should not be.</summary>
    Extra,

    /// <summary>Another stands in its place.</summary>
    Changed,

    /// <summary>It is there, in another place.</summary>
    Order,
}

/// <summary>One line in which two policies differ.</summary>
public sealed record PolicyDifference
{
    public required string SecurityGroup { get; init; }

    /// <summary>The member that differs; empty where a file or a version is compared.</summary>
    public string Member { get; init; } = "";

    public required PolicyChange Change { get; init; }

    /// <summary>Family, table and chain as nft takes them, such as <c>inet web forward</c>; empty for a table itself; <c>generation</c> for what the member says it runs.</summary>
    public string Location { get; init; } = "";

    /// <summary>The line's number, from 1, in the text that was looked at; for a missing one in the intended text. 0 for the generation.</summary>
    public int Line { get; init; }

    /// <summary>What should stand there; null when nothing should.</summary>
    public string? Intended { get; init; }

    /// <summary>What stands there in what a restart of the member loads; null when nothing does, or where no member is looked at.</summary>
    public string? Confirmed { get; init; }

    /// <summary>What stands there in the kernel, the file or the version; null when nothing does.</summary>
    public string? Actual { get; init; }

    public string Session { get; init; } = "";

    public override string ToString() => $"{Change} {Location}: {Actual ?? Intended}";
}
