namespace Maestro.Engine.Fabrics.Linux.Policy;

internal enum NftTokenKind { Word, Quoted, Variable, Symbol, Open, Close, Semicolon, NewLine, End }

/// <summary>
/// A token of nft's language, with its place in the file that its author wrote. Lines and columns count from 1. The text is as written, with a
/// string's quotes and without a variable's dollar sign. It knows whether a blank stands before it: nft reads <c>ssh-http</c> and
/// <c>ssh - http</c> differently.
/// </summary>
internal readonly record struct NftToken(NftTokenKind Kind, string Text, string File, int Line, int Column, bool Spaced)
{
    public bool EndsStatement => Kind is NftTokenKind.Semicolon or NftTokenKind.NewLine;

    public bool IsComma => Kind == NftTokenKind.Symbol && Text == ",";

    /// <summary>True for what binds tighter than the places where a variable stands: its value then needs brackets.</summary>
    public bool IsBinaryOperator => Kind switch
    {
        NftTokenKind.Symbol => Text is "&" or "|" or "^" or "<<" or ">>",
        NftTokenKind.Word => Text is "and" or "or" or "xor" or "lshift" or "rshift",
        _ => false,
    };

    public bool IsWord(string text) => Kind == NftTokenKind.Word && Text == text;

    /// <summary>The text without its quotes.</summary>
    public string Unquoted => Kind == NftTokenKind.Quoted ? Text.Substring(1, Text.Length - 2) : Text;

    public PolicyProblem Problem(string text) => new(File, Line, Column, text);

    /// <summary>A token that was not written, in the place of one that was.</summary>
    public NftToken Synthetic(NftTokenKind kind, string text) => new(kind, text, File, Line, Column, Spaced: true);
}
