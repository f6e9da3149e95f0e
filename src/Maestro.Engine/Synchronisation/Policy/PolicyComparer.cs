using System.Globalization;
using Maestro.Engine.Fabrics;
using Maestro.Engine.Model.Policy;

namespace Maestro.Engine.Synchronisation.Policy;

/// <summary>Says in which lines policies differ. What is equal is not told.</summary>
internal static class PolicyComparer
{
    private const string GenerationLocation = "generation";

    /// <summary>A line that differs. <paramref name="Anchor"/> is its place in the intended text, or that of the line before which it stands.</summary>
    private sealed record Edit(PolicyChange Change, int Anchor, string Location, int Line, string? Intended, string? Other);

    /// <summary>What a member says of its generations, as <c>#41 3f9c1a2e</c>; empty for none of ours.</summary>
    private sealed record MemberPolicy(string SecurityGroup, string Member, string Intended, string Running, string Confirmed);

    /// <summary>A text against another: a file or a version, which no member is asked about.</summary>
    public static PolicyComparison Texts(string group, string referenceName, string reference, string otherName, string other, string session)
    {
        var unified = LineDiff.Unified(reference, other, referenceName, otherName);
        return new PolicyComparison
        {
            SecurityGroup = group,
            Difference = [.. Edits(PolicyText.Of(reference), PolicyText.Of(other)).Select(e => new PolicyDifference
            {
                SecurityGroup = group,
                Change = e.Change,
                Location = e.Location,
                Line = e.Line,
                Intended = e.Intended,
                Actual = e.Other,
                Session = session,
            })],
            Unified = unified.Length > 0 ? [unified] : [],
        };
    }

    /// <summary>True when nothing can differ: the kernel was proven to hold the intended content, and a restart loads it.</summary>
    public static bool Agrees((int Number, string Fingerprint) intended, GenerationObservation seen) =>
        (seen.RunningGeneration, seen.ProvenFingerprint) == intended && (seen.ConfirmedGeneration, seen.ConfirmedFingerprint) == intended;

    /// <summary>A member of which that cannot be said.</summary>
    public static PolicyComparison Member(string group, string id, (int Number, string Fingerprint) wanted, GenerationObservation seen, PolicyListing listing, string session)
    {
        var intended = PolicyText.Of(listing.Intended);
        var actual = Edits(intended, PolicyText.Of(listing.Actual));
        var member = new MemberPolicy(group, id, Words(wanted.Number, wanted.Fingerprint), RunningWords(wanted, seen, actual.Count > 0), ConfirmedWords(seen));
        var confirmed = listing.Confirmed is { } text ? Edits(intended, PolicyText.Of(text)) : [];
        var differences = actual.Select(e => Difference(member, e, session) with { Confirmed = ConfirmedAt(e, confirmed, listing.Confirmed is not null), Actual = e.Other })
            .Concat(confirmed.Where(c => !actual.Any(a => SamePlace(a, c))).Select(c => Difference(member, c, session) with { Confirmed = c.Other, Actual = c.Intended }));
        var name = $"{member.SecurityGroup} {member.Intended} intended";
        var unified = new[]
        {
            Unified(name, $"{member.SecurityGroup} {member.Member} actual", listing.Intended, listing.Actual, member.Intended, member.Running),
            Unified(name, $"{member.SecurityGroup} {member.Member} confirmed", listing.Intended, listing.Confirmed ?? listing.Intended, member.Intended, member.Confirmed),
        };
        return new PolicyComparison
        {
            SecurityGroup = member.SecurityGroup,
            Member = member.Member,
            Difference = [.. Generation(member, session), .. differences.OrderBy(d => d.Line)],
            Unified = [.. unified.Where(u => u.Length > 0)],
        };
    }

    /// <summary>Text that differs in nothing may still be called something else.</summary>
    private static IEnumerable<PolicyDifference> Generation(MemberPolicy member, string session)
    {
        if (member.Running == member.Intended && member.Confirmed == member.Intended) yield break;
        yield return new PolicyDifference
        {
            SecurityGroup = member.SecurityGroup,
            Member = member.Member,
            Change = member.Running.Length == 0 ? PolicyChange.Missing : PolicyChange.Changed,
            Location = GenerationLocation,
            Intended = member.Intended,
            Confirmed = Something(member.Confirmed),
            Actual = Something(member.Running),
            Session = session,
        };
    }

    private static string Unified(string intendedName, string otherName, string intended, string other, string intendedGeneration, string otherGeneration)
    {
        var unified = LineDiff.Unified(intended, other, intendedName, otherName);
        if (unified.Length > 0 || otherGeneration == intendedGeneration) return unified;
        return $"--- {intendedName}\n+++ {otherName}\n@@ -0,0 +0,0 @@ {GenerationLocation}\n-{intendedGeneration}\n+{(otherGeneration.Length > 0 ? otherGeneration : "none")}";
    }

    private static PolicyDifference Difference(MemberPolicy member, Edit edit, string session) => new()
    {
        SecurityGroup = member.SecurityGroup,
        Member = member.Member,
        Change = edit.Change,
        Location = edit.Location,
        Line = edit.Line,
        Intended = edit.Intended,
        Session = session,
    };

    // Where what a restart loads differs in the same place, its own line; else it is as intended there.
    private static string? ConfirmedAt(Edit edit, IReadOnlyList<Edit> confirmed, bool isThere) =>
        !isThere ? null : confirmed.FirstOrDefault(c => SamePlace(edit, c)) is { } same ? same.Other : edit.Intended;

    private static bool SamePlace(Edit one, Edit other) =>
        one.Location == other.Location && (one.Intended is null && other.Intended is null ? one.Anchor == other.Anchor && one.Other == other.Other : one.Anchor == other.Anchor && one.Intended == other.Intended);

    private static IReadOnlyList<Edit> Edits(PolicyText intended, PolicyText other)
    {
        var blocks = LineDiff.Blocks(intended.PlacedLines, other.PlacedLines);
        var gone = blocks.SelectMany(b => Enumerable.Range(b.OldStart, b.OldCount)).Where(i => Counts(intended, i)).ToList();
        var come = blocks.SelectMany(b => Enumerable.Range(b.NewStart, b.NewCount)).Where(i => Counts(other, i)).ToList();
        var edits = new List<Edit>();
        var moved = new HashSet<int>();
        var arrived = new HashSet<int>();
        foreach (var i in gone)
        {
            var place = come.FindIndex(j => !arrived.Contains(j) && other.Lines[j] == intended.Lines[i] && other.Locations[j] == intended.Locations[i]);
            if (place < 0) continue;
            moved.Add(i);
            arrived.Add(come[place]);
            edits.Add(new Edit(PolicyChange.Order, i, intended.Locations[i], come[place] + 1, intended.Lines[i].Trim(), other.Lines[come[place]].Trim()));
        }

        foreach (var block in blocks)
        {
            var removed = Enumerable.Range(block.OldStart, block.OldCount).Where(i => Counts(intended, i) && !moved.Contains(i)).ToList();
            var added = Enumerable.Range(block.NewStart, block.NewCount).Where(i => Counts(other, i) && !arrived.Contains(i)).ToList();
            foreach (var i in removed)
            {
                // A rule of another chain is in nobody's place.
                var place = added.FindIndex(j => other.Locations[j] == intended.Locations[i]);
                if (place < 0)
                {
                    edits.Add(new Edit(PolicyChange.Missing, i, intended.Locations[i], i + 1, intended.Lines[i].Trim(), null));
                    continue;
                }

                edits.Add(new Edit(PolicyChange.Changed, i, intended.Locations[i], added[place] + 1, intended.Lines[i].Trim(), other.Lines[added[place]].Trim()));
                added.RemoveAt(place);
            }

            edits.AddRange(added.Select(j => new Edit(PolicyChange.Extra, block.OldStart + block.OldCount, other.Locations[j], j + 1, null, other.Lines[j].Trim())));
        }

        return [.. edits.OrderBy(e => e.Line)];
    }

    // Where lines differ they say why the kernel is not proven.
    private static string RunningWords((int Number, string Fingerprint) wanted, GenerationObservation seen, bool linesDiffer)
    {
        if (seen.RunningGeneration is not { } number) return "";
        if (seen.ProvenFingerprint.Length > 0) return Words(number, seen.ProvenFingerprint);
        return number == wanted.Number && linesDiffer ? Words(number, wanted.Fingerprint) : $"#{Text(number)} unproven";
    }

    private static string ConfirmedWords(GenerationObservation seen) => seen.ConfirmedGeneration is { } number ? Words(number, seen.ConfirmedFingerprint) : "";

    public static string Words(int number, string fingerprint) => $"#{Text(number)} {(fingerprint.Length > 8 ? fingerprint.Substring(0, 8) : fingerprint)}";

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static bool Counts(PolicyText text, int line) => text.Lines[line].Trim() is { Length: > 0 } trimmed && !PolicyText.IsClosing(trimmed);

    private static string? Something(string text) => text.Length > 0 ? text : null;
}
