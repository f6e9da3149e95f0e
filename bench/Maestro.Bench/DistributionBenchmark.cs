using System.Diagnostics;
using System.Globalization;
using Maestro.Engine.Clustering.Distribution;
using Maestro.Engine.Model.Groups;

namespace Maestro.Bench;

/// <summary>
/// The slot table beside the ways of the literature: what one lost and one joining member moves beyond the least, how uneven it is, and what building,
/// changing and looking up take. All share 65,536 slots (Maglev 65,537, its paper's small table) out among members of equal weight.
/// </summary>
internal static class DistributionBenchmark
{
    private const int Slots = 65536;
    private const int MaglevSlots = 65537;
    private const int Keys = 1 << 16;
    private const int Runs = 31;

    public const string Header = "| 65,536 slots | members | a lost one moves besides | a joining one moves besides | most off its share | build | change | lookup |\n|---|---:|---:|---:|---:|---:|---:|---:|";

    public static IEnumerable<string> Run(int count)
    {
        var members = Enumerable.Range(1, count).ToList();
        yield return Maestro(members);
        yield return Table("Maglev", members, MaglevSlots, m => Rivals.Maglev(m, MaglevSlots), TimeLookup(TableLookup(Rivals.Maglev(members, MaglevSlots))));
        yield return Table("rendezvous", members, Slots, m => [.. Enumerable.Range(0, Slots).Select(s => Rivals.Rendezvous(m, (ulong)s))], TimeLookup(hash => Rivals.Rendezvous(members, hash)));
        yield return Table("jump (only the last leaves)", members, Slots, m => [.. Enumerable.Range(0, Slots).Select(s => m[Rivals.Jump(Rivals.Mix((ulong)s, 5), m.Count)])], TimeLookup(hash => Rivals.Jump(hash, count)), lost: count - 1);
    }

    private static string Maestro(List<int> numbers)
    {
        var members = numbers.Select(Member).ToArray();
        var table = SlotPlanner.Rebalance(SlotTable.Empty(Slots), members).Table;
        int[] Owners(SlotTable of) => [.. Enumerable.Range(0, Slots).Select(s => of.ActiveOf(s)!.Id.Number)];
        var without = SlotPlanner.Promote(table, members.Skip(1)).Table;
        SlotMember[] more = [.. members, Member(numbers.Count + 1)];
        return Row(
            "Maestro, backups included",
            numbers,
            MovedBesides(Owners(table), Owners(without), m => m == 1),
            MovedBesides(Owners(table), Owners(SlotPlanner.Rebalance(table, more).Table), _ => false, numbers.Count + 1),
            Off(Owners(table), numbers),
            Time(() => SlotPlanner.Rebalance(SlotTable.Empty(Slots), members)),
            Math.Max(Time(() => SlotPlanner.Promote(table, members.AsEnumerable().Skip(1))), Time(() => SlotPlanner.Rebalance(table, more))),
            TimeLookup(hash => table.ActiveIndexOf((int)(hash & (Slots - 1)))));
    }

    private static string Table(string name, List<int> members, int slots, Func<List<int>, int[]> build, double lookup, int lost = 0)
    {
        var table = build(members);
        var gone = members[lost];
        var without = build([.. members.Where(m => m != gone)]);
        var with = build([.. members, members.Count + 1]);
        return Row(
            name,
            members,
            MovedBesides(table, without, m => m == gone),
            MovedBesides(table, with, _ => false, members.Count + 1),
            Off(table, members),
            Time(() => build(members)),
            Time(() => build([.. members.Where(m => m != gone)])),
            lookup);
    }

    private static SlotMember Member(int number) => new(new MemberId(1, number), 100);

    // Slots that changed hands between two members who are there before and after.
    private static int MovedBesides(int[] before, int[] after, Func<int, bool> isGone, int joined = -1)
    {
        var moved = 0;
        for (var slot = 0; slot < before.Length; slot++) if (before[slot] != after[slot] && !isGone(before[slot]) && after[slot] != joined) moved++;
        return moved;
    }

    private static double Off(int[] owners, List<int> members)
    {
        var exact = (double)owners.Length / members.Count;
        return members.Max(m => Math.Abs(owners.Count(o => o == m) - exact));
    }

    private static Func<ulong, int> TableLookup(int[] table) => hash => table[hash % (ulong)table.Length];

    // The best of many: what disturbs only ever makes it longer.
    private static double Time(Func<object> what)
    {
        var best = double.MaxValue;
        for (var warm = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(warm).TotalSeconds < 1;) GC.KeepAlive(what());
        for (var i = 0; i < Runs; i++)
        {
            var began = Stopwatch.GetTimestamp();
            GC.KeepAlive(what());
            best = Math.Min(best, Stopwatch.GetElapsedTime(began).TotalMilliseconds);
        }

        return best;
    }

    // In nanoseconds, the call through the delegate included, which is the same for all.
    private static double TimeLookup(Func<ulong, int> lookup)
    {
        var keys = Enumerable.Range(0, Keys).Select(i => Rivals.Mix((ulong)i, 9)).ToArray();
        var sum = 0;
        var time = Time(() =>
        {
            foreach (var key in keys) sum += lookup(key);
            return sum;
        });
        return time * 1e6 / Keys;
    }

    private static string Row(string name, List<int> members, int lost, int joined, double off, double build, double change, double lookup) =>
        $"| {name} | {members.Count} | {Text(lost, "0")} | {Text(joined, "0")} | {Text(off, "0.0")} slots | {Text(build, "0.00")} ms | {Text(change, "0.00")} ms | {Text(lookup, "0.0")} ns |";

    private static string Text(double value, string form) => value.ToString(form, CultureInfo.InvariantCulture);
}
