using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Maestro.Engine.Store;

/// <summary>SHA-256 of text as UTF-8, in lower-case hex: the identity of contents everywhere in Maestro.</summary>
public static class Fingerprint
{
    public static string Of(string text)
    {
        using var sha = SHA256.Create();
        var hex = new StringBuilder(64);
        foreach (var b in sha.ComputeHash(Encoding.UTF8.GetBytes(text))) hex.Append(b.ToString("x2", CultureInfo.InvariantCulture));
        return hex.ToString();
    }

    /// <summary>Of several fields, each with its length, so that no two different lists of fields read the same.</summary>
    internal static string OfFields(IEnumerable<string> fields)
    {
        var text = new StringBuilder();
        foreach (var field in fields) text.Append(field.Length.ToString(CultureInfo.InvariantCulture)).Append(':').Append(field);
        return Of(text.ToString());
    }
}
