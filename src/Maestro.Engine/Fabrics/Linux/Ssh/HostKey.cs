using System.Security.Cryptography;
using System.Text;

namespace Maestro.Engine.Fabrics.Linux.Ssh;

/// <summary>A host's public key as it stands in known_hosts: the type, and the key in Base64.</summary>
internal sealed record HostKey(string Type, string Key)
{
    /// <summary>Reads the key that a host shows. The type is the key's own first field (RFC 4253, 6.6): an RSA key is <c>ssh-rsa</c>, whichever algorithm signs with it.</summary>
    /// <exception cref="FormatException">The bytes are no SSH public key.</exception>
    public static HostKey FromBytes(byte[] bytes)
    {
        var length = bytes.Length < 4 ? -1 : (bytes[0] << 24) | (bytes[1] << 16) | (bytes[2] << 8) | bytes[3];
        if (length <= 0 || length > bytes.Length - 4) throw new FormatException("The bytes are no SSH public key.");
        return new HostKey(Encoding.ASCII.GetString(bytes, 4, length), Convert.ToBase64String(bytes));
    }

    /// <summary>As ssh-keygen -l prints it: <c>SHA256:</c> and Base64 without padding.</summary>
    public string Fingerprint
    {
        get
        {
            using var hash = SHA256.Create();
            return "SHA256:" + Convert.ToBase64String(hash.ComputeHash(Convert.FromBase64String(Key))).TrimEnd('=');
        }
    }

    /// <summary>True when <paramref name="pin"/> vouches for this key: a fingerprint, a key alone, or "type key" as in a .pub file.</summary>
    public bool Matches(string pin)
    {
        if (IsFingerprint(pin)) return pin.Trim().TrimEnd('=') == Fingerprint;
        var fields = pin.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
        return fields.Length switch
        {
            0 => false,
            1 => fields[0] == Key,
            _ => fields[0] == Type && fields[1] == Key,
        };
    }

    /// <summary>The type that a pin names; null when it tells none.</summary>
    public static string? TypeOf(string pin)
    {
        if (IsFingerprint(pin)) return null;
        var fields = pin.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
        if (fields.Length > 1) return fields[0];
        try
        {
            return fields.Length == 1 ? FromBytes(Convert.FromBase64String(fields[0])).Type : null;
        }
        catch (FormatException)
        {
            return null;
        }
    }

    private static bool IsFingerprint(string pin) => pin.TrimStart().StartsWith("SHA256:", StringComparison.Ordinal);
}
