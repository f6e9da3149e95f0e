using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Maestro.Engine.Fabrics.Linux.Ssh;

/// <summary>A line of known_hosts: sshd(8), "SSH_KNOWN_HOSTS FILE FORMAT".</summary>
internal sealed record KnownHostLine(string Marker, IReadOnlyList<string> Patterns, string KeyType, string Key)
{
    public bool IsRevoked => Marker == "@revoked";

    public bool IsAuthority => Marker == "@cert-authority";

    /// <summary>Plain names, wildcards and negations, or the hashed form <c>|1|salt|hash</c>; other ports than 22 stand as <c>[host]:port</c>.</summary>
    public bool Matches(string host, int port)
    {
        var name = (port == 22 ? host : $"[{host}]:{port.ToString(CultureInfo.InvariantCulture)}").ToLowerInvariant();
        var matched = false;
        foreach (var pattern in Patterns)
        {
            if (pattern.StartsWith("|1|", StringComparison.Ordinal))
            {
                matched |= MatchesHash(pattern, name);
            }
            else if (pattern.StartsWith("!", StringComparison.Ordinal))
            {
                if (Wildcard(pattern.Substring(1).ToLowerInvariant(), name)) return false;
            }
            else
            {
                matched |= Wildcard(pattern.ToLowerInvariant(), name);
            }
        }

        return matched;
    }

    private static bool MatchesHash(string pattern, string name)
    {
        var parts = pattern.Split('|');
        if (parts.Length != 4) return false;
        try
        {
            // HMAC-SHA1 is what the format prescribes; it hides names and protects nothing.
#pragma warning disable CA5350
            using var mac = new HMACSHA1(Convert.FromBase64String(parts[2]));
#pragma warning restore CA5350
            return Convert.ToBase64String(mac.ComputeHash(Encoding.UTF8.GetBytes(name))) == parts[3];
        }
        catch (FormatException)
        {
            return false;
        }
    }

    private static bool Wildcard(string pattern, string name)
    {
        int p = 0, n = 0, star = -1, mark = 0;
        while (n < name.Length)
        {
            if (p < pattern.Length && (pattern[p] == '?' || pattern[p] == name[n]) && pattern[p] != '*')
            {
                p++;
                n++;
            }
            else if (p < pattern.Length && pattern[p] == '*')
            {
                star = p++;
                mark = n;
            }
            else if (star >= 0)
            {
                p = star + 1;
                n = ++mark;
            }
            else
            {
                return false;
            }
        }

        while (p < pattern.Length && pattern[p] == '*') p++;
        return p == pattern.Length;
    }
}

/// <summary>What the user's known_hosts vouches for.</summary>
internal sealed class KnownHosts
{
    private readonly List<KnownHostLine> _lines;

    private KnownHosts(List<KnownHostLine> lines) => _lines = lines;

    public static KnownHosts Parse(string text)
    {
        var lines = new List<KnownHostLine>();
        foreach (var raw in text.Split('\n'))
        {
            var fields = raw.Trim().Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
            if (fields.Length == 0 || fields[0][0] == '#') continue;
            var first = fields[0][0] == '@' ? 1 : 0;
            // A line that is cut off vouches for nobody.
            if (fields.Length < first + 3) continue;
            lines.Add(new KnownHostLine(first == 1 ? fields[0] : "", fields[first].Split(','), fields[first + 1], fields[first + 2]));
        }

        return new KnownHosts(lines);
    }

    public static KnownHosts Load(string path) => Parse(path.Length > 0 && File.Exists(path) ? File.ReadAllText(path) : "");

    public IReadOnlyList<KnownHostLine> For(string host, int port) => [.. _lines.Where(l => !l.IsAuthority && l.Matches(host, port))];

    /// <summary>True when a line marks exactly this key as revoked, for this host or for all.</summary>
    public bool IsRevoked(string host, int port, string key) => _lines.Any(l => l.IsRevoked && l.Key == key && l.Matches(host, port));

    public void Add(string host, int port, string keyType, string key) =>
        _lines.Add(new KnownHostLine("", [port == 22 ? host : $"[{host}]:{port.ToString(CultureInfo.InvariantCulture)}"], keyType, key));
}
