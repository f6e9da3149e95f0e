namespace Maestro.Engine.Operations.Leases;

/// <summary>Names of what a lease can be on. A plan takes all it needs in ordinal order, all or none.</summary>
public static class Resource
{
    /// <summary>The orchestrators' pending topology: one for the whole fabric.</summary>
    public const string Topology = "topology";

    /// <summary>A group's membership, policy and configuration; held for the whole operation.</summary>
    public static string Change(string securityGroup) => "change:" + securityGroup;

    /// <summary>A group's distribution table; held for one transaction.</summary>
    public static string Traffic(string securityGroup) => "traffic:" + securityGroup;

    /// <summary>The right to act on what is seen of a group's members; held by the watch that leads.</summary>
    public static string Watch(string securityGroup) => "watch:" + securityGroup;

    /// <summary>The right to keep what is seen of a group in the store; held by one of the watches that see it.</summary>
    public static string Events(string securityGroup) => "events:" + securityGroup;
}
