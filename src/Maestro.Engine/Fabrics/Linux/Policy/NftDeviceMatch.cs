namespace Maestro.Engine.Fabrics.Linux.Policy;

/// <summary>Reads which devices a rule names one by one: <c>iifname "eth1"</c>, <c>oif { eth1, eth2 }</c>.</summary>
internal static class NftDeviceMatch
{
    /// <param name="head">The rule.</param>
    /// <param name="at">The place of <c>iif</c>, <c>iifname</c>, <c>oif</c> or <c>oifname</c>.</param>
    /// <returns>Null where it says so in another way: by exclusion, as part of a concatenation, by a set of its own or the beginning of a name.</returns>
    public static IReadOnlyList<string>? Read(IReadOnlyList<NftToken> head, int at)
    {
        if (at > 0 && head[at - 1].Text == ".") return null;
        var i = at + 1;
        if (i < head.Count && head[i].Text is "==" or "eq") i++;
        if (i >= head.Count) return null;
        if (head[i].Kind != NftTokenKind.Open) return NameOf(head[i]) is { } name ? [name] : null;
        var names = new List<string>();
        for (i++; i < head.Count && head[i].Kind != NftTokenKind.Close; i++)
        {
            if (head[i].IsComma) continue;
            if (NameOf(head[i]) is not { } one) return null;
            names.Add(one);
        }

        return names;
    }

    /// <summary>The device that a token names whole; null where it is none, or the beginning of one.</summary>
    public static string? NameOf(NftToken token) =>
        token.Kind is NftTokenKind.Word or NftTokenKind.Quoted && token.Unquoted is { Length: > 0 } name && name.IndexOf('*') < 0 && name is not ("." or "eq" or "ne" or "vmap" or "map") ? name : null;
}
