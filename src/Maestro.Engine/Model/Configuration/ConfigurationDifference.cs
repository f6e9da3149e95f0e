namespace Maestro.Engine.Model.Configuration;

/// <summary>What an item of a configuration is, against what it should be.</summary>
public enum ConfigurationChange
{
    /// <summary>It should be there and is not.</summary>
    Missing,

    /// <summary>It is there and should not be.</summary>
    Extra,

    /// <summary>It has another value.</summary>
    Changed,
}

/// <summary>One item in which two configurations differ.</summary>
public sealed record ConfigurationDifference
{
    public required string SecurityGroup { get; init; }

    /// <summary>The member that differs; where a file or a version is compared, the one that it says something else of, or empty for all.</summary>
    public string Member { get; init; } = "";

    public required ConfigurationChange Change { get; init; }

    /// <summary>Its kind and name, such as <c>file /etc/motd</c> or <c>sysctl net.ipv4.ip_forward</c>; <c>generation</c> for what the member says it holds.</summary>
    public required string Item { get; init; }

    /// <summary>What it should be; null when it should not be there.</summary>
    public string? Intended { get; init; }

    /// <summary>What a restart of the member makes of it; null when nothing, or where no member is looked at.</summary>
    public string? Confirmed { get; init; }

    /// <summary>What it is on the member, in the file or in the version; null when it is not there.</summary>
    public string? Actual { get; init; }

    public string Session { get; init; } = "";

    public override string ToString() => $"{Change} {Item}: {Actual ?? Intended}";
}
