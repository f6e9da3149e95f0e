using System.Globalization;
using Maestro.Engine.Clustering.Distribution;
using Maestro.Engine.Fabrics.Linux.Redundancy;
using Maestro.Engine.Fabrics.Linux.Ssh;
using Maestro.Engine.Model.Distribution;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;
using Rule = Maestro.Engine.Fabrics.Linux.Traffic.SteeringTable.Rule;

namespace Maestro.Engine.Fabrics.Linux.Traffic;

/// <summary>What an orchestrating host's kernel holds of a group: read from <c>nft -j</c> and <c>ip</c>.</summary>
internal sealed record SteeringListing
{
    /// <summary>Stands for a table that says no version: not as we leave one.</summary>
    public const string NoVersion = "?";

    /// <summary>That of the table in the kernel, in digits; empty where there is none.</summary>
    public string Version { get; init; } = "";

    /// <summary>Null where there is none, or none that makes sense.</summary>
    public DistributionTable? Table { get; init; }

    /// <summary>Of all chains, each as <see cref="SteeringRule"/> puts it, the chain's name before it.</summary>
    public IReadOnlyList<string> Rules { get; init; } = [];

    /// <summary>Marks of the group's members that a rule sends to a routing table, with the family.</summary>
    public IReadOnlyList<(int Family, uint Mark)> Ruled { get; init; } = [];

    /// <summary>Routes of ours.</summary>
    public IReadOnlyList<SteeringRoute> Routes { get; init; } = [];

    /// <summary>What gives the host the addresses that neighbours send to; null where that was not asked for.</summary>
    public RedundancySight? Redundancy { get; init; }

    public static SteeringListing Read(int group, ScriptAnswer answer)
    {
        var sections = AnswerSections.Of(answer.Output);
        var listing = new SteeringListing
        {
            Version = answer.Value("version"),
            Redundancy = RedundancySight.Read(answer, sections),
            Ruled = [.. Lines("rules").Select(l => (l.Family, Mark: Mark(After(l.Words, "fwmark")))).Where(r => SteeringMarks.IsOf(group, r.Mark))],
            Routes = [.. Lines("routes").Select(l => new SteeringRoute(l.Family, Mark(After(l.Words, "table")), After(l.Words, "via"))).Where(r => SteeringMarks.IsOf(group, r.Mark))],
        };
        if (!sections.TryGetValue("table", out var json) || json.Trim().Length == 0) return listing;
        var objects = ((JObject)JToken.Parse(json))["nftables"]!.Children<JObject>().ToList();
        return listing with { Table = TableOf(objects, listing.Version), Rules = [.. objects.Where(o => o["rule"] is not null).Select(o => (JObject)o["rule"]!).Select(r => $"{(string?)r["chain"]}: {Words(r)}")] };

        IEnumerable<(int Family, string[] Words)> Lines(string kind) => new[] { 4, 6 }.SelectMany(family =>
            (sections.TryGetValue(kind + family.ToString(CultureInfo.InvariantCulture), out var text) ? text : "").Split('\n').Where(l => l.Length > 0)
                .Select(l => (family, l.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries))));
    }

    /// <summary>Only the rules of a table, from the map of them as <c>nft -j</c> lists it; null where they make no sense.</summary>
    public static FlowRules? RulesOf(string json) => RulesOf(MapOf(((JObject)JToken.Parse(json))["nftables"]!.Children<JObject>(), "rules"));

    private static FlowRules? RulesOf(SortedDictionary<uint, uint> map) =>
        map.TryGetValue((uint)Rule.Form, out var form) && form == SteeringTable.Form
        && map.TryGetValue((uint)Rule.Mode, out var mode) && Enum.IsDefined(typeof(DistributionMode), (int)mode)
        && map.TryGetValue((uint)Rule.Layer4, out var layer4) && map.TryGetValue((uint)Rule.Seed, out var seed)
            ? new FlowRules((DistributionMode)mode, layer4 == 1, seed)
            : null;

    private static DistributionTable? TableOf(List<JObject> objects, string version)
    {
        var maps = SteeringTable.Maps.ToDictionary(m => m, m => MapOf(objects, m), StringComparer.Ordinal);
        if (RulesOf(maps["rules"]) is not { } rules || !long.TryParse(version, NumberStyles.None, CultureInfo.InvariantCulture, out var number)) return null;
        if (!maps["rules"].TryGetValue((uint)Rule.SlotCount, out var count) || count > SlotTable.HighestSlotCount || !SlotTable.IsSlotCount((int)count)) return null;
        var members = maps["weights"].Select(w => new SlotMember(SteeringMarks.MemberOf(w.Key), (int)(w.Value & 0xffff), (w.Value & SteeringTable.Standby) == 0)).OrderBy(m => m.Id).ToArray();
        var places = members.Select((m, i) => (m.Id, i)).ToDictionary(p => p.Id, p => (short)p.i);
        var columns = new Dictionary<string, short[]>(StringComparer.Ordinal);
        foreach (var map in new[] { "outside", "inside", "backup", "remote" })
        {
            var column = columns[map] = SlotTable.Column((int)count);
            foreach (var element in maps[map])
            {
                var slot = element.Key - SteeringMarks.Slots;
                if (slot >= count || !places.TryGetValue(SteeringMarks.MemberOf(element.Value), out var place)) return null;
                column[slot] = place;
            }
        }

        // The two directions of a flow would reach two members.
        if (!columns["inside"].AsSpan().SequenceEqual(columns["outside"])) return null;
        return new DistributionTable(rules, new SlotTable(number, members, columns["outside"], columns["backup"], columns["remote"]));
    }

    private static SortedDictionary<uint, uint> MapOf(IEnumerable<JObject> objects, string name)
    {
        var map = new SortedDictionary<uint, uint>();
        var found = objects.Select(o => o["map"] as JObject).FirstOrDefault(m => (string?)m?["name"] == name);
        foreach (var element in found?["elem"]?.Children<JArray>() ?? default(JEnumerable<JArray>)) map[(uint)element[0]] = (uint)element[1];
        return map;
    }

    /// <summary>A rule in the words of <see cref="SteeringRule.Words"/>. What is not known there is told as it is, so that it differs.</summary>
    private static string Words(JObject rule) => string.Join("; ", rule["expr"]!.Children<JObject>().Select(Statement).Where(w => w.Length > 0));

    private static string Statement(JObject statement)
    {
        var property = statement.Properties().First();
        switch (property.Name)
        {
            case "match":
                var (left, right) = (property.Value["left"]!, property.Value["right"]!);
                var key = Key(left["meta"]) ?? (Key(left["ct"]) is { } ct ? "ct " + ct : left["payload"] is { } payload ? Field(payload) : null);
                if (key is null) break;
                // Implied by the addresses that the rule reads: some versions of nft list it, some do not.
                if (key == "nfproto") return "";
                IEnumerable<string?> values = right is JObject several ? several["set"]!.Values<string>() : [(string?)right];
                return $"{(key == "l4proto" ? "meta l4proto" : key)} {string.Join(",", values.OrderBy(v => v, StringComparer.Ordinal))}";
            case "goto":
                return "goto " + (string?)property.Value["target"];
            case "accept" or "drop" or "notrack":
                return property.Name;
            case "mangle" when property.Value.SelectToken("value.jhash") is { } hash:
                var fields = (hash.SelectToken("expr.concat")?.ToArray() ?? [hash["expr"]!]).Select(f => Field(f["payload"]));
                return $"mark jhash {string.Join(" . ", fields)} mod {Text(hash["mod"])} seed {Text(hash["seed"])} offset {Text(hash["offset"])}";
            case "mangle" when property.Value.SelectToken("value.map") is { } map:
                return "mark map " + ((string?)map["data"])?.TrimStart('@');
        }

        return statement.ToString(Formatting.None);
    }

    /// <summary>A field by its name, or by where it lies.</summary>
    private static string Field(JToken? payload) => payload?["base"] is { } start ? $"@{(string?)start},{Text(payload["offset"])},{Text(payload["len"])}" : $"{(string?)payload?["protocol"]} {(string?)payload?["field"]}";

    private static string? Key(JToken? of) => (string?)of?["key"];

    // What is 0 some versions of nft do not list.
    private static string Text(JToken? number) => ((long?)number ?? 0).ToString(CultureInfo.InvariantCulture);

    private static string After(string[] words, string word) => Array.IndexOf(words, word) is >= 0 and var at && at + 1 < words.Length ? words[at + 1] : "";

    private static uint Mark(string text) =>
        text.StartsWith("0x", StringComparison.Ordinal)
            ? uint.TryParse(text.Substring(2).Split('/')[0], NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var hex) ? hex : 0
            : uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
}
