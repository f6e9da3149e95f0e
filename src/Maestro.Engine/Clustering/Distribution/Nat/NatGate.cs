using System.Globalization;
using Maestro.Engine.Fabrics;
using Maestro.Engine.Model.Errors;
using Maestro.Engine.Model.Fabric;
using Maestro.Engine.Model.Groups;
using Maestro.Engine.Operations.Plans;

namespace Maestro.Engine.Clustering.Distribution.Nat;

/// <summary>What a plan says of a group's address translation.</summary>
/// <param name="Decisions">One where there is any to judge.</param>
/// <param name="Warnings">What the user should know.</param>
internal sealed record NatFinding(IReadOnlyList<Decision> Decisions, IReadOnlyList<string> Warnings)
{
    public static readonly NatFinding None = new([], []);
}

/// <summary>Whether the address translation of a group's policy can be distributed, asked before anything is sent. Groups that nobody distributes are not concerned.</summary>
internal static class NatGate
{
    public const string NatCheck = "Nat";

    private static readonly string[] Sides = ["inside", "outside"];

    private static readonly NatObstacle Unknown = new("the content of the group's policy is neither in the store nor on a member, so nobody can say what it translates", "Sync-Policy with the policy's files");

    // An error record is read on a screen.
    private const int MostTold = 10;

    /// <param name="world">With the group's translations, where a request asked for them.</param>
    /// <param name="group">The group.</param>
    /// <param name="joining">Gateways that are to be members as well.</param>
    /// <param name="rules">What packets will be distributed by; null for what they are.</param>
    /// <param name="ports">Those that the group will have; null for those that it has.</param>
    /// <exception cref="MaestroException"><c>Maestro.NatNotDistributable</c>.</exception>
    public static NatFinding Require(ObservedWorld world, SecurityGroup group, IEnumerable<string> joining, FlowRules? rules = null, IReadOnlyList<string>? ports = null)
    {
        // A correction layer forwards a stray answer to the flow's member.
        if (world.Traits.CorrectsStrays || !IsSteered(world.Deployed, ports ?? group.Port)) return NatFinding.None;
        if (world.Translations.FirstOrDefault(t => t.SecurityGroup == group.Name) is not { } seen) return NatFinding.None;
        var gateways = new HashSet<string>(world.MembersOf(group.Name).Select(m => m.Gateway).Concat(joining), StringComparer.Ordinal);
        var downlinks = world.Deployed.Downlinks.Where(d => gateways.Contains(d.Gateway)).ToList();
        var by = rules ?? seen.Rules;
        // A group without members is judged when the first ones join.
        if (seen.Translations is { Count: 0 } || gateways.Count == 0) return NatFinding.None;
        var refused = seen.Translations is null ? [Unknown] : Judge(seen.Translations, by, downlinks).Distinct().ToList();
        var subject = $"group '{group.Name}'";
        var warnings = Warnings(seen.Translations ?? []);
        if (refused.Count == 0) return new([new Decision(subject, $"the address translation of its policy keeps to the end inside, and {by.Words} distributes by the one outside: both directions of a flow have one slot", Acts: false)], warnings);
        var words = string.Join("; ", refused.Take(MostTold).Select(r => r.Reason)) + (refused.Count > MostTold ? $"; and {(refused.Count - MostTold).ToString(CultureInfo.InvariantCulture)} more" : "");
        if (world.SkippedChecks.Contains(NatCheck, StringComparer.OrdinalIgnoreCase)) return new([new Decision(subject, $"NAT that cannot be distributed is let through by -SkipCheck Nat: {words}", Acts: false)], warnings);
        throw new MaestroException(
            ErrorCatalogue.NatNotDistributable,
            $"{words}. Nothing was sent.",
            group.Name,
            $"{string.Join("; ", refused.Select(r => r.WayOut).Distinct().Take(MostTold))}. -SkipCheck Nat goes on in spite of it.");
    }

    /// <summary>What stands in the way, each with its place.</summary>
    private static IEnumerable<NatObstacle> Judge(IReadOnlyList<AddressTranslation> translations, FlowRules rules, IReadOnlyList<MemberDownlink> downlinks)
    {
        foreach (var translation in translations)
        {
            if (NatJudge.Find(translation, rules, downlinks) is { } obstacle) yield return obstacle with { Reason = $"{translation.Place}: '{translation.Words}': {obstacle.Reason}" };
        }
    }

    /// <summary>Whether an orchestrator has uplinks of the group on both sides. A group that nobody gave ports has all that no group has.</summary>
    private static bool IsSteered(TopologyView view, IReadOnlyList<string> ports) => view.Ports
        .Where(p => p.Type == PortType.Uplink && (ports.Count > 0 ? ports.Contains(p.Id) : p.SecurityGroup.Count == 0))
        .GroupBy(p => p.Orchestrator).Any(o => Sides.All(side => o.Any(p => p.Side == side)));

    private static IReadOnlyList<string> Warnings(IReadOnlyList<AddressTranslation> translations)
    {
        var own = translations.Where(NatJudge.TranslatesOwn).Select(t => t.Place).Distinct().ToList();
        return own.Count == 0 ? [] : [$"{string.Join(", ", own.Take(MostTold))}: also what members begin by themselves is translated there, and its answers may reach another member; iifname with the downlinks to the inside leaves it out."];
    }
}
