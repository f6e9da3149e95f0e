namespace Maestro.Engine.Model.Monitoring;

/// <summary>How a group is. What each means is decided in <c>GroupGrade</c>.</summary>
public enum HealthGrade
{
    /// <summary>All that was asked is as it should be.</summary>
    OK,

    /// <summary>The traffic is carried by the group's rules, and the next loss can be borne; something is to be looked at all the same.</summary>
    Warn,

    /// <summary>Traffic is lost or goes by other rules, or would be lost with the next member.</summary>
    Critical,

    /// <summary>What decides could not be asked, and nothing that was asked is critical.</summary>
    Unknown,
}

/// <summary>Whether the members of a site carry.</summary>
public enum SiteState
{
    Active,

    /// <summary>Its members stand by; another site's are active.</summary>
    Standby,

    /// <summary>None of its members is in service.</summary>
    Down,

    /// <summary>None of its members answers.</summary>
    Unknown,
}

/// <summary>A site's part of a group.</summary>
public sealed record SiteHealth
{
    /// <summary>1 or 2.</summary>
    public required int Id { get; init; }

    public required SiteState State { get; init; }

    /// <summary>By which orchestrators choose the active site, the higher one (domain sheet section 5); null where sites are not chosen so, or it is not known.</summary>
    public int? Grade { get; init; }

    /// <summary>Until when no failover between sites happens; null for no such time, or where it is not known.</summary>
    public DateTimeOffset? FrozenUntil { get; init; }

    public override string ToString() => FormattableString.Invariant($"{Id} {State}");
}

/// <summary>How a Security Group is, in one line. What is not known is null.</summary>
public sealed record GroupHealth
{
    public string Session { get; init; } = "";

    public required string SecurityGroup { get; init; }

    public required HealthGrade Grade { get; init; }

    /// <summary>Members in service, those that stand by included.</summary>
    public required int ActiveCount { get; init; }

    public required int MemberCount { get; init; }

    /// <summary>Whether the loss of the spare members can be borne (N+1), by the same arithmetic as the capacity guard; null when no member answers.</summary>
    public bool? SpareSatisfied { get; init; }

    /// <summary>How many members more than the spare ones may be lost; below zero, how many are lacking. By their load where all of it is known, else by heads: one must be left.</summary>
    public int? SpareMargin { get; init; }

    /// <summary>The active member with the lowest id; empty when none is active.</summary>
    public string SmoMaster { get; init; } = "";

    /// <summary>Mean of the members in service, in percent of what each can bear; null unless it is known of all of them.</summary>
    public double? LoadPercent { get; init; }

    /// <summary>What each of the rest would carry when the spare members are lost, in percent; null where the load is not known, or nobody would be left.</summary>
    public double? CapacityPercentAfterLoss { get; init; }

    /// <summary>Of the connections of members in service, how many have their copy or are too young for one; 100 when there are none. Null where nobody keeps copies, or a member did not say.</summary>
    public double? ProtectedPercent { get; init; }

    /// <summary>Whether every member in service goes by the group's policy, line by line; null where there is none, or nobody to ask.</summary>
    public bool? PolicyAgrees { get; init; }

    /// <summary>The same of the configuration.</summary>
    public bool? ConfigurationAgrees { get; init; }

    /// <summary>The sites of its members, in order.</summary>
    public IReadOnlyList<SiteHealth> Site { get; init; } = [];

    /// <summary>What holds the group back, in words; empty when nothing does.</summary>
    public string Hold { get; init; } = "";

    /// <summary>Since when, at the least, a reason for this grade stands without a break; null for OK, and where nobody saw it begin.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Why it has that grade: the arithmetic of N+1 for OK, else what was found, the worst first.</summary>
    public string Reason { get; init; } = "";

    public override string ToString() => $"{SecurityGroup} {Grade}";
}
