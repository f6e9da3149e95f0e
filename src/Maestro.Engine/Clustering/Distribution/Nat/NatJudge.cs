using Maestro.Engine.Model.Distribution;

namespace Maestro.Engine.Clustering.Distribution.Nat;

/// <summary>Why a translation cannot be distributed.</summary>
/// <param name="Reason">In the user's words.</param>
/// <param name="WayOut">What would help.</param>
internal sealed record NatObstacle(string Reason, string WayOut);

/// <summary>
/// Whether both directions of a translated flow have one slot. They do where the slot is computed from the end that is not translated, which in mode AutoTopology is
/// the address outside: so only the inside end may be translated, and with layer 4 its port must stay. Then all packets of one outside address are one member's, no two
/// members give one port of a translated address away for it, and the translation moves and fails over with the slot like any connection. Pure.
/// </summary>
internal static class NatJudge
{
    /// <param name="translation">The statement.</param>
    /// <param name="rules">What packets are distributed by.</param>
    /// <param name="downlinks">Of all members.</param>
    /// <returns>Null when it can be distributed.</returns>
    public static NatObstacle? Find(AddressTranslation translation, FlowRules rules, IReadOnlyList<MemberDownlink> downlinks) => translation.Kind switch
    {
        TranslationKind.Masquerade => new("it takes the address of the member's own device, whose answers that member alone gets: its connections cannot move to another member", "write 'snat to' and an address that no member has"),
        TranslationKind.Redirect => new("its connections end at the member itself, and cannot move to another one", "write 'dnat to' and the address of a server behind the group"),
        _ when rules.Mode != DistributionMode.AutoTopology => new($"in mode {rules.Mode} the slot of the answers depends on the address that it translates", "Set-GroupDistribution -Mode AutoTopology -Layer4 $false"),
        _ => FindSide(translation, downlinks) ?? FindOwn(translation, downlinks) ?? FindPort(translation, rules),
    };

    /// <summary>Whether it also translates what members begin by themselves, so that the answers reach whom the slot says.</summary>
    public static bool TranslatesOwn(AddressTranslation translation) => translation is { Kind: TranslationKind.Source, ArrivesOn: null };

    private static NatObstacle? FindSide(AddressTranslation translation, IReadOnlyList<MemberDownlink> downlinks)
    {
        var isSource = translation.Kind == TranslationKind.Source;
        var (near, far) = isSource ? (translation.ArrivesOn, translation.LeavesBy) : (translation.LeavesBy, translation.ArrivesOn);
        var verb = isSource ? "leaves" : "comes in";
        // A source is the inside end of what leaves to the outside, a destination that of what comes in from there.
        if (far is null && !(isSource && near is not null)) return new($"it does not say for certain that the packet {verb} on a downlink to the outside", $"add {Condition(isSource, downlinks)} to the rule");
        if (Stranger(far, FlowSide.Outside, downlinks) is { } wrong) return Wrong(wrong, FlowSide.Outside);
        if (far is null && Stranger(near, FlowSide.Inside, downlinks) is { } odd) return Wrong(odd, FlowSide.Inside);
        if (near is not null && near.Count > 0 && near.All(name => SidesOf(name, downlinks) is [FlowSide.Outside])) return new("it translates the end outside, by which the slot is computed", $"translate the other end, or leave it to hosts behind the group");
        return null;

        NatObstacle Wrong(string device, FlowSide wanted) => SidesOf(device, downlinks) switch
        {
            [] => new($"\"{device}\" is no downlink of any member with a side", $"name the downlinks of the inventory: add {Condition(isSource, downlinks)} to the rule"),
            [var side] when side != wanted => new($"\"{device}\" leads to the {(side == FlowSide.Inside ? "inside" : "outside")}, so it translates the end outside, by which the slot is computed", "translate the other end, or leave it to hosts behind the group"),
            _ => new($"\"{device}\" leads to the inside on some members and to the outside on others", "give the downlinks of one side the same name on all members"),
        };
    }

    private static NatObstacle? FindOwn(AddressTranslation translation, IReadOnlyList<MemberDownlink> downlinks)
    {
        if (translation.Kind != TranslationKind.Source) return null;
        var own = downlinks.FirstOrDefault(d => d.Address is not null && translation.Into.Contains(d.Address));
        return own is null ? null : new($"{own.Address} is {own.Gateway}'s own address, and what is for it goes to that member whatever its slot", "use an address that no member has");
    }

    private static NatObstacle? FindPort(AddressTranslation translation, FlowRules rules) =>
        rules.Layer4 && (translation.ChangesPort || translation.Kind == TranslationKind.Source)
            ? new("with layer 4 the slot depends on the port inside, which it may change", "Set-GroupDistribution -Layer4 $false")
            : null;

    private static string? Stranger(IReadOnlyList<string>? devices, FlowSide wanted, IReadOnlyList<MemberDownlink> downlinks) =>
        devices?.FirstOrDefault(name => SidesOf(name, downlinks) is not [var side] || side != wanted);

    private static IReadOnlyList<FlowSide> SidesOf(string device, IReadOnlyList<MemberDownlink> downlinks) =>
        [.. downlinks.Where(d => d.Interface == device && d.Side is not null).Select(d => d.Side!.Value).Distinct().OrderBy(s => s)];

    private static string Condition(bool isSource, IReadOnlyList<MemberDownlink> downlinks)
    {
        var names = downlinks.Where(d => d.Side == FlowSide.Outside).Select(d => $"\"{d.Interface}\"").Distinct().OrderBy(n => n, StringComparer.Ordinal).ToList();
        return $"{(isSource ? "oifname" : "iifname")} {(names.Count == 1 ? names[0] : $"{{ {string.Join(", ", names)} }}")}";
    }
}
