using System.Globalization;
using Maestro.Engine.Fabrics.Linux.Inventory;
using Maestro.Engine.Fabrics.Linux.Ssh;

namespace Maestro.Engine.Fabrics.Linux;

/// <summary>What one host said of itself.</summary>
internal sealed record HostObservation(InventoryGateway Gateway, ScriptAnswer Answer)
{
    public bool Answered => Answer.Outcome == ScriptOutcome.Answered && Answer.Value("outcome") == "done";

    /// <summary>Why there is no answer.</summary>
    public string Silence => Answer.Fault?.Message ?? (Answer.Evidence.Length > 0 ? Answer.Evidence : "no answer");

    /// <summary>The lines <c>key=value</c> of one of the host's files.</summary>
    public IReadOnlyDictionary<string, string> File(string kind) =>
        Answer.Values(kind).Where(l => l.IndexOf('=') > 0).GroupBy(l => l.Substring(0, l.IndexOf('='))).ToDictionary(g => g.Key, g => g.Last().Substring(g.Key.Length + 1), StringComparer.Ordinal);

    /// <summary>What its kernel tracks now, copies that it keeps for others included; null where it tracks nothing.</summary>
    public long? Connections => long.TryParse(Answer.Value("connections"), NumberStyles.None, CultureInfo.InvariantCulture, out var count) ? count : null;

    public int? Running => Number(Answer.Value("running"));

    public string Proven => Answer.Value("proven");

    /// <summary>Number and fingerprint of what a restart loads.</summary>
    public (int Number, string Fingerprint)? Confirmed => Pair(Answer.Value("confirmed"));

    public IReadOnlyList<(int, string)> Staged => [.. Answer.Values("staged").Select(Pair).Where(p => p is not null).Select(p => p!.Value)];

    public HostHolding Configuration => new()
    {
        Running = Number(Answer.Value("configuration.running")),
        Proven = Answer.Value("configuration.proven"),
        Unproven = Answer.Word("configuration.unproven"),
        Confirmed = Pair(Answer.Value("configuration.confirmed")),
        Staged = [.. Answer.Values("configuration.staged").Select(Pair).Where(p => p is not null).Select(p => p!.Value)],
        RevertsIn = Left("configuration.armed"),
    };

    public TimeSpan? RevertsIn => Left("armed");

    private TimeSpan? Left(string key) => Pair(Answer.Value(key)) is (_, var left) && long.TryParse(left, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var seconds) ? TimeSpan.FromSeconds(seconds) : null;

    private static (int, string)? Pair(string text)
    {
        var parts = text.Split(' ');
        return parts.Length == 2 && Number(parts[0]) is { } number ? (number, parts[1]) : null;
    }

    private static int? Number(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}

/// <summary>What one host said of its configuration.</summary>
internal sealed record HostHolding
{
    public int? Running { get; init; }

    public string Proven { get; init; } = "";

    public string Unproven { get; init; } = "";

    public (int Number, string Fingerprint)? Confirmed { get; init; }

    public IReadOnlyList<(int, string)> Staged { get; init; } = [];

    public TimeSpan? RevertsIn { get; init; }
}
