using Maestro.Engine.Fabrics;
using Maestro.Engine.Model.Groups;
using Maestro.Simulation.Histories;

namespace Maestro.Simulation.Invariants;

/// <summary>Whoever looks sees one SMO Master in a group with an active member: the active one with the lowest id.</summary>
internal sealed class OneSmoMaster(History history) : Invariant(history)
{
    public override string Name => "I8 one SMO Master";

    public override void OnView(TopologyView view)
    {
        foreach (var group in view.Groups)
        {
            var members = view.Members.Where(m => m.SecurityGroup == group.Name).ToList();
            var masters = members.Where(m => m.IsSmoMaster).ToList();
            var lowest = members.Where(m => m.State == MemberState.Active).OrderBy(m => m.Site).ThenBy(m => m.Number).FirstOrDefault();
            Require(masters.Count <= 1, $"'{group.Name}' shows {masters.Count} SMO Masters");
            Require(masters.FirstOrDefault()?.Member == lowest?.Member && group.SmoMaster == (lowest?.Member ?? ""), $"'{group.Name}' shows {group.SmoMaster} as SMO Master, and {lowest?.Member} is the lowest active");
        }
    }
}
