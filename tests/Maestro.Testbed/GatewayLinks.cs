namespace Maestro.Testbeds;

/// <summary>The cables of a host.</summary>
[Flags]
public enum GatewayLinks
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>eth0.</summary>
    Management = 1,

    /// <summary>eth1.</summary>
    Outside = 2,

    /// <summary>eth2.</summary>
    Inside = 4,

    /// <summary>eth3, towards the jump host.</summary>
    Hidden = 8,

    /// <summary>An orchestrator's eth4, towards the clients.</summary>
    Clients = 16,

    /// <summary>An orchestrator's eth5, towards the servers.</summary>
    Servers = 32,

    /// <summary>All of them.</summary>
    All = Management | Outside | Inside | Hidden | Clients | Servers,
}
