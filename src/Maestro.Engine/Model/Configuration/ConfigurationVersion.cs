using Maestro.Engine.Model.Policy;

namespace Maestro.Engine.Model.Configuration;

/// <summary>Confirmed is the group's configuration, Superseded was it until a later one, Staged may still become it, Reverted did not.</summary>
public enum ConfigurationVersionState { Staged, Confirmed, Reverted, Superseded }

/// <summary>A numbered generation of a group's configuration.</summary>
public sealed record ConfigurationVersion
{
    public required string SecurityGroup { get; init; }

    public required int Version { get; init; }

    /// <summary>SHA-256 of the content, lower-case hex.</summary>
    public required string Fingerprint { get; init; }

    public required ConfigurationVersionState State { get; init; }

    /// <summary>True for the version that the group's members are to hold.</summary>
    public bool IsCurrent { get; init; }

    /// <summary>Null for a recovered version: a member's disk does not tell.</summary>
    public DateTimeOffset? CreatedAt { get; init; }

    public string Author { get; init; } = "";

    public string Message { get; init; } = "";

    public string Source { get; init; } = "";

    /// <summary>The git commit of the source's work tree; empty when it lay in none.</summary>
    public string Commit { get; init; } = "";

    /// <summary>True when the source differed from <see cref="Commit"/>, or when that could not be found out.</summary>
    public bool Dirty { get; init; }

    /// <summary>The version that was the group's own when this one came.</summary>
    public int? Parent { get; init; }

    /// <summary>True when it was read back from members because the Store did not have it.</summary>
    public bool Recovered { get; init; }

    public string Session { get; init; } = "";

    public override string ToString() => $"#{Version.ToString(System.Globalization.CultureInfo.InvariantCulture)}";

    /// <summary>The lists of both kinds of version are made in one place.</summary>
    internal static ConfigurationVersion Of(PolicyVersion version) => new()
    {
        SecurityGroup = version.SecurityGroup,
        Version = version.Version,
        Fingerprint = version.Fingerprint,
        State = (ConfigurationVersionState)version.State,
        IsCurrent = version.IsCurrent,
        CreatedAt = version.CreatedAt,
        Author = version.Author,
        Message = version.Message,
        Source = version.Source,
        Commit = version.Commit,
        Dirty = version.Dirty,
        Parent = version.Parent,
        Recovered = version.Recovered,
        Session = version.Session,
    };
}
