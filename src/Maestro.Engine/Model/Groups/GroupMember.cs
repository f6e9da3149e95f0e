namespace Maestro.Engine.Model.Groups;

public enum MemberState { Active, Standby, Ready, Joining, Booting, Draining, Suspended, Held, Down, Detached, Leaving, Lost, Unknown }

/// <summary>A gateway inside a Security Group.</summary>
public sealed record GroupMember
{
    public required string SecurityGroup { get; init; }

    /// <summary><c>site_number</c>, for example <c>1_2</c>.</summary>
    public required string Member { get; init; }

    public required int Site { get; init; }

    public required int Number { get; init; }

    public required string Gateway { get; init; }

    public required MemberState State { get; init; }

    public bool IsSmoMaster { get; init; }

    /// <summary>Who took it out; empty when nobody did.</summary>
    public string SuspendedBy { get; init; } = "";

    public string Reason { get; init; } = "";

    public DateTimeOffset? Since { get; init; }

    /// <summary>0..512; null means by cores.</summary>
    public int? Weight { get; init; }

    public double? SharePercent { get; init; }

    public double? LoadPercent { get; init; }

    /// <summary>Connections that it tracks; a Linux member counts those to itself, too, Maestro's own among them. Null where nobody measures.</summary>
    public long? ConnectionCount { get; init; }

    public int? PolicyVersion { get; init; }

    /// <summary>SHA-256 of what the member's kernel was proven to hold; empty when it holds none of ours.</summary>
    public string PolicyFingerprint { get; init; } = "";

    public int? ConfigurationVersion { get; init; }

    public string ConfigurationFingerprint { get; init; } = "";

    public string Model { get; init; } = "";

    public string Version { get; init; } = "";

    public IReadOnlyList<string> Pnote { get; init; } = [];

    /// <summary>The state in the device's own words.</summary>
    public string RawState { get; init; } = "";

    public string Description { get; init; } = "";

    public string Session { get; init; } = "";

    public override string ToString() => Member;
}
