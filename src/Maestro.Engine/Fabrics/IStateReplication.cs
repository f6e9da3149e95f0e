namespace Maestro.Engine.Fabrics;

/// <summary>Copies of connections on the members that would take them over. They are made by the members themselves; here is only looked.</summary>
public interface IStateReplication
{
    /// <summary>What each member of the group says of its own connections and of the copies that it keeps, by id. One that does not answer is there, with the reason.</summary>
    /// <exception cref="Model.Errors.MaestroException"><c>GroupNotFound</c>.</exception>
    Task<IReadOnlyList<MemberReplication>> ObserveAsync(string securityGroup, CancellationToken cancellation);

    /// <summary>Compares both sides entry by entry: connections that should have a copy by now and whose backup does not know them. What differs is looked at once more, after as long as a copy may take.</summary>
    /// <returns>By id, who owns such connections; empty when every one has its copy.</returns>
    /// <exception cref="Model.Errors.MaestroException"><c>GroupNotFound</c>.</exception>
    Task<IReadOnlyList<MissingCopies>> CompareAsync(string securityGroup, CancellationToken cancellation);
}

/// <summary>Connections of one member that their backups do not know.</summary>
/// <param name="Member">Whose.</param>
/// <param name="Count">How many.</param>
/// <param name="First">One of them, for people.</param>
public sealed record MissingCopies(string Member, int Count, string First);

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
