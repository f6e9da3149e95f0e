using Maestro.Engine.Operations.Leases;

namespace Maestro.Engine.Store;

/// <summary>How a <see cref="SqliteStore"/> is opened.</summary>
public sealed record SqliteStoreOptions
{
    /// <summary>The file; null for a store in memory that dies with it.</summary>
    public string? Path { get; init; }

    public required TimeProvider Time { get; init; }

    public required IHostIdentity Identity { get; init; }

    /// <summary>True: every call runs on the caller's thread, for the deterministic scheduler. False: one writer thread, and calls that are ready together share a commit.</summary>
    public bool Inline { get; init; }

    /// <summary>
    /// How an inline store puts work behind everything that its scheduler has ready, on the same thread: calls that are ready together then share a commit
    /// as they do with a writer thread. Null: each call is a commit of its own.
    /// </summary>
    public Action<Action>? BehindReady { get; init; }

    /// <summary>How long events are kept.</summary>
    public EventRetention Events { get; init; } = new();

    /// <summary>The name of a registered SQLite VFS, for fault injection; null for the system's.</summary>
    public string? Vfs { get; init; }
}
