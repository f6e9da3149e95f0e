using Maestro.Engine.Clustering.Distribution;
using Maestro.Engine.Fabrics.Linux.Traffic;
using Maestro.Engine.Model.Errors;
using Maestro.Engine.Model.Groups;

namespace Maestro.Engine.Fabrics.Linux.Replication;

/// <summary>
/// Has the members of a group copy their connections to the members that back up their slots, each to one: a process on each member does it, from the
/// kernel's own events and whether any controller lives or not. What is here tells them by which table.
/// </summary>
internal sealed class LinuxReplication(ICopyHosts hosts)
{
    /// <summary>Brings the members of the table to it. A member that cannot be brought keeps what it had: what it alone backed up is not protected until the next time.</summary>
    /// <param name="call">The call.</param>
    /// <param name="group">Whose table.</param>
    /// <param name="table">From now on.</param>
    /// <param name="there">Who is asked: all but those who are lost.</param>
    /// <returns>A sentence for each member that neither sends nor keeps copies by it.</returns>
    public async Task<IReadOnlyList<string>> BringAsync(FabricCall call, SteeredGroup group, DistributionTable table, IReadOnlyCollection<SteeredMember> there)
    {
        var members = group.Members.Where(there.Contains).ToList();
        var carrying = members.Where(m => table.Slots.Members.Any(s => s.Id == m.Id)).ToList();
        var keys = await Task.WhenAll(carrying.Select(m => hosts.KeysAsync(call, m)));
        var able = carrying.Zip(keys, (m, k) => (Member: m, Keys: k)).Where(m => m.Keys.Fault.Length == 0).ToList();
        // Who is out of the table must know it: what it told of its slots as an earlier table had them would be believed.
        var others = members.Except(carrying).Where(m => StateSyncTable.AddressOf(m) is not null);
        var told = await Task.WhenAll(able.Select(a => a.Member).Concat(others).Select(TellAsync));
        return [.. keys.Select(k => k.Fault).Concat(told.Take(able.Count)).Where(f => f.Length > 0)];

        Task<string> TellAsync(SteeredMember member) =>
            hosts.TellAsync(call, group, table, member, string.Concat(able.Where(a => a.Member.Id != member.Id).Select(a => $"{a.Member.Id} {a.Keys.Host} {a.Keys.Key}\n")));
    }

    /// <summary>Who says that it was told, and lists another table.</summary>
    internal static Effect Unproven(string version) => Effect.Refused($"it says that it goes by it, and lists {(version.Length == 0 ? "none" : "version " + version)}", ErrorCatalogue.DistributionNotProven);

    internal static string Fault(SteeredMember member, Effect effect) =>
        effect.Kind is EffectKind.Refused or EffectKind.Unknown ? $"{member.Id} neither sends nor keeps copies by the new table: {effect.Reason}" : "";
}
