namespace Maestro.Engine.Fabrics.Linux.Ssh;

/// <summary>Takes known secrets out of text that leaves for a trace, an answer or an exception.</summary>
internal static class Redaction
{
    public const string Instead = "[redacted]";

    /// <param name="text">Any text.</param>
    /// <param name="secrets">Values; each line of a longer one counts by itself, as a host may print but one. Shorter than four characters they are no secrets but syllables.</param>
    public static string Apply(string text, IEnumerable<string> secrets)
    {
        // The longest first: a secret may hold another one.
        var parts = secrets.SelectMany(s => s.Split('\n').Select(l => l.Trim()).Concat([s])).Where(s => s.Length >= 4).Distinct().OrderByDescending(s => s.Length);
        return parts.Aggregate(text, (current, secret) => current.Replace(PosixQuote.Word(secret), Instead).Replace(secret, Instead));
    }
}
