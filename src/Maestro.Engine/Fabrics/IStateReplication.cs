namespace Maestro.Engine.Fabrics;

/// <summary>Copies of connections on the members that would take them over. They are made by the members themselves; here is only looked.</summary>
public interface IStateReplication
{
    /// <summary>What each member of the group says of its own connections and of the copies that it keeps, by id. One that does not answer is there, with the reason.</summary>
    /// <exception cref="Model.Errors.MaestroException"><c>GroupNotFound</c>.</exception>
    Task<IReadOnlyList<MemberReplication>> ObserveAsync(string securityGroup, CancellationToken cancellation);
}

/// <summary>One member's part of the replication, as it says itself.</summary>
public sealed record MemberReplication
{
    /// <summary>The member's id.</summary>
    public required string Member { get; init; }

    /// <summary>Connections that it carries; null when not known.</summary>
    public long? Owned { get; init; }

    /// <summary>Copies of others' connections that it keeps; null when not known.</summary>
    public long? BackedUp { get; init; }

    /// <summary>The age of the oldest change that another member has not been told yet; null when not known.</summary>
    public TimeSpan? Lag { get; init; }

    /// <summary>Connections of its own that should have a copy by now and have none; null when not known.</summary>
    public long? Unprotected { get; init; }

    /// <summary>What keeps it from sending or keeping copies; empty for nothing.</summary>
    public string Reason { get; init; } = "";
}
