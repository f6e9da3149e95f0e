using System.Globalization;
using Maestro.Engine.Fabrics;
using Maestro.Engine.Model.Errors;
using Maestro.Engine.Model.Groups;
using Maestro.Engine.Operations.Plans;
using Maestro.Engine.Operations.Steps;

namespace Maestro.Engine.Clustering.Membership;

/// <summary>
/// Whether active members may leave: never the last one, and the rest must still bear the loss of the group's spare number of members
/// below its capacity ceiling (N+1; domain sheet section 3, "N+1 maths"). Answers with the arithmetic.
/// </summary>
internal static class CapacityGuard
{
    public const string CapacityCheck = "Capacity";
    public const string LastActiveCheck = "LastActive";

    /// <exception cref="MaestroException"><c>Maestro.CapacityGuard</c>.</exception>
    public static Decision Require(ObservedWorld world, SecurityGroup group, IReadOnlyCollection<string> leaving)
    {
        var active = world.MembersOf(group.Name).Where(m => m.State is MemberState.Active or MemberState.Standby).ToList();
        var out_ = active.Count(m => leaving.Contains(m.Member));
        if (out_ == 0) return new Decision($"group '{group.Name}'", "no active member leaves", Acts: false);

        var left = active.Count - out_;
        // Whom nobody gives any slots carries nothing.
        var carrying = active.Where(m => m.Weight != 0).ToList();
        if ((left == 0 || (carrying.Count > 0 && carrying.All(m => leaving.Contains(m.Member)))) && !world.SkippedChecks.Contains(LastActiveCheck, StringComparer.OrdinalIgnoreCase))
        {
            throw new MaestroException(
                ErrorCatalogue.CapacityGuard,
                $"{string.Join(", ", leaving)} would be the last active of '{group.Name}': {Text(active.Count)} active - {Text(out_)} leaving = {(left == 0 ? "0 left" : $"{Text(left)} left, of weight 0")}.",
                group.Name,
                "Add a member first. -SkipCheck Capacity,LastActive takes the group off the network.");
        }

        var words = Arithmetic(group, active, out_, left, out var holds);
        if (holds) return new Decision($"group '{group.Name}'", words, Acts: false);
        if (world.SkippedChecks.Contains(CapacityCheck, StringComparer.OrdinalIgnoreCase))
        {
            return new Decision($"group '{group.Name}'", $"N+1 is waived by -SkipCheck Capacity: {words}", Acts: false);
        }

        throw new MaestroException(ErrorCatalogue.CapacityGuard, $"Without {string.Join(", ", leaving)} '{group.Name}' would lose its N+1: {words}.", group.Name);
    }

    /// <summary>All that leave together, as a step's argument; empty where the guard is waived.</summary>
    public static string Argument(ObservedWorld world, IEnumerable<string> leaving) =>
        world.SkippedChecks.Contains(CapacityCheck, StringComparer.OrdinalIgnoreCase) ? "" : string.Join(",", leaving);

    /// <summary>The argument of an apply that takes out members whom the guard is not asked for.</summary>
    public static StepArguments Waived(ObservedWorld world, StepArguments arguments, bool isReplaced = false) =>
        isReplaced || world.SkippedChecks.Contains(CapacityCheck, StringComparer.OrdinalIgnoreCase) ? arguments.With(StepArgumentNames.Unguarded, "true") : arguments;

    /// <summary>The same question right before a member is taken out: between plan and step others may have failed. Null when the group can spare it.</summary>
    public static string? FindBreach(TopologyView view, string group, string member, IReadOnlyCollection<string> leaving)
    {
        var active = view.Members.Where(m => m.SecurityGroup == group && m.State is MemberState.Active or MemberState.Standby).ToList();
        if (active.All(m => m.Member != member) || view.Groups.FirstOrDefault(g => g.Name == group) is not { } found) return null;
        var out_ = active.Count(m => leaving.Contains(m.Member));
        var words = Arithmetic(found, active, out_, active.Count - out_, out var holds);
        return holds ? null : $"'{group}' can no longer spare it: {words}";
    }

    /// <summary>Whether the group as it stands can bear the loss of its spare members, with the arithmetic.</summary>
    public static (bool Holds, string Words) Judge(SecurityGroup group, IEnumerable<GroupMember> members)
    {
        var active = members.Where(m => m.State is MemberState.Active or MemberState.Standby).ToList();
        var words = Arithmetic(group, active, 0, active.Count, out var holds);
        return (holds, words);
    }

    /// <summary>The same question answered with numbers.</summary>
    public static CapacityOutlook Foresee(SecurityGroup group, IEnumerable<GroupMember> members)
    {
        var active = members.Where(m => m.State is MemberState.Active or MemberState.Standby).ToList();
        var words = Arithmetic(group, active, 0, active.Count, out var holds);
        var isKnown = active.Count > 0 && active.All(m => m.LoadPercent is not null);
        var load = isKnown ? active.Sum(m => m.LoadPercent!.Value) : 0;
        var bearing = active.Count - group.Spare;
        // The fewest who bear that load together, each at the ceiling at the most.
        var needed = isKnown ? Math.Max(1, (int)Math.Ceiling(load / Math.Max(group.CapacityCeiling, 1))) : 1;
        return new CapacityOutlook
        {
            Holds = holds,
            // The guard's own comparison decides where a quotient was rounded.
            Margin = holds ? Math.Max(bearing - needed, 0) : Math.Min(bearing - needed, -1),
            LoadPercent = isKnown ? load / active.Count : null,
            LoadPercentAfterLoss = isKnown && bearing > 0 ? load / bearing : null,
            Words = words,
        };
    }

    private static string Arithmetic(SecurityGroup group, List<GroupMember> active, int out_, int left, out bool holds)
    {
        var bearing = left - group.Spare;
        var count = $"{Text(active.Count)} active - {Text(out_)} leaving - {Text(group.Spare)} spare = {Text(Math.Max(bearing, 0))} to carry the load";
        if (bearing <= 0)
        {
            holds = group.Spare == 0 && left > 0;
            return count;
        }

        if (active.Any(m => m.LoadPercent is null))
        {
            holds = true;
            return count + ", load not known";
        }

        var load = active.Sum(m => m.LoadPercent!.Value);
        var after = load / bearing;
        holds = after <= group.CapacityCeiling;
        return $"{count} at {Text(after)} % each, ceiling {Text(group.CapacityCeiling)} %";
    }

    private static string Text(double value) => value.ToString("0.#", CultureInfo.InvariantCulture);
}
