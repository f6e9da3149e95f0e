using System.Globalization;
using Maestro.Engine.Operations.Plans;

namespace Maestro.Engine.Clustering.Distribution;

/// <summary>Why a table changes, in the user's words.</summary>
internal static class SlotWords
{
    public static IReadOnlyList<Decision> Explain(SlotTable before, SlotTable after, SlotDraft draft, int filled)
    {
        var (was, now) = (draft.OwnedBefore.Skip(1).ToList(), draft.Owned);
        var reasons = new List<Decision>();
        foreach (var id in before.Members.Concat(after.Members).Select(m => m.Id).Distinct().OrderBy(id => id))
        {
            var (old, held) = Find(before, was, id);
            var (member, holds) = Find(after, now, id);
            var change = (old, member) switch
            {
                (not null, null) => "leaves",
                (null, not null) => "joins",
                _ when old!.Weight != member!.Weight => $"weight {Text(old.Weight)} becomes {Text(member.Weight)}",
                _ when old.Carries != member.Carries => member.Carries ? "carries from now on" : "stands by from now on",
                _ when held != holds => "",
                _ => null,
            };
            if (change is null) continue;
            reasons.Add(new Decision($"member {id}", $"{(change.Length == 0 ? "" : change + ": ")}{Text(held)} slots become {Text(holds)}"));
        }

        foreach (var (_, words) in RatioGuard.FindOff(after.Members)) reasons.Add(new Decision("distribution", words, Acts: false));
        reasons.Add(new Decision(
            "distribution",
            after.Members.Any(m => m.TakesSlots)
                ? $"version {Text(after.Version)}: {Text(draft.Moved)} of {Text(after.SlotCount)} slots move, {Text(filled)} copies for new backups"
                : $"version {Text(after.Version)}: nobody is left to carry the {Text(after.SlotCount)} slots"));
        return reasons;
    }

    private static (SlotMember? Member, int Slots) Find(SlotTable table, IReadOnlyList<int> counts, Model.Groups.MemberId id)
    {
        for (var i = 0; i < counts.Count; i++) if (table.Members[i].Id == id) return (table.Members[i], counts[i]);
        return (null, 0);
    }

    private static string Text(long value) => value.ToString(CultureInfo.InvariantCulture);
}
