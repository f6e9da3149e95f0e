namespace Maestro.Engine.Fabrics.Linux.Policy;

/// <summary>What a variable stands for, with the variables inside it already replaced.</summary>
internal abstract record NftValue
{
    /// <summary><c>{ a, b }</c>, also empty.</summary>
    public sealed record Set(IReadOnlyList<IReadOnlyList<NftToken>> Items) : NftValue;

    /// <summary><c>a,b</c> without braces: nft reads bits that are set together.</summary>
    public sealed record Bits(IReadOnlyList<NftToken> Tokens) : NftValue;

    /// <summary>Anything else: an address, a range, a name, a sum of flags.</summary>
    public sealed record Plain(IReadOnlyList<NftToken> Tokens) : NftValue
    {
        public bool NeedsBrackets => Tokens.Any(t => t.IsBinaryOperator);
    }
}
