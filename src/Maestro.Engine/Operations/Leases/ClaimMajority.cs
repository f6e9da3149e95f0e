using Maestro.Engine.Fabrics;
using Maestro.Engine.Operations.Plans;

namespace Maestro.Engine.Operations.Leases;

/// <summary>
/// Whether enough have granted a claim: more than half of the members of every group that it is about, so that any two claims on a group have a member in common. More than half of all
/// together would not do: the members of one group could outvote those of another, of whom none was reached. Pure.
/// </summary>
internal static class ClaimMajority
{
    /// <param name="request">What was asked. Those who join a group have a vote only where it has no members yet.</param>
    /// <param name="granted">Who granted it.</param>
    /// <returns>How many are too few, such as <c>1 of 3</c>; null when there are enough.</returns>
    public static string? FindLack(ClaimRequest request, IEnumerable<MemberRef> granted) => FindLack(request.Participants, request.Joiners, granted);

    /// <inheritdoc cref="FindLack(ClaimRequest, IEnumerable{MemberRef})"/>
    /// <param name="participants">Who was asked.</param>
    /// <param name="joiners">Who of them joins a group.</param>
    /// <param name="granted">Who granted it, or could.</param>
    public static string? FindLack(IReadOnlyCollection<MemberRef> participants, IReadOnlyCollection<MemberRef> joiners, IEnumerable<MemberRef> granted)
    {
        var gateways = new HashSet<string>(granted.Select(g => g.Gateway), StringComparer.Ordinal);
        var groups = participants.GroupBy(p => p.SecurityGroup, StringComparer.Ordinal).ToList();
        foreach (var group in groups)
        {
            var members = group.Where(p => !joiners.Contains(p)).ToList();
            var voters = members.Count > 0 ? members : [.. group];
            var yes = voters.Count(v => gateways.Contains(v.Gateway));
            if (yes * 2 <= voters.Count) return FormattableString.Invariant($"{yes} of {voters.Count}") + (groups.Count > 1 ? $" of '{group.Key}'" : "");
        }

        return null;
    }
}
