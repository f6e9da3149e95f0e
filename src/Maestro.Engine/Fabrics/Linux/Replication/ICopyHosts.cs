using Maestro.Engine.Clustering.Distribution;
using Maestro.Engine.Fabrics.Linux.Traffic;

namespace Maestro.Engine.Fabrics.Linux.Replication;

/// <summary>The members, each by itself: its keys, and what it is told of the distribution.</summary>
internal interface ICopyHosts
{
    /// <summary>The keys that it has, made where it has none; or why it has none, in words.</summary>
    Task<(string Host, string Key, string Fault)> KeysAsync(FabricCall call, SteeredMember member);

    /// <summary>Tells one member by which table it copies, and who the others are.</summary>
    /// <param name="call">The call.</param>
    /// <param name="group">Whose table.</param>
    /// <param name="table">From now on; one of an earlier version than it has is refused.</param>
    /// <param name="member">Whom.</param>
    /// <param name="peers">Id, host key and key of each that it sends to and hears from, a line each.</param>
    /// <returns>Why it neither sends nor keeps copies by it, in words; empty when it does.</returns>
    Task<string> TellAsync(FabricCall call, SteeredGroup group, DistributionTable table, SteeredMember member, string peers);
}
