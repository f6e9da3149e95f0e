using Maestro.Engine.Fabrics.Simulation.World;
using Maestro.Engine.Operations.Plans;

namespace Maestro.Engine.Fabrics.Simulation;

/// <summary>What the lab's members carry.</summary>
internal sealed class SimulationMeasurements(SimulationCalls calls) : IMeasurements
{
    public Task<IReadOnlyList<MemberTraffic>> MeasureAsync(IReadOnlyList<MemberRef> members, CancellationToken cancellation)
    {
        var (world, measured) = (calls.World, new List<MemberTraffic>());
        foreach (var name in members.Select(m => m.SecurityGroup).Distinct(StringComparer.Ordinal))
        {
            calls.Looked("traffic.measure", name);
            if (world.State.FindGroup(name) is { } group) measured.AddRange(LabDistribution.Measure(world.State, group, LabDistribution.Current(world, group).Slots, world.Now));
        }

        return Task.FromResult<IReadOnlyList<MemberTraffic>>([.. members.Select(m => measured.FirstOrDefault(t => t.Member == m.Member) ?? new MemberTraffic(m.Member, null, null))]);
    }
}
