using System.Security;
using System.Security.Cryptography;
using System.Text;

namespace Maestro.PowerShell.Tests.Secrets;

/// <summary>
/// Something that must be found nowhere, or a marker that must. Its core of letters and digits passes through JSON, XML, URLs and shell quotes unchanged, so that
/// the core is what is looked for; the signs around it are there to go wrong.
/// </summary>
internal sealed class PlantedSecret
{
    private const string Signs = """'"\$<&>%;""";

    public PlantedSecret(string name)
    {
        Name = name;
        // A letter comes first, so that a marker may be a name.
        Core = "M" + RandomNumberGenerator.GetString("ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnpqrstuvwxyz23456789", 23);
        Text = Core + Signs;
    }

    /// <summary>A text that is a secret as a whole, such as a line of a key.</summary>
    public PlantedSecret(string name, string text)
    {
        Name = name;
        Core = Text = text;
    }

    public string Name { get; }

    public string Core { get; }

    public string Text { get; }

    /// <summary>The core as it is, reversed, in hexadecimal and in base64, in UTF-8 and UTF-16; to be compared without regard to case.</summary>
    public IReadOnlyDictionary<string, string> Forms
    {
        get
        {
            var (narrow, wide) = (Encoding.UTF8.GetBytes(Core), Encoding.Unicode.GetBytes(Core));
            var forms = new Dictionary<string, string>
            {
                ["plain"] = Core,
                ["wide"] = Encoding.Latin1.GetString(wide),
                ["reversed"] = new string([.. Core.Reverse()]),
                ["hex"] = Convert.ToHexString(narrow),
                ["wide hex"] = Convert.ToHexString(wide),
            };
            foreach (var shift in Enumerable.Range(0, 3))
            {
                forms[$"base64+{shift}"] = Base64(narrow, shift);
                forms[$"wide base64+{shift}"] = Base64(wide, shift);
            }

            return forms;
        }
    }

    public SecureString Secure()
    {
        var secure = new SecureString();
        foreach (var character in Text) secure.AppendChar(character);
        return secure;
    }

    public PSCredential Credential(string user = "anybody") => new(user, Secure());

    /// <summary>The shell's printf for it, so that a script that says it does not hold it.</summary>
    public string Printf() => $"printf '{string.Concat(Encoding.UTF8.GetBytes(Text).Select(b => "\\" + Convert.ToString(b, 8).PadLeft(3, '0')))}\\n'";

    // What stands before it in the same text decides by which of three ways its bytes fall into groups; the groups at both ends mix with the neighbours.
    private static string Base64(byte[] bytes, int shift)
    {
        var text = Convert.ToBase64String([.. new byte[shift], .. bytes]);
        return text[(shift == 0 ? 0 : 4)..((bytes.Length + shift) / 3 * 4)];
    }
}
