using System.Globalization;
using Maestro.Engine.Model.Groups;

namespace Maestro.Engine.Clustering.Distribution;

/// <summary>
/// A table as one line of text, which is also its fingerprint's content: <c>slots/1 version members active backup remote</c>. A column is base64 of one
/// byte a slot (two where there are more than 254 members), 0 for nobody and else the member's place in the list from 1 on.
/// </summary>
public static class SlotTableText
{
    private const string Form = "slots/1";
    private const int NarrowMembers = 254;

    public static string Write(SlotTable table)
    {
        var wide = table.Members.Count > NarrowMembers;
        return string.Join(
            " ",
            Form,
            table.Version.ToString(CultureInfo.InvariantCulture),
            table.Members.Count == 0 ? "-" : string.Join(",", table.Members.Select(Word)),
            Pack(table.Active, wide),
            Pack(table.Backup, wide),
            Pack(table.Remote, wide));
    }

    /// <exception cref="FormatException">It is no table, or one of a newer form.</exception>
    public static SlotTable Read(string text)
    {
        var words = text.Split(' ');
        if (words.Length != 6 || words[0] != Form) throw new FormatException("The text is no slot table of a form that is known here.");
        if (!long.TryParse(words[1], NumberStyles.None, CultureInfo.InvariantCulture, out var version)) throw new FormatException("The slot table has no version.");
        var members = words[2] == "-" ? [] : words[2].Split(',').Select(Member).ToArray();
        for (var i = 1; i < members.Length; i++) if (members[i - 1].Id.CompareTo(members[i].Id) >= 0) throw new FormatException("The slot table's members are not in order.");
        var (active, backup, remote) = (Unpack(words[3], members.Length), Unpack(words[4], members.Length), Unpack(words[5], members.Length));
        if (!SlotTable.IsSlotCount(active.Length) || backup.Length != active.Length || remote.Length != active.Length) throw new FormatException("The slot table's columns have a wrong length.");
        return new SlotTable(version, members, active, backup, remote);
    }

    private static string Word(SlotMember member) => $"{member.Id}={member.Weight.ToString(CultureInfo.InvariantCulture)}{(member.Carries ? "" : "s")}";

    private static SlotMember Member(string word)
    {
        var equals = word.IndexOf('=');
        var standby = word.EndsWith("s", StringComparison.Ordinal);
        var weight = equals < 0 ? "" : word.Substring(equals + 1, word.Length - equals - 1 - (standby ? 1 : 0));
        return equals > 0 && MemberId.TryParse(word.Substring(0, equals), out var id)
            && int.TryParse(weight, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= SlotMember.HighestWeight
            ? new SlotMember(id, number, !standby)
            : throw new FormatException($"'{word}' is no member of a slot table.");
    }

    private static string Pack(short[] column, bool wide)
    {
        var width = wide ? 2 : 1;
        var bytes = new byte[column.Length * width];
        for (var slot = 0; slot < column.Length; slot++)
        {
            var place = column[slot] + 1;
            bytes[slot * width] = (byte)place;
            if (wide) bytes[(slot * 2) + 1] = (byte)(place >> 8);
        }

        return Convert.ToBase64String(bytes);
    }

    private static short[] Unpack(string text, int members)
    {
        var bytes = Convert.FromBase64String(text);
        var width = members > NarrowMembers ? 2 : 1;
        var column = new short[bytes.Length / width];
        for (var slot = 0; slot < column.Length; slot++)
        {
            var place = width == 1 ? bytes[slot] : bytes[slot * 2] | (bytes[(slot * 2) + 1] << 8);
            if (place > members) throw new FormatException("The slot table names a member that is not in its list.");
            column[slot] = (short)(place - 1);
        }

        return column;
    }
}
