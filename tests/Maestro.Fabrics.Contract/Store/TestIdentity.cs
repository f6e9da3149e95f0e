using Maestro.Engine.Operations.Leases;

namespace Maestro.Fabrics.Contract.Store;

/// <summary>An identity whose processes live and die as a test says.</summary>
public sealed class TestIdentity : IHostIdentity
{
    public LeaseOwner Self { get; init; } = Process(1);

    /// <summary>Processes of this machine that are gone.</summary>
    public HashSet<int> Dead { get; } = [];

    /// <summary>Processes that cannot be looked at.</summary>
    public HashSet<int> Hidden { get; } = [];

    public static LeaseOwner Process(int id, string boot = "boot-1", string machine = "machine-1") => new()
    {
        MachineId = machine,
        BootId = boot,
        ProcessId = id,
        ProcessStart = "4711",
        Host = "jump1",
        User = "anna",
    };

    public bool? IsAlive(LeaseOwner owner) => owner.MachineId != Self.MachineId || Hidden.Contains(owner.ProcessId) ? null : !Dead.Contains(owner.ProcessId);
}
