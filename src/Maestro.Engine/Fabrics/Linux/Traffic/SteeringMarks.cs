using Maestro.Engine.Model.Distribution;
using Maestro.Engine.Model.Groups;

namespace Maestro.Engine.Fabrics.Linux.Traffic;

/// <summary>
/// The packet marks of ours on orchestrating hosts, which are also the numbers of the routing tables: 0x4d (M), the group's id, then site, number and
/// side of a member; and 0x4e with a slot, which a packet has only between two statements of one rule.
/// </summary>
internal static class SteeringMarks
{
    public const int HighestGroup = 255;

    private const uint Members = 0x4d00_0000;
    private const int HighestNumber = (1 << 14) - 1;

    /// <summary>Added to a slot's number; nothing else of ours begins there.</summary>
    public const uint Slots = 0x4e00_0000;

    /// <exception cref="ArgumentOutOfRangeException">The group's id or the member's number has no place in a mark.</exception>
    public static uint Of(int group, MemberId member, FlowSide side)
    {
        if (group is < 1 or > HighestGroup) throw new ArgumentOutOfRangeException(nameof(group), group, "Groups that are distributed have ids from 1 to 255.");
        if (member.Site is < 1 or > 2 || member.Number is < 0 or > HighestNumber) throw new ArgumentOutOfRangeException(nameof(member), member, "No mark has room for that member.");
        return Members | ((uint)group << 16) | ((uint)(member.Site - 1) << 15) | ((uint)member.Number << 1) | (side == FlowSide.Inside ? 1u : 0u);
    }

    /// <summary>Whether it is a mark of that group's members.</summary>
    public static bool IsOf(int group, uint mark) => mark >> 16 == (Members >> 16 | (uint)group);

    /// <summary>The member of a mark.</summary>
    public static MemberId MemberOf(uint mark) => new((int)((mark >> 15) & 1) + 1, (int)((mark >> 1) & HighestNumber));
}
