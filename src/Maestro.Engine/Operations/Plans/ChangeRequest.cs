using Maestro.Engine.Clustering.Distribution.Nat;
using Maestro.Engine.Fabrics;
using Maestro.Engine.Model.Errors;
using Maestro.Engine.Model.Groups;
using Maestro.Engine.Store;

namespace Maestro.Engine.Operations.Plans;

/// <summary>What somebody wants changed. Planning is a pure function of it and of what was observed.</summary>
public abstract record ChangeRequest
{
    /// <summary>The operation's kind, such as <c>AddGroupMember</c>.</summary>
    public abstract string Kind { get; }

    /// <summary>The group that it is about; empty for changes of the whole fabric.</summary>
    public abstract string SecurityGroup { get; }

    /// <summary>Whether planning depends on <see cref="ObservedWorld.Distributions"/>, which are asked for only then.</summary>
    public virtual bool NeedsDistributions => false;

    /// <summary>Whose address translation planning judges by <see cref="ObservedWorld.Translations"/>, which is looked for only then; null for nobody's.</summary>
    internal virtual NatQuestion? Nat => null;

    /// <summary>Null for all but a change that waits for no other operation and no silent host.</summary>
    internal virtual Urgency? Urgency => null;

    /// <summary>Contents that steps will carry, by fingerprint. The plan names them by fingerprint only.</summary>
    public virtual IReadOnlyDictionary<string, string> Contents => NoContents;

    private static readonly IReadOnlyDictionary<string, string> NoContents = new Dictionary<string, string>();

    /// <summary>Decides everything. No I/O, no clock, no randomness.</summary>
    /// <exception cref="MaestroException">What is asked for cannot be done in this world.</exception>
    public abstract Plan Plan(ObservedWorld world);
}

/// <summary>
/// Of a change that cannot wait: it is planned once, under its leases, by a hurried look. What others left unfinished, and what is pending, it does not look at.
/// </summary>
/// <param name="Resources">The leases that it needs, whatever is seen.</param>
/// <param name="Unasked">Gateways that are known to be lost and are not asked.</param>
internal sealed record Urgency(IReadOnlyList<string> Resources, IReadOnlyList<string> Unasked);

/// <summary>All that a plan may depend on beside the request.</summary>
public sealed record ObservedWorld
{
    public required TopologyView Deployed { get; init; }

    public required IReadOnlyList<PendingChange> Pending { get; init; }

    /// <summary>The topology as it would be after an apply; the deployed one when nothing is pending.</summary>
    public required TopologyView PendingTopology { get; init; }

    public required FabricTraits Traits { get; init; }

    /// <summary>The facets that the fabric has.</summary>
    public required IReadOnlyList<FabricFacet> Facets { get; init; }

    /// <summary>Policy generations of the groups that the request is about, newest first.</summary>
    public IReadOnlyList<GenerationRecord> PolicyGenerations { get; init; } = [];

    /// <summary>The same of their configurations.</summary>
    public IReadOnlyList<GenerationRecord> ConfigurationGenerations { get; init; } = [];

    /// <summary>The distributions of all groups, where the request says that it needs them.</summary>
    public IReadOnlyList<GroupTraffic> Distributions { get; init; } = [];

    /// <summary>The address translation of groups that are distributed, where the request asks for it.</summary>
    internal IReadOnlyList<GroupTranslations> Translations { get; init; } = [];

    /// <summary>Who asks, as <c>user@host</c>.</summary>
    public required string Actor { get; init; }

    public string Message { get; init; } = "";

    public IReadOnlyList<string> SkippedChecks { get; init; } = [];

    /// <summary>Makes the error for a facet that is missing.</summary>
    public required Func<FabricFacet, MaestroException> MissingFacet { get; init; }

    public void Require(FabricFacet facet)
    {
        if (!Facets.Contains(facet)) throw MissingFacet(facet);
    }

    /// <summary>The group of that name or id.</summary>
    /// <exception cref="MaestroException"><c>Maestro.GroupNotFound</c>, <c>Maestro.GroupAmbiguous</c>.</exception>
    public SecurityGroup Group(string nameOrId)
    {
        var found = Deployed.Groups.Where(g => GroupName.IsId(nameOrId) ? GroupName.IdText(g.Id) == nameOrId : string.Equals(g.Name, nameOrId, StringComparison.OrdinalIgnoreCase)).ToList();
        return found.Count switch
        {
            1 => found[0],
            0 => throw new MaestroException(ErrorCatalogue.GroupNotFound, $"There is no Security Group '{nameOrId}' on '{Traits.Endpoint}'.", nameOrId),
            _ => throw new MaestroException(ErrorCatalogue.GroupAmbiguous, $"{found.Count} Security Groups are named '{nameOrId}': ids {string.Join(", ", found.Select(g => GroupName.IdText(g.Id)))}.", nameOrId),
        };
    }

    public IEnumerable<GroupMember> MembersOf(string securityGroup) => Deployed.Members.Where(m => m.SecurityGroup == securityGroup);

    /// <exception cref="MaestroException"><c>Maestro.MemberNotFound</c>.</exception>
    public GroupMember Member(string securityGroup, string member)
    {
        var wanted = MemberId.TryParse(member, out var id) ? id.ToString() : member;
        return MembersOf(securityGroup).FirstOrDefault(m => m.Member == wanted)
            ?? throw new MaestroException(ErrorCatalogue.MemberNotFound, $"'{securityGroup}' has no member '{member}'.", member);
    }
}
