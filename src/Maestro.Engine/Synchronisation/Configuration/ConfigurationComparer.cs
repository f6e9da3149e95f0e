using System.Globalization;
using Maestro.Engine.Fabrics;
using Maestro.Engine.Model.Configuration;
using Maestro.Engine.Synchronisation.Policy;

namespace Maestro.Engine.Synchronisation.Configuration;

/// <summary>Says in which items configurations differ. What is equal is not told.</summary>
internal static class ConfigurationComparer
{
    private const string GenerationItem = "generation";

    /// <summary>A member of which it cannot be said that it agrees.</summary>
    public static ConfigurationComparison Member(string group, string id, (int Number, string Fingerprint) wanted, GenerationObservation seen, ConfigurationListing listing, string session)
    {
        var actual = ByItem(listing.Actual);
        var confirmed = listing.Confirmed is null ? null : ByItem(listing.Confirmed);
        var differences = new List<ConfigurationDifference>();
        foreach (var item in Items(listing.Intended, listing.Confirmed ?? []))
        {
            var (should, boots, has) = (Value(ByItem(listing.Intended), item), confirmed is null ? null : Value(confirmed, item), Value(actual, item));
            // What a restart brings differs with the versions, and the line at generation says that.
            if (should != has) differences.Add(Difference(group, id, item, should, boots, has, session));
        }

        var (intendedWords, runningWords, confirmedWords) = (Words(wanted), RunningWords(wanted, seen, differences.Count > 0), seen.ConfirmedGeneration is { } number ? Words((number, seen.ConfirmedFingerprint)) : null);
        if (runningWords != intendedWords || confirmedWords != intendedWords) differences.Insert(0, Difference(group, id, GenerationItem, intendedWords, confirmedWords, runningWords, session));
        var unified = LineDiff.Unified(Lines(listing.Intended), Lines(listing.Actual.Where(a => a.Value is not null)), $"{group} {intendedWords} intended", $"{group} {id} actual");
        var texts = listing.Texts.Select(t => LineDiff.Unified(t.Intended, t.Actual, $"{group} {intendedWords} intended {t.Path}", $"{group} {id} actual {t.Path}"));
        return new ConfigurationComparison { SecurityGroup = group, Member = id, Difference = differences, Unified = [.. texts.Prepend(unified).Where(u => u.Length > 0)] };
    }

    /// <summary>A content against another: a file or a version, which no member is asked about. A member is told of where its own differ otherwise than everybody's.</summary>
    public static ConfigurationComparison Contents(IConfigurationCarrier carrier, string group, string referenceName, string reference, string otherName, string other, string session)
    {
        var all = Between(carrier, group, "", reference, other, session);
        var told = new HashSet<(string, string?, string?)>(all.Select(d => (d.Item, d.Intended, d.Actual)));
        var members = carrier.MembersIn(reference).Concat(carrier.MembersIn(other)).Distinct().OrderBy(m => m, Comparer<string>.Create(Model.Groups.MemberId.Compare));
        var own = members.SelectMany(m => Between(carrier, group, m, reference, other, session)).Where(d => !told.Contains((d.Item, d.Intended, d.Actual)));
        var unified = LineDiff.Unified(reference, other, referenceName, otherName);
        return new ConfigurationComparison { SecurityGroup = group, Difference = [.. all, .. own], Unified = unified.Length > 0 ? [unified] : [] };
    }

    public static string Words((int Number, string Fingerprint) version) => $"#{version.Number.ToString(CultureInfo.InvariantCulture)} {(version.Fingerprint.Length > 8 ? version.Fingerprint.Substring(0, 8) : version.Fingerprint)}";

    private static IReadOnlyList<ConfigurationDifference> Between(IConfigurationCarrier carrier, string group, string member, string reference, string other, string session)
    {
        var (before, after) = (carrier.Read(reference, member), carrier.Read(other, member));
        var (old, now) = (ByItem(before), ByItem(after));
        return [.. Items(before, after).Where(i => Value(old, i) != Value(now, i)).Select(i => Difference(group, member, i, Value(old, i), null, Value(now, i), session))];
    }

    private static ConfigurationDifference Difference(string group, string member, string item, string? intended, string? confirmed, string? actual, string session) => new()
    {
        SecurityGroup = group,
        Member = member,
        Change = actual is null ? ConfigurationChange.Missing : intended is null ? ConfigurationChange.Extra : ConfigurationChange.Changed,
        Item = item,
        Intended = intended,
        Confirmed = confirmed,
        Actual = actual,
        Session = session,
    };

    private static string? RunningWords((int Number, string Fingerprint) wanted, GenerationObservation seen, bool itemsDiffer)
    {
        if (seen.RunningGeneration is not { } number) return null;
        if (seen.ProvenFingerprint.Length > 0) return Words((number, seen.ProvenFingerprint));
        // Where items differ they say why it is not proven.
        return number == wanted.Number && itemsDiffer ? Words(wanted) : $"#{number.ToString(CultureInfo.InvariantCulture)} unproven";
    }

    private static IEnumerable<string> Items(IReadOnlyList<ConfigurationValue> one, IReadOnlyList<ConfigurationValue> other) => one.Concat(other).Select(v => v.Item).Distinct().OrderBy(i => i, StringComparer.Ordinal);

    private static Dictionary<string, string?> ByItem(IReadOnlyList<ConfigurationValue> values) => values.ToDictionary(v => v.Item, v => v.Value, StringComparer.Ordinal);

    private static string? Value(Dictionary<string, string?> values, string item) => values.TryGetValue(item, out var value) ? value : null;

    private static string Lines(IEnumerable<ConfigurationValue> values) => string.Concat(values.OrderBy(v => v.Item, StringComparer.Ordinal).Select(v => $"{v.Item}: {v.Value}\n"));
}
