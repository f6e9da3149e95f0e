using Maestro.Engine.Clustering.Distribution;
using Maestro.Engine.Fabrics;
using Maestro.Engine.Fabrics.Linux.Replication;
using Maestro.Engine.Fabrics.Linux.Traffic;
using Maestro.Engine.Model.Errors;

namespace Maestro.Simulation.Steering;

/// <summary>Tells the simulated hosts by which table they copy.</summary>
internal sealed class SteeredCopies(HostCalls hosts) : ICopyHosts
{
    public async Task<(string Host, string Key, string Fault)> KeysAsync(FabricCall call, SteeredMember member)
    {
        var host = hosts.World.Host(member.Gateway.Host.Id);
        var effect = await hosts.TellAsync(call, "keys", host.Id, () => host.Gateway.Answers, _ => Effect.Done("its keys", verified: true));
        if (effect.Kind != EffectKind.Done) host.MissedTelling = true;
        return ("host", "key", LinuxReplication.Fault(member, effect));
    }

    public async Task<string> TellAsync(FabricCall call, SteeredGroup group, DistributionTable table, SteeredMember member, string peers)
    {
        var host = hosts.World.Host(member.Gateway.Host.Id);
        var effect = await hosts.TellAsync(call, "tell copies", host.Id, () => host.Gateway.Answers, _ => Take(host, group, table, peers));
        // The script that takes the table lists it, too.
        if (effect.Kind == EffectKind.Done && host.Told?.Version != table.Version) effect = LinuxReplication.Unproven(SteeredWorld.VersionOf(host.Told));
        if (effect.Kind != EffectKind.Done) host.MissedTelling = true;
        return LinuxReplication.Fault(member, effect);
    }

    private Effect Take(SteeredHost host, SteeredGroup group, DistributionTable table, string peers)
    {
        if (host.Gateway.Group != group.Name) return Effect.Refused("this host is no member", ErrorCatalogue.MemberNotFound);
        if (host.Told is { } there && there.Version > table.Version) return Effect.Refused($"it goes by version {SteeredWorld.VersionOf(there)} by now", ErrorCatalogue.DistributionMoved, transient: true);
        (host.Told, host.Sends, host.WholeAt, host.MissedTelling) = (table, true, long.MinValue / 2, false);
        host.Peers = [.. peers.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(p => p.Split(' ')[0])];
        hosts.History.Trace.Add($"{host.Id} {host.Gateway.Member} copies by version {SteeredWorld.VersionOf(table)}");
        hosts.World.Disturb();
        return Effect.Done("it copies by it", verified: true);
    }
}
