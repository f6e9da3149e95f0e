using System.Globalization;
using Maestro.Engine.Clustering.Distribution;
using Maestro.Engine.Fabrics.Simulation.World;
using Maestro.Engine.Model.Errors;

namespace Maestro.Engine.Fabrics.Simulation;

/// <summary>The orchestrators' distribution: they follow their members by themselves, and take other rules under the table's version.</summary>
internal sealed class SimulationTraffic(SimulationCalls calls) : ITraffic
{
    private LabWorld World => calls.World;

    public Task<GroupTraffic> ObserveAsync(string securityGroup, CancellationToken cancellation)
    {
        calls.Looked("traffic.observe", securityGroup);
        var group = World.State.FindGroup(securityGroup) ?? throw new MaestroException(ErrorCatalogue.GroupNotFound, $"The lab has no group '{securityGroup}'.", securityGroup);
        var table = Current(group);
        return Task.FromResult(new GroupTraffic
        {
            SecurityGroup = group.Name,
            Table = table,
            ObservedAt = World.Now,
        });
    }

    public Task<Effect> ApplyAsync(FabricCall call, string securityGroup, DistributionTable table, long expectedVersion) =>
        calls.OnOrchestratorAsync(call, "traffic.apply", securityGroup, $"{table.Rules.Words}, {Text(table.Slots.SlotCount)} slots, version {Text(table.Version)} on {Text(expectedVersion)}", () =>
        {
            if (World.State.FindGroup(securityGroup) is not { } group) return Effect.Refused($"there is no group '{securityGroup}'", ErrorCatalogue.GroupNotFound);
            var current = Current(group);
            if (current == table) return Effect.Already($"version {Text(table.Version)}");
            if (current.Version != expectedVersion) return Effect.Refused($"the table has version {Text(current.Version)} by now", ErrorCatalogue.DistributionMoved, transient: true);
            if (table.Version <= current.Version) return Effect.Refused($"version {Text(table.Version)} does not come after {Text(current.Version)}", ErrorCatalogue.DistributionMoved);
            if (table.Slots.Members.FirstOrDefault(m => current.Slots.Members.All(c => c.Id != m.Id)) is { } stranger) return Effect.Refused($"{stranger} carries no traffic of '{securityGroup}'", ErrorCatalogue.MemberStateInvalid);
            group.Table = table.Write();
            group.Distribution = table.Rules.Words;
            return Effect.Done($"version {Text(table.Version)}");
        });

    public Task<Effect> FollowAsync(FabricCall call, string securityGroup, IReadOnlyCollection<string> lost, IReadOnlyCollection<string> notYet)
    {
        calls.Looked("traffic.follow", securityGroup);
        return Task.FromResult(World.State.FindGroup(securityGroup) is { } group
            ? Effect.Already($"version {Text(Current(group).Version)}")
            : Effect.Refused($"there is no group '{securityGroup}'", ErrorCatalogue.GroupNotFound));
    }

    public Task<Effect> YieldAsync(FabricCall call, string securityGroup, string orchestrator) =>
        Task.FromResult(Effect.Refused("the lab's orchestrators have no addresses to share", ErrorCatalogue.FabricCannot));

    private DistributionTable Current(LabGroup group) => LabDistribution.Current(World, group);

    private static string Text(long value) => value.ToString(CultureInfo.InvariantCulture);
}
