namespace Maestro.Testbeds;

/// <summary>What a testbed is made of. The defaults give a small bed with everything that most tests want.</summary>
public sealed record TestbedOptions
{
    /// <summary>How many gateways, 1 to 200.</summary>
    public int Gateways { get; init; } = 4;

    /// <summary>Over how many sites the gateways are spread, 1 or 2. Site 1 holds fw-a1, fw-a2..., site 2 fw-b1, fw-b2...</summary>
    public int Sites { get; init; } = 1;

    /// <summary>The TCP port of every sshd. Each host has an address of its own, so they do not collide.</summary>
    public int Port { get; init; } = 22;

    /// <summary>A further host which alone reaches the gateways' hidden addresses.</summary>
    public bool JumpHost { get; init; }

    /// <summary>
    /// Hosts between the gateways and further clients and servers, 0 to 2: orch-1 and orch-2, each with a port on either side. Their packets take the way that
    /// the orchestrators choose.
    /// </summary>
    public int Orchestrators { get; init; }

    /// <summary>
    /// Makes systemd process 1 of every gateway and orchestrator, with its own journald, dbus and units; sshd is one of them, and so is what brings the addresses. The hosts' own
    /// ifupdown and networkd are there, not enabled.
    /// </summary>
    public bool Systemd { get; init; }

    /// <summary>Gives every host an RSA key beside its Ed25519 key (slower: some 100 ms a host).</summary>
    public bool RsaHostKeys { get; init; }

    /// <summary>A password for both accounts, for logins without a key; null allows none.</summary>
    public string? Password { get; init; }

    /// <summary>Size of each host's disk in MiB, 8 to 4096. It lives in memory and only what is used counts.</summary>
    public int DiskMebibytes { get; init; } = 64;

    /// <summary>How long starting, powering on or off may take before the bed is given up.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>The folder under which the bed makes its own folder.</summary>
    public string Directory { get; init; } = Path.GetTempPath();

    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(Gateways, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Gateways, 200);
        ArgumentOutOfRangeException.ThrowIfNegative(Orchestrators);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Orchestrators, 2);
        ArgumentOutOfRangeException.ThrowIfLessThan(Sites, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Sites, 2);
        ArgumentOutOfRangeException.ThrowIfLessThan(Port, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Port, 65535);
        ArgumentOutOfRangeException.ThrowIfLessThan(DiskMebibytes, 8);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(DiskMebibytes, 4096);
    }
}
