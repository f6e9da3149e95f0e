using System.Net;

namespace Maestro.Engine.Clustering.Distribution.Nat;

/// <summary>Which end of a packet a statement translates, and into what.</summary>
internal enum TranslationKind
{
    /// <summary>Where the packet comes from, into an address that the policy names.</summary>
    Source,

    /// <summary>Where it goes.</summary>
    Destination,

    /// <summary>Where it comes from, into the address that the member's own device has.</summary>
    Masquerade,

    /// <summary>Where it goes, into the member itself.</summary>
    Redirect,
}

/// <summary>A statement of a policy that translates addresses or ports of packets that a member forwards.</summary>
internal sealed record AddressTranslation
{
    /// <summary>File and line, as the policy's author knows them.</summary>
    public required string Place { get; init; }

    /// <summary>As it is written.</summary>
    public required string Words { get; init; }

    public required TranslationKind Kind { get; init; }

    /// <summary>The devices that the packet can have come in on; null where that is not certain.</summary>
    public IReadOnlyList<string>? ArrivesOn { get; init; }

    /// <summary>The devices that it can leave by; null where that is not certain.</summary>
    public IReadOnlyList<string>? LeavesBy { get; init; }

    /// <summary>Whether the port of the translated end may become another.</summary>
    public bool ChangesPort { get; init; }

    /// <summary>Into which addresses, as far as the statement names them one by one.</summary>
    public IReadOnlyList<IPAddress> Into { get; init; } = [];
}

/// <summary>The translations of a group's policy, and what its packets are distributed by.</summary>
/// <param name="SecurityGroup">The group's name.</param>
/// <param name="Rules">From packet to slot.</param>
/// <param name="Translations">Those of the policy that the group has or is to get; null where its content is not known.</param>
internal sealed record GroupTranslations(string SecurityGroup, FlowRules Rules, IReadOnlyList<AddressTranslation>? Translations);
