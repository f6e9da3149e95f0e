using Maestro.Engine.Fabrics;
using Maestro.Engine.Fabrics.Linux.Traffic;
using Maestro.Engine.Model.Errors;

namespace Maestro.Simulation.Steering;

/// <summary>The connections in the simulated hosts' kernels, as one controller lists and gives them.</summary>
internal sealed class SteeredKernels(HostCalls hosts) : IKernelConnections
{
    public async Task<IReadOnlyList<ConnectionSight>> ListAsync(IEnumerable<SteeredMember> members, CancellationToken cancellation) => await Task.WhenAll(members.Select(ListAsync));

    public async Task<Effect?> LoadAsync(FabricCall call, SteeredMember member, IReadOnlyList<KnownConnection> connections, long version)
    {
        var host = hosts.World.Host(member.Gateway.Host.Id);
        var effect = await hosts.TellAsync(call, "load connections", host.Id, () => host.Gateway.Answers, _ =>
        {
            host.Take(version, hosts.World.Now);
            var given = connections.Select(c => c.Line).ToHashSet(StringComparer.Ordinal);
            foreach (var conversation in hosts.World.Conversations.Where(c => given.Contains(c.Entry.Line))) conversation.Learn(host.Index);
            return Effect.Done("loaded", verified: true);
        });
        return effect.Kind is EffectKind.Refused or EffectKind.Unknown ? Fault(member, effect) : null;
    }

    private async Task<ConnectionSight> ListAsync(SteeredMember member)
    {
        var host = hosts.World.Host(member.Gateway.Host.Id);
        var known = await hosts.AskAsync<Dictionary<string, KnownConnection>?>(
            host.Id,
            () => host.Gateway.Answers,
            () =>
            {
                hosts.World.Listed(host, hosts.Process);
                return hosts.World.Conversations.Where(c => c.IsKnownTo(host.Index)).ToDictionary(c => c.Entry.Key, c => c.Entry, StringComparer.Ordinal);
            },
            () => null);
        return known is null
            ? new ConnectionSight(member, new Dictionary<string, KnownConnection>(), Fault(member, Effect.Refused("no answer", ErrorCatalogue.MemberUnreachable, transient: true)))
            : new ConnectionSight(member, known, null);
    }

    private static Effect Fault(SteeredMember member, Effect effect)
    {
        var known = effect.OrAskAgain();
        return known with { Reason = $"{member.Id}: {known.Reason}", Code = known.Code ?? ErrorCatalogue.ConnectionsNotMoved, Evidence = "" };
    }
}
