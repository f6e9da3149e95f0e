using System.Net;

namespace Maestro.Engine.Fabrics.Linux.Policy;

/// <summary>Into what a statement translates, as far as it is written out.</summary>
/// <param name="Addresses">The one address, or the ends of a range; empty for what is computed or looked up.</param>
/// <param name="HasPort">Whether a port is given as well, or may be.</param>
internal readonly record struct NftTarget(IReadOnlyList<IPAddress> Addresses, bool HasPort)
{
    private static readonly char[] Range = ['-'];

    /// <param name="head">The rule.</param>
    /// <param name="at">The place behind <c>snat</c> or <c>dnat</c>, or behind the field that is set.</param>
    public static NftTarget Read(IReadOnlyList<NftToken> head, int at)
    {
        while (at < head.Count && head[at].Text is "ip" or "ip6" or "prefix" or "to" or "set") at++;
        var rest = head.Skip(at).ToList();
        if (rest.Count == 0) return new NftTarget([], false);
        // From a map, a generator or a hash: what comes out may have a port.
        if (rest.Any(t => t.Kind == NftTokenKind.Open || t.Text is "map" or "@")) return new NftTarget([], true);
        var bracketed = rest[0].Text == "[";
        var first = bracketed ? rest.Skip(1).TakeWhile(t => t.Text != "]").ToList() : rest.TakeWhile((t, i) => i == 0 || !t.Spaced).ToList();
        var text = string.Concat(first.Select(t => t.Text));
        var colons = first.Count(t => t.Text == ":");
        var isIPv4 = !bracketed && colons <= 1;
        var hasPort = isIPv4 ? rest.Any(t => t.Text == ":") : bracketed && rest.SkipWhile(t => t.Text != "]").Skip(1).FirstOrDefault().Text == ":";
        var addresses = (isIPv4 ? text.Split(':')[0] : text).Split(Range);
        return new NftTarget([.. addresses.Select(a => IPAddress.TryParse(a, out var address) ? address : null).Where(a => a is not null).Select(a => a!)], hasPort);
    }
}
