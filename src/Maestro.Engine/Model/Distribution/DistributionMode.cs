namespace Maestro.Engine.Model.Distribution;

/// <summary>What of a packet decides its slot (domain sheet, section 2.1).</summary>
public enum DistributionMode
{
    /// <summary>Source and destination, the same for both directions.</summary>
    General,

    /// <summary>The destination on inside interfaces, the source on outside ones: for both directions the outside address.</summary>
    AutoTopology,

    /// <summary>The destination, on every interface: the two directions of a flow may reach two members.</summary>
    User,

    /// <summary>The source, on every interface: the two directions of a flow may reach two members.</summary>
    Network,
}

/// <summary>The side of the group that a packet enters on.</summary>
public enum FlowSide
{
    /// <summary>From the internal networks.</summary>
    Inside,

    /// <summary>From the external networks.</summary>
    Outside,
}
