using System.Globalization;
using Maestro.Engine.Clustering.Membership;
using Maestro.Engine.Model.Errors;
using Maestro.Engine.Model.Groups;
using Maestro.Engine.Operations.Plans;

namespace Maestro.Engine.Clustering.Failover;

/// <summary>
/// A site gives its slots to the other one, with the connections in them: its members are taken out as by hand, and come back by a hand. It is one group's; other
/// groups of the site stay.
/// </summary>
public sealed record SiteFailoverChange : ChangeRequest
{
    public override string Kind => "SiteFailover";

    public override string SecurityGroup => Group;

    public required string Group { get; init; }

    /// <summary>The site that gives: 1 or 2.</summary>
    public required int Site { get; init; }

    public override Plan Plan(ObservedWorld world)
    {
        var group = world.Group(Group);
        var members = world.MembersOf(group.Name).ToList();
        var giving = members.Where(m => m.Site == Site && m.State != MemberState.Suspended).ToList();
        var site = Site.ToString(CultureInfo.InvariantCulture);
        if (members.All(m => m.Site != Site)) throw new MaestroException(ErrorCatalogue.MemberNotFound, $"'{group.Name}' has no member on site {site}.", group.Name, "Get-GroupMember shows the site of each.");
        // Not a question of the guard: there is nobody to give to.
        if (giving.Count > 0 && !members.Any(m => m.Site != Site && m.State is MemberState.Active or MemberState.Standby))
        {
            throw new MaestroException(ErrorCatalogue.CapacityGuard, $"No member of '{group.Name}' beyond site {site} carries traffic, so site {site} has nobody to give its slots to.", group.Name, "Bring members of the other site back first: Resume-GroupMember.");
        }

        // Also those that are silent or about to carry: nothing of the site is to come back by itself.
        var plan = new SuspendMembersChange { Group = group.Name, Members = [.. members.Where(m => m.Site == Site).Select(m => m.Member)] }.Plan(world.Message.Length > 0 ? world : world with { Message = $"failover of site {site}" });
        return plan with
        {
            Kind = Kind,
            Decisions = [new Decision($"site {site}", giving.Count == 0 ? "carries nothing" : $"gives its slots to site {(3 - Site).ToString(CultureInfo.InvariantCulture)}; Resume-GroupMember brings its members back", Acts: giving.Count > 0), .. plan.Decisions],
        };
    }
}
