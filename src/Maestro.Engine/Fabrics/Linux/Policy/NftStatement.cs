namespace Maestro.Engine.Fabrics.Linux.Policy;

internal enum NftBlockKind { File, Table, Chain, Set, Object }

/// <summary>What stands between two braces that hold statements.</summary>
internal sealed record NftBlock(NftBlockKind Kind, IReadOnlyList<NftStatement> Statements, NftToken Close);

/// <summary>One statement: its tokens, the block that it opens, and what follows that (a comment behind an anonymous chain).</summary>
internal sealed record NftStatement(IReadOnlyList<NftToken> Head, NftBlock? Block, IReadOnlyList<NftToken> Tail)
{
    public NftToken First => Head[0];

    /// <summary>The word at a place of the head; empty when there is none or it is not a word.</summary>
    public string Word(int index) => index < Head.Count && Head[index].Kind == NftTokenKind.Word ? Head[index].Text : "";
}
