using System.Globalization;
using Maestro.Engine.Fabrics;
using Maestro.Engine.Model.Groups;
using Maestro.Engine.Operations.Leases;
using Maestro.Engine.Operations.Plans;
using Maestro.Engine.Operations.Steps;
using Names = Maestro.Engine.Operations.Steps.StepArgumentNames;

namespace Maestro.Engine.Clustering.Failover;

/// <summary>
/// Gives the slots of members that were judged to be lost to their backups, and those who came back their share again. It takes the group's traffic lease alone,
/// so that it waits for no other operation, and asks nobody who is lost.
/// </summary>
internal sealed record FailoverChange : ChangeRequest
{
    /// <summary>The subject of what is decided of no single member.</summary>
    public const string Distribution = "distribution";

    public override string Kind => "GroupFailover";

    public override string SecurityGroup => Group;

    internal override Urgency? Urgency => new([Resource.Traffic(Group)], Gateways);

    public required string Group { get; init; }

    /// <summary>Ids of all members that are judged to be lost now.</summary>
    public required IReadOnlyList<string> Lost { get; init; }

    /// <summary>Those of them that answer again, and have not done so for long enough, or have no slots any more: nothing that they carry is taken from them, and they get nothing.</summary>
    public IReadOnlyList<string> Heard { get; init; } = [];

    /// <summary>Ids of members that had slots when the table was last seen.</summary>
    public IReadOnlyList<string> Carrying { get; init; } = [];

    /// <summary>Those that were, and are back.</summary>
    public IReadOnlyList<string> Returned { get; init; } = [];

    /// <summary>The gateways of the lost.</summary>
    public IReadOnlyList<string> Gateways { get; init; } = [];

    /// <summary>What is to be brought in step: a sentence for each orchestrator that answers and does not go by the group's table, its id first.</summary>
    public IReadOnlyList<string> OutOfStep { get; init; } = [];

    /// <summary>Who judged so, and by what.</summary>
    public string Reason { get; init; } = "";

    /// <summary>Asked when it is planned: whether whoever judged so has not stood still since.</summary>
    internal Func<bool> Stands { get; init; } = () => true;

    public override Plan Plan(ObservedWorld world)
    {
        var group = world.Group(Group);
        world.Require(FabricFacet.Traffic);
        var unfit = Returned.Select(id => (Member: id, Why: FindUnfit(world, group.Name, id))).Where(r => r.Why.Length > 0).ToList();
        // Whatever this is for, it brings the table to all who carry: nobody comes in with it by an older policy.
        var behind = world.MembersOf(group.Name).Where(m => m.State == MemberState.Active && FindUnfit(world, group.Name, m.Member).Length > 0).Select(m => m.Member);
        var silent = Lost.Except(Heard).ToList();
        var stranded = new List<Decision>();
        if (silent.Count > 0 && !Stands())
        {
            stranded.Add(new Decision(Distribution, $"who judged {string.Join(", ", silent)} to be lost stood still since: nothing is taken from anybody before they are judged anew", Acts: false));
            silent.Clear();
        }

        if (silent.Count > 0 && !world.MembersOf(group.Name).Any(MayTakeOver) && Returned.Count == unfit.Count)
        {
            stranded.Add(new Decision(Distribution, $"nobody of '{group.Name}' is left who takes slots: those of {string.Join(", ", silent)} stay where they are", Acts: false));
            silent.Clear();
        }

        var decisions = silent.Select(id => new Decision($"member {id}", $"is lost, its slots go to their backups: {Reason}"))
            .Concat(Returned.Except(unfit.Select(u => u.Member)).Select(id => new Decision($"member {id}", "is back and gets its share")))
            .Concat(OutOfStep.Select(words => new Decision("orchestrator", $"is brought in step: {words}")))
            .Concat(unfit.Select(u => new Decision($"member {u.Member}", $"answers again, and gets nothing yet: {u.Why}", Acts: false))).Concat(stranded).ToList();
        return new Plan
        {
            Kind = Kind,
            SecurityGroup = group.Name,
            Resources = [Resource.Traffic(group.Name)],
            Stages = decisions.Any(d => d.Acts) ? [new PlanStage { Name = "failover", MayRest = false, Steps = [Step(group.Name, silent, Lost.Intersect(Heard).Concat(unfit.Select(u => u.Member)).Union(behind))] }] : [],
            Decisions = decisions,
            FailurePolicy = FailurePolicy.Stop,
            Attributes = StepArguments.Of((Names.NotYet, string.Join(",", unfit.Select(u => u.Member)))),
        };
    }

    /// <summary>Of those who are back, whom a plan of this gives nothing yet.</summary>
    public static IReadOnlyList<string> UnfitOf(Plan plan) => plan.Attributes[Names.NotYet].Split([','], StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Who carries and is only slow to answer counts, too.</summary>
    private bool MayTakeOver(GroupMember member) =>
        !Lost.Contains(member.Member) && member.Weight != 0 && (member.State is MemberState.Active or MemberState.Standby || (member.State is MemberState.Lost or MemberState.Unknown && Carrying.Contains(member.Member)));

    /// <summary>Policy and configuration first, then traffic.</summary>
    private static string FindUnfit(ObservedWorld world, string group, string id)
    {
        var members = world.MembersOf(group).ToList();
        if (members.FirstOrDefault(m => m.Member == id) is not { } member) return "it is no member";
        if (member.State != MemberState.Active) return $"it is {member.State}{(member.Reason.Length > 0 ? ": " + member.Reason : "")}";
        var others = members.Where(m => m.Member != id && m.State == MemberState.Active).ToList();
        if (others.Count == 0) return "";
        if ((member.PolicyVersion ?? 0) < (others.Max(m => m.PolicyVersion) ?? 0)) return Behind("policy", member.PolicyVersion, others.Max(m => m.PolicyVersion), "Sync-Policy");
        return (member.ConfigurationVersion ?? 0) < (others.Max(m => m.ConfigurationVersion) ?? 0) ? Behind("configuration", member.ConfigurationVersion, others.Max(m => m.ConfigurationVersion), "Sync-Configuration") : "";
    }

    private static string Behind(string what, int? has, int? others, string remedy) => $"its {what} is {Number(has)}, the others have {Number(others)}; {remedy} brings it along";

    private static string Number(int? version) => version is { } number ? "#" + number.ToString(CultureInfo.InvariantCulture) : "none";

    private static PlanStep Step(string group, IReadOnlyList<string> lost, IEnumerable<string> notYet) => new()
    {
        Id = "traffic/failover",
        Kind = StepKinds.TrafficFailover,
        Subject = $"distribution of '{group}'",
        SecurityGroup = group,
        Arguments = StepArguments.Of((Names.Lost, string.Join(",", lost)), (Names.NotYet, string.Join(",", notYet))),
        Reason = lost.Count > 0 ? "what the lost carried goes to their backups" : "who is back gets its share, and every orchestrator the table",
    };
}
