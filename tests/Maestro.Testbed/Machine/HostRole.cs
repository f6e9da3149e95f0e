namespace Maestro.Testbeds.Machine;

/// <summary>What a host is there for.</summary>
internal enum HostRole
{
    Gateway,
    JumpHost,
    Orchestrator,
}
