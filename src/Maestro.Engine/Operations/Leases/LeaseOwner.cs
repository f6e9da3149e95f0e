namespace Maestro.Engine.Operations.Leases;

/// <summary>Who holds a lease: a process, told apart from any other process that ever had its number.</summary>
public sealed record LeaseOwner
{
    public required string MachineId { get; init; }

    public required string BootId { get; init; }

    public required int ProcessId { get; init; }

    /// <summary>When the process started, in the operating system's own units; tells a reused pid apart.</summary>
    public required string ProcessStart { get; init; }

    public required string Host { get; init; }

    public required string User { get; init; }

    /// <summary>As a user would name it: <c>anna@jump1</c>.</summary>
    public override string ToString() => $"{User}@{Host}";
}

/// <summary>Tells who we are, and whether another owner still lives.</summary>
public interface IHostIdentity
{
    LeaseOwner Self { get; }

    /// <summary>True and false when it can be known (same machine); null when only the lease's expiry can tell.</summary>
    bool? IsAlive(LeaseOwner owner);
}
