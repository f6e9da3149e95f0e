using System.Globalization;
using Maestro.Engine.Fabrics.Linux.Ssh;

namespace Maestro.Engine.Fabrics.Linux.Replication;

/// <summary>What a member's <c>statesync.pl</c> says of itself, read from its state files.</summary>
internal static class StateSyncSight
{
    /// <summary>They are written each second; one that is older was not.</summary>
    private static readonly TimeSpan Stale = TimeSpan.FromSeconds(10);

    public static MemberReplication Read(string member, ScriptAnswer answer)
    {
        if (answer.Outcome != ScriptOutcome.Answered) return new MemberReplication { Member = member, Reason = answer.Fault?.Message ?? "no answer" };
        var sections = AnswerSections.Of(answer.Output).ToDictionary(s => s.Key, s => Lines(s.Value), StringComparer.Ordinal);
        var sent = sections.TryGetValue("sent", out var said) ? said : [];
        if (sent.Count == 0) return new MemberReplication { Member = member, Reason = "it sends no copies: nobody told it to, or it does not run" };
        var peers = sent.Where(l => l.Length == 10 && l[0] == "peer").ToList();
        var age = TimeSpan.FromSeconds((Parse(answer.Value("now")) ?? 0) - (Number(sent, "time") ?? 0));
        var reasons = new List<string>();
        if (age > Stale) reasons.Add($"its sender has said nothing for {age.TotalSeconds.ToString("0", CultureInfo.InvariantCulture)} s");
        reasons.AddRange(peers.Where(p => p[3] == "0").Select(p => $"it does not reach {p[1]}"));
        return new MemberReplication
        {
            Member = member,
            Owned = Number(sent, "owned"),
            BackedUp = sections.Where(s => s.Key.StartsWith("received.", StringComparison.Ordinal)).Sum(s => Number(s.Value, "copies") ?? 0),
            Lag = age > Stale ? null : TimeSpan.FromMilliseconds(peers.Select(p => Parse(p[9]) ?? 0).DefaultIfEmpty().Max()),
            // With copies on another site, too, some count twice: no less than this many have none.
            Unprotected = age > Stale ? null : Math.Max(0, (Number(sent, "due") ?? 0) - peers.Sum(p => Parse(p[5]) ?? 0)),
            Reason = string.Join("; ", reasons),
        };
    }

    private static IReadOnlyList<string[]> Lines(string text) => [.. text.Split(['\n'], StringSplitOptions.RemoveEmptyEntries).Select(l => l.Split(' '))];

    private static long? Number(IReadOnlyList<string[]> lines, string key) => lines.FirstOrDefault(l => l.Length == 2 && l[0] == key) is { } found ? Parse(found[1]) : null;

    private static long? Parse(string text) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
