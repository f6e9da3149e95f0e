using System.Globalization;

namespace Maestro.Engine.Fabrics.Linux.Policy;

/// <summary>
/// Reads the structure of nft text: statements and the blocks they open. Includes are followed and variables replaced on the way, as nft does it,
/// because a definition binds only what is written after it. What a rule says is left to each gateway's own nft.
/// </summary>
internal sealed class NftParser(NftInput input, NftProblems problems)
{
    // nft allows tables, chains and anonymous chains within one another; its own limit for those is 16 calls deep.
    private const int DeepestBlock = 32;

    private readonly NftValueReader _values = new(input, problems);

    public NftBlock ReadFile() => ReadBlock(NftBlockKind.File, null, depth: 0);

    private NftBlock ReadBlock(NftBlockKind kind, NftToken? open, int depth)
    {
        var opensScope = kind is NftBlockKind.Table or NftBlockKind.Chain;
        if (opensScope) _values.OpenScope();
        var statements = new List<NftStatement>();
        while (true)
        {
            var token = input.Peek();
            if (token.EndsStatement)
            {
                input.Next();
            }
            else if (token.Kind == NftTokenKind.End)
            {
                if (open is { } unclosed) problems.Add(unclosed.Problem("the block that begins here is not closed"));
                break;
            }
            else if (token.Kind == NftTokenKind.Close)
            {
                if (open is not null) break;
                problems.Add(input.Next().Problem("unexpected '}'"));
            }
            else if (ReadStatement(kind, depth) is { } statement)
            {
                statements.Add(statement);
            }
        }

        if (opensScope) _values.CloseScope();
        return new NftBlock(kind, statements, open is null ? input.Peek() : input.Next());
    }

    private NftStatement? ReadStatement(NftBlockKind kind, int depth)
    {
        switch (input.Peek())
        {
            case { Kind: NftTokenKind.Word, Text: "include" }:
                ReadInclude();
                return null;
            case { Kind: NftTokenKind.Word, Text: "define" or "redefine" or "undefine" }:
                _values.ReadDefinition();
                return null;
        }

        var head = new List<NftToken>();
        var tail = new List<NftToken>();
        NftBlock? block = null;
        while (true)
        {
            var token = input.Peek();
            if (token.EndsStatement || token.Kind is NftTokenKind.Close or NftTokenKind.End) break;
            input.Next();
            if (token.Kind != NftTokenKind.Open)
            {
                _values.Append(block is null ? head : tail, token);
            }
            else if (block is null && BlockAfter(kind, head) is { } inner)
            {
                if (depth >= DeepestBlock)
                {
                    problems.Add(token.Problem($"blocks are nested more than {DeepestBlock.ToString(CultureInfo.InvariantCulture)} deep"));
                    SkipBlock();
                    return null;
                }

                block = ReadBlock(inner, token, depth + 1);
                // Only a rule may go on behind its block: with a comment.
                if (kind != NftBlockKind.Chain && !IsRule(head)) break;
            }
            else
            {
                _values.AppendSet(block is null ? head : tail, token);
            }
        }

        if (head.Count == 0)
        {
            // Only a variable for nothing leaves nothing; its problem is told.
            return null;
        }

        return SaysNothing(head) ? null : new NftStatement(head, block, tail);
    }

    private void SkipBlock()
    {
        for (var open = 1; open > 0 && input.Peek().Kind != NftTokenKind.End;)
        {
            var kind = input.Next().Kind;
            open += kind == NftTokenKind.Open ? 1 : kind == NftTokenKind.Close ? -1 : 0;
        }
    }

    private void ReadInclude()
    {
        var at = input.Next();
        var name = input.Peek();
        if (name.Kind == NftTokenKind.Quoted) input.Next();
        else problems.Add(at.Problem("include needs the name of a file in double quotes"));
        if (!input.Peek().EndsStatement && input.Peek().Kind != NftTokenKind.End) problems.Add(input.Peek().Problem("expected the end of the line behind include"));
        while (!input.Peek().EndsStatement && input.Peek().Kind != NftTokenKind.End) input.Next();
        if (input.Peek().EndsStatement) input.Next();
        if (name.Kind == NftTokenKind.Quoted) input.Include(at, name.Unquoted);
    }

    /// <summary>What kind of block a brace opens behind these tokens; null when it opens a set of values.</summary>
    private static NftBlockKind? BlockAfter(NftBlockKind kind, List<NftToken> head)
    {
        if (head.Count == 0) return null;
        var at = kind == NftBlockKind.File && head[0].Text is "add" or "create" or "insert" ? 1 : 0;
        var word = at < head.Count && head[at].Kind == NftTokenKind.Word ? head[at].Text : "";
        return kind switch
        {
            NftBlockKind.Chain => EndsInJump(head) ? NftBlockKind.Chain : null,
            NftBlockKind.File when word == "table" => NftBlockKind.Table,
            NftBlockKind.File when IsRule(head) => EndsInJump(head) ? NftBlockKind.Chain : null,
            NftBlockKind.File or NftBlockKind.Table => word switch
            {
                "chain" => NftBlockKind.Chain,
                "set" or "map" => NftBlockKind.Set,
                "flowtable" or "counter" or "quota" or "limit" or "secmark" or "synproxy" or "ct" => NftBlockKind.Object,
                // Kinds of objects that newer versions of nft bring look the same.
                _ when kind == NftBlockKind.Table => NftBlockKind.Object,
                _ => null,
            },
            _ => null,
        };
    }

    private static bool EndsInJump(List<NftToken> head) => head[head.Count - 1].Text is "jump" or "goto";

    private static bool IsRule(List<NftToken> head) =>
        head.Count > 0 && (NftKeywords.StartsRule(head[0].Text, head.Count > 1 ? head[1].Text : ""));

    /// <summary>True for <c>elements = { }</c>, which nft refuses in this form and takes when a variable brings it: it adds nothing.</summary>
    private static bool SaysNothing(List<NftToken> head)
    {
        var last = head.Count - 1;
        if (last < 1 || head[last].Kind != NftTokenKind.Close || head[last - 1].Kind != NftTokenKind.Open) return false;
        return head[0].Text is "elements" or "element" || (head[0].Text is "add" or "create" && head[1].Text == "element");
    }
}
