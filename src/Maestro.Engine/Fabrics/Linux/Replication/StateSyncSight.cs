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
        var sent = Lines(answer, "sent").FirstOrDefault() ?? [];
        long? backedUp = sent.Count == 0 ? null : Lines(answer, "received").Sum(r => Number(r, "copies") ?? 0);
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
            BackedUp = backedUp,
            Lag = age > Stale ? null : TimeSpan.FromMilliseconds(peers.Select(p => Parse(p[9]) ?? 0).DefaultIfEmpty().Max()),
            // With copies on another site, too, some count twice: no less than this many have none.
            Unprotected = age > Stale ? null : Math.Max(0, (Number(sent, "due") ?? 0) - peers.Sum(p => Parse(p[5]) ?? 0)),
            Reason = string.Join("; ", reasons),
        };
    }

    /// <summary>Each section of that name, a line's words each.</summary>
    private static IEnumerable<IReadOnlyList<string[]>> Lines(ScriptAnswer answer, string section)
    {
        List<string[]>? lines = null;
        foreach (var line in answer.Output.Split('\n'))
        {
            if (!line.StartsWith("@", StringComparison.Ordinal))
            {
                if (line.Length > 0) lines?.Add(line.Split(' '));
                continue;
            }

            if (lines is { Count: > 0 }) yield return lines;
            lines = line == "@section " + section ? [] : null;
        }
    }

    private static long? Number(IReadOnlyList<string[]> lines, string key) => lines.FirstOrDefault(l => l.Length == 2 && l[0] == key) is { } found ? Parse(found[1]) : null;

    private static long? Parse(string text) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
