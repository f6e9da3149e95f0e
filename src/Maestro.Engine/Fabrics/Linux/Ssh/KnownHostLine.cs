using System.Security.Cryptography;
using System.Text;

namespace Maestro.Engine.Fabrics.Linux.Ssh;

/// <summary>A line of known_hosts: sshd(8), "SSH_KNOWN_HOSTS FILE FORMAT".</summary>
internal sealed record KnownHostLine(string Marker, IReadOnlyList<string> Patterns, HostKey Key)
{
    public const string Revoked = "@revoked";
    public const string Authority = "@cert-authority";

    /// <summary>Null for a comment, an empty line, and one that is cut off: that vouches for nobody.</summary>
    public static KnownHostLine? Parse(string text)
    {
        var fields = text.Trim().Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
        if (fields.Length == 0 || fields[0][0] == '#') return null;
        var first = fields[0][0] == '@' ? 1 : 0;
        if (fields.Length < first + 3) return null;
        return new KnownHostLine(first == 1 ? fields[0] : "", fields[first].Split(','), new HostKey(fields[first + 1], fields[first + 2]));
    }

    /// <summary>Plain names, wildcards and negations, or the hashed form <c>|1|salt|hash</c>.</summary>
    /// <param name="name">The name in the file's form: <see cref="KnownHosts.NameOf"/>.</param>
    public bool Matches(string name)
    {
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

    // '*' stands for any text, '?' for one character. On a mismatch the last star takes one character more.
    private static bool Wildcard(string pattern, string name)
    {
        int p = 0, n = 0, star = -1, mark = 0;
        while (n < name.Length)
        {
            if (p < pattern.Length && pattern[p] == '*')
            {
                star = p++;
                mark = n;
            }
            else if (p < pattern.Length && (pattern[p] == '?' || pattern[p] == name[n]))
            {
                p++;
                n++;
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
