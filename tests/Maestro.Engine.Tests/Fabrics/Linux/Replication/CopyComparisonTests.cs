using Maestro.Engine.Clustering.Distribution;
using Maestro.Engine.Fabrics.Linux.Replication;
using Maestro.Engine.Fabrics.Linux.Traffic;
using Maestro.Engine.Model.Distribution;
using Maestro.Engine.Model.Groups;

namespace Maestro.Engine.Tests.Fabrics.Linux.Replication;

public sealed class CopyComparisonTests
{
    private static readonly MemberId[] Members = [new(1, 1), new(1, 2), new(1, 3)];
    private static readonly DistributionTable Table = new(FlowRules.Default, RendezvousTable.Build(64, [.. Members.Select(m => new SlotMember(m, 1))], version: 1));
    private static readonly List<KnownConnection> All = [.. Enumerable.Range(0, 60).Select(n => KnownConnection.Read($"-A -t 86400 -u SEEN_REPLY,ASSURED -s 198.51.100.{n} -d 203.0.113.7 -r 203.0.113.7 -q 198.51.100.{n} -p tcp --sport {20000 + n} --dport 443 --reply-port-src 443 --reply-port-dst {20000 + n} --state ESTABLISHED")!)];

    [Fact]
    public void Nothing_is_missing_where_each_is_known_to_its_owner_and_its_backup() => Assert.Empty(CopyComparison.FindMissing(Table, Known(_ => true), Nobody));

    [Fact]
    public void What_a_backup_does_not_know_is_missing_at_its_owner()
    {
        var victim = All.First(c => OwnerOf(c) == Members[0]);
        var missing = Assert.Single(CopyComparison.FindMissing(Table, Known(c => c != victim), Nobody));
        Assert.Equal((Members[0], victim.Key), (missing.Key, Assert.Single(missing.Value)));
    }

    [Fact]
    public void A_backup_that_was_not_asked_is_not_blamed()
    {
        var known = Known(_ => false);
        known.Remove(Members[1]);
        known.Remove(Members[2]);
        Assert.Empty(CopyComparison.FindMissing(Table, known, Nobody));
    }

    [Fact]
    public void What_is_about_to_end_needs_no_copy()
    {
        var brief = KnownConnection.Read(All[0].Line.Replace("-t 86400", "-t 20", StringComparison.Ordinal))!;
        Assert.Empty(CopyComparison.FindMissing(Table, new Dictionary<MemberId, IReadOnlyDictionary<string, KnownConnection>> { [OwnerOf(brief)] = new Dictionary<string, KnownConnection> { [brief.Key] = brief }, [BackupOf(brief)] = new Dictionary<string, KnownConnection>() }, Nobody));
    }

    [Fact]
    public void What_nobody_can_judge_is_not_missing()
    {
        var victim = All.First(c => OwnerOf(c) == Members[0]);
        Assert.Empty(CopyComparison.FindMissing(Table, Known(c => c != victim), c => c.Flow.DestinationPort == 443));
    }

    private static bool Nobody(KnownConnection connection) => false;

    private static Dictionary<MemberId, IReadOnlyDictionary<string, KnownConnection>> Known(Func<KnownConnection, bool> hasCopy) => Members.ToDictionary(
        m => m,
        m => (IReadOnlyDictionary<string, KnownConnection>)All.Where(c => OwnerOf(c) == m || (BackupOf(c) == m && hasCopy(c))).ToDictionary(c => c.Key));

    private static int SlotOf(KnownConnection connection) => Table.Rules.SlotOf(connection.Flow, FlowSide.Outside, Table.Slots.SlotCount);

    private static MemberId OwnerOf(KnownConnection connection) => Table.Slots.ActiveOf(SlotOf(connection))!.Id;

    private static MemberId BackupOf(KnownConnection connection) => Table.Slots.BackupOf(SlotOf(connection))!.Id;
}
