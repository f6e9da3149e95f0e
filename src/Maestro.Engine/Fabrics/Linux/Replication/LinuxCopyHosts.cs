using System.Globalization;
using Maestro.Engine.Clustering.Distribution;
using Maestro.Engine.Fabrics.Linux.Inventory;
using Maestro.Engine.Fabrics.Linux.Traffic;

namespace Maestro.Engine.Fabrics.Linux.Replication;

/// <summary>Real members, told by scripts.</summary>
internal sealed class LinuxCopyHosts(LinuxHosts hosts, StateSyncSettings settings) : ICopyHosts
{
    // Of a member that has died the others must not wait for long.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    public async Task<(string Host, string Key, string Fault)> KeysAsync(FabricCall call, SteeredMember member)
    {
        if (StateSyncTable.AddressOf(member) is null) return ("", "", $"{member.Id} has no address on the inside, so its connections have no copies");
        var (effect, answer) = await hosts.WriteAsync(call, member.Gateway.Host, GatewayScripts.StateSyncKeys(), Patience);
        return (answer.Value("host"), answer.Value("key"), LinuxReplication.Fault(member, effect));
    }

    public async Task<string> TellAsync(FabricCall call, SteeredGroup group, DistributionTable table, SteeredMember member, string peers)
    {
        var script = GatewayScripts.WriteStateSync(StateSyncTable.Of(group, table, member, settings), peers, StateSyncTable.AddressOf(member)!.ToString(), settings.Port, table.Version);
        var (effect, answer) = await hosts.WriteAsync(call, member.Gateway.Host, script, Patience);
        if (effect.Kind == EffectKind.Done && answer.Value("version") != table.Version.ToString(CultureInfo.InvariantCulture)) effect = LinuxReplication.Unproven(answer.Value("version"));
        return LinuxReplication.Fault(member, effect);
    }
}
