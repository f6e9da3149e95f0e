namespace Maestro.Engine.Fabrics.Linux.Ssh;

/// <summary>
/// Takes known secrets out of words that people read: traces, evidence, reasons, exceptions. What a host sends as data stays as it came, for a policy counts byte
/// by byte and may hold any word.
/// </summary>
/// <param name="secrets">
/// Values, read anew each time so that none is kept here; each line of a longer one counts by itself, as a host may print but one. Shorter than four characters
/// they are no secrets but syllables.
/// </param>
internal sealed class Redaction(IEnumerable<string> secrets)
{
    public const string Instead = "[redacted]";

    public static readonly Redaction None = new([]);

    public Redaction With(IEnumerable<string> more) => new(secrets.Concat(more));

    public string Apply(string text)
    {
        if (text.Length == 0) return text;
        // The longest first: a secret may hold another one.
        var parts = secrets.SelectMany(s => s.Split('\n').Select(l => l.Trim()).Concat([s])).Where(s => s.Length >= 4).Distinct().OrderByDescending(s => s.Length);
        return parts.Aggregate(text, (current, secret) => current.Replace(PosixQuote.Word(secret), Instead).Replace(secret, Instead));
    }
}
