using System.Globalization;

namespace Maestro.Engine.Model.Groups;

/// <summary>A member's id, <c>site_number</c>. Both <c>1_4</c> and the padded <c>1_04</c> of some outputs are read; the short form is written.</summary>
public readonly record struct MemberId(int Site, int Number) : IComparable<MemberId>
{
    public int CompareTo(MemberId other) => Site != other.Site ? Site.CompareTo(other.Site) : Number.CompareTo(other.Number);

    public static bool TryParse(string? text, out MemberId id)
    {
        id = default;
        if (text is null) return false;
        var parts = text.Split('_');
        if (parts.Length != 2
            || !int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var site)
            || !int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            || site is < 1 or > 2 || number < 1)
        {
            return false;
        }

        id = new MemberId(site, number);
        return true;
    }

    /// <exception cref="FormatException">The text is no member id.</exception>
    public static MemberId Parse(string text) =>
        TryParse(text, out var id) ? id : throw new FormatException($"'{text}' is no member id: expected site_number, for example 1_2.");

    /// <summary>Orders member ids; what is no id comes last, by ordinal text.</summary>
    public static int Compare(string left, string right) => (TryParse(left, out var a), TryParse(right, out var b)) switch
    {
        (true, true) => a.CompareTo(b),
        (true, false) => -1,
        (false, true) => 1,
        _ => string.CompareOrdinal(left, right),
    };

    public override string ToString() => string.Format(CultureInfo.InvariantCulture, "{0}_{1}", Site, Number);
}
