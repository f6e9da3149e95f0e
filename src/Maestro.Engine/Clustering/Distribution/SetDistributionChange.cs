using System.Globalization;
using Maestro.Engine.Clustering.Distribution.Nat;
using Maestro.Engine.Fabrics;
using Maestro.Engine.Model.Distribution;
using Maestro.Engine.Model.Errors;
using Maestro.Engine.Operations.Leases;
using Maestro.Engine.Operations.Plans;
using Maestro.Engine.Operations.Steps;
using Names = Maestro.Engine.Operations.Steps.StepArgumentNames;

namespace Maestro.Engine.Clustering.Distribution;

/// <summary>New rules of a group's distribution. Null leaves one alone.</summary>
public sealed record SetDistributionChange : ChangeRequest
{
    public override string Kind => "SetGroupDistribution";

    public override string SecurityGroup => Group;

    public override bool NeedsDistributions => true;

    internal override NatQuestion? Nat => Mode is null && Layer4 is null ? null : new NatQuestion { Groups = [Group] };

    public required string Group { get; init; }

    public DistributionMode? Mode { get; init; }

    public bool? Layer4 { get; init; }

    public int? SlotCount { get; init; }

    public override Plan Plan(ObservedWorld world)
    {
        var group = world.Group(Group);
        world.Require(FabricFacet.Traffic);
        var seen = world.Distributions.First(d => d.SecurityGroup == group.Name);
        var table = seen.Table;
        var rules = table.Rules with { Mode = Mode ?? table.Rules.Mode, Layer4 = Layer4 ?? table.Rules.Layer4 };
        var slots = SlotCount ?? table.Slots.SlotCount;
        if (!SlotTable.IsSlotCount(slots)) throw new MaestroException(ErrorCatalogue.ParameterInvalid, $"A distribution has a power of two of slots, not {Text(slots)}.", group.Name, "Choose 512, 1024, 2048 or so.");
        RequireWayBack(world, group.Name, rules);

        var finding = rules == table.Rules ? NatFinding.None : NatGate.Require(world, group, [], rules);
        var decisions = new List<Decision>(finding.Decisions);
        var subject = $"group '{group.Name}'";
        if (rules != table.Rules) decisions.Add(new Decision(subject, $"distributes by {rules.Words} (was {table.Rules.Words})"));
        if (slots != table.Slots.SlotCount) decisions.Add(new Decision(subject, $"has {Text(slots)} slots (was {Text(table.Slots.SlotCount)}), built anew: flows may move to another member"));
        foreach (var words in seen.OutOfStep) decisions.Add(new Decision(subject, $"is brought in step: {words}"));
        if (decisions.Count == 0) decisions.Add(new Decision(subject, $"distributes by {rules.Words} over {Text(slots)} slots already", Acts: false));
        var acts = decisions.Any(d => d.Acts);
        return new Plan
        {
            Kind = Kind,
            SecurityGroup = group.Name,
            Resources = [Resource.Traffic(group.Name)],
            Stages = acts
                ? [new PlanStage { Name = "distribution", Steps = [Step("traffic/rules", group.Name, rules, slots, Step("traffic/rules/undo", group.Name, table.Rules, table.Slots.SlotCount, null))] }]
                : [],
            Decisions = decisions,
            Warnings = rules != table.Rules || slots != table.Slots.SlotCount ? [.. Warnings(world, table.Rules, rules), .. finding.Warnings] : [],
            FailurePolicy = FailurePolicy.Rollback,
        };
    }

    internal static (FlowRules Rules, int SlotCount) RulesOf(StepArguments arguments, FlowRules current) => (
        current with { Mode = (DistributionMode)Enum.Parse(typeof(DistributionMode), arguments[Names.Mode]), Layer4 = arguments[Names.Layer4] == "true" },
        arguments.GetInt32(Names.SlotCount));

    // Where nobody forwards a stray packet to the flow's owner, both directions must have one slot.
    private static void RequireWayBack(ObservedWorld world, string group, FlowRules rules)
    {
        if (rules.IsSymmetric || world.Traits.CorrectsStrays) return;
        throw new MaestroException(ErrorCatalogue.DistributionAsymmetric, $"In mode {rules.Mode} the two directions of a flow may reach two members, and nobody on '{world.Traits.Endpoint}' brings them together.", group);
    }

    private static IEnumerable<string> Warnings(ObservedWorld world, FlowRules before, FlowRules rules)
    {
        if (!rules.IsSymmetric && before.Mode != rules.Mode) yield return $"In mode {rules.Mode} the two directions of a flow may reach two members; the correction layer brings them together, at the price of a second hop.";
        if (world.Traits.LongestMove == TimeSpan.Zero) yield return "Flows that fall into another slot from now on may reach a member that does not know them.";
    }

    private static PlanStep Step(string id, string group, FlowRules rules, int slots, PlanStep? inverse) => new()
    {
        Id = id,
        Kind = StepKinds.TrafficRules,
        Subject = $"distribution of '{group}'",
        SecurityGroup = group,
        Arguments = StepArguments.Of((Names.Mode, rules.Mode.ToString()), (Names.Layer4, rules.Layer4 ? "true" : "false"), (Names.SlotCount, Text(slots))),
        Reason = $"distribute by {rules.Words} over {Text(slots)} slots",
        Inverse = inverse,
    };

    private static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);
}
