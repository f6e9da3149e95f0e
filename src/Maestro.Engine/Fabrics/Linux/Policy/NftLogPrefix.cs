using System.Text;

namespace Maestro.Engine.Fabrics.Linux.Policy;

/// <summary>The one string in which nft replaces variables: the prefix of <c>log</c>.</summary>
internal static class NftLogPrefix
{
    public static NftToken Expand(NftToken prefix, NftScope scope, NftProblems problems)
    {
        var text = prefix.Text;
        if (text.IndexOf('$') < 0) return prefix;
        var expanded = new StringBuilder();
        for (var i = 0; i < text.Length;)
        {
            if (text[i] != '$')
            {
                expanded.Append(text[i++]);
                continue;
            }

            var end = ++i;
            while (end < text.Length && text[end] is (>= 'a' and <= 'z') or (>= 'A' and <= 'Z') or (>= '0' and <= '9') or '_') end++;
            var name = text.Substring(i, end - i);
            i = end;
            switch (scope.Find(name))
            {
                case NftValue.Plain { Tokens: [var value] } when value.Unquoted.IndexOf('$') < 0:
                    expanded.Append(value.Unquoted);
                    break;
                case null:
                    problems.Add(prefix.Problem(name.Length == 0 ? "a '$' in a log prefix begins a variable's name" : $"the variable '{name}' in the log prefix is not defined"));
                    break;
                default:
                    problems.Add(prefix.Problem($"the variable '{name}' is no single word, so it cannot stand in a log prefix"));
                    break;
            }
        }

        return prefix with { Text = expanded.ToString() };
    }
}
