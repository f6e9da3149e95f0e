using Maestro.Engine.Clustering.Distribution;
using Maestro.Engine.Fabrics.Simulation.World;
using Maestro.Engine.Model.Errors;
using Maestro.Engine.Model.Groups;

namespace Maestro.Engine.Fabrics.Simulation;

/// <summary>The lab's copies of connections: each on the backup of its slot, told at once.</summary>
internal sealed class SimulationReplication(SimulationCalls calls) : IStateReplication
{
    public Task<IReadOnlyList<MemberReplication>> ObserveAsync(string securityGroup, CancellationToken cancellation)
    {
        calls.Looked("replication.observe", securityGroup);
        var (state, world) = (calls.World.State, calls.World);
        var group = state.FindGroup(securityGroup) ?? throw new MaestroException(ErrorCatalogue.GroupNotFound, $"The lab has no group '{securityGroup}'.", securityGroup);
        var slots = LabDistribution.Current(world, group).Slots;
        var owned = LabDistribution.Measure(state, group, slots, world.Now).ToDictionary(m => m.Member, m => m.FlowCount ?? 0, StringComparer.Ordinal);
        var kept = new Dictionary<string, double>(StringComparer.Ordinal);
        var bare = new Dictionary<string, double>(StringComparer.Ordinal);
        var active = slots.CountActive();
        for (var slot = 0; slot < slots.SlotCount; slot++)
        {
            if (slots.ActiveOf(slot) is not { } owner) continue;
            // Its connections are spread evenly over its slots.
            var each = (double)owned[owner.ToString()] / active[slots.IndexOf(owner.Id)];
            if (slots.BackupOf(slot) is { } backup) Add(kept, backup.ToString(), each);
            else Add(bare, owner.ToString(), each);
            if (slots.RemoteBackupOf(slot) is { } remote) Add(kept, remote.ToString(), each);
        }

        return Task.FromResult<IReadOnlyList<MemberReplication>>([.. state.MembersOf(group.Name).OrderBy(g => MemberId.Parse(g.Member)).Select(Of)]);

        MemberReplication Of(LabGateway gateway) => gateway.UnreachableSince is null
            ? new MemberReplication
            {
                Member = gateway.Member,
                Owned = owned.TryGetValue(gateway.Member, out var flows) ? flows : 0,
                BackedUp = Whole(kept, gateway.Member),
                Lag = TimeSpan.Zero,
                Unprotected = Whole(bare, gateway.Member),
                Reason = bare.ContainsKey(gateway.Member) ? "no other member carries, so nobody keeps copies" : "",
            }
            : new MemberReplication { Member = gateway.Member, Reason = "no answer" };
    }

    /// <summary>The lab knows its connections by their number only.</summary>
    public Task<IReadOnlyList<MissingCopies>> CompareAsync(string securityGroup, CancellationToken cancellation) => Task.FromResult<IReadOnlyList<MissingCopies>>([]);

    private static void Add(Dictionary<string, double> to, string member, double count)
    {
        to.TryGetValue(member, out var before);
        to[member] = before + count;
    }

    private static long Whole(Dictionary<string, double> of, string member) => of.TryGetValue(member, out var count) ? (long)Math.Round(count) : 0;
}
