using System.Globalization;

namespace Maestro.Engine.Model.Groups;

/// <summary>What may be a group's name: a letter first, then letters, digits, '-', '_', '.', at most 63. A text of digits is an id.</summary>
public static class GroupName
{
    public const int MaximumLength = 63;

    public static bool IsValid(string name) =>
        name.Length is > 0 and <= MaximumLength && IsLetter(name[0]) && name.All(c => IsLetter(c) || c is (>= '0' and <= '9') or '-' or '_' or '.');

    public static bool IsId(string text) => text.Length > 0 && text.All(c => c is >= '0' and <= '9');

    public static string IdText(int id) => id.ToString(CultureInfo.InvariantCulture);

    private static bool IsLetter(char c) => c is (>= 'a' and <= 'z') or (>= 'A' and <= 'Z');
}
