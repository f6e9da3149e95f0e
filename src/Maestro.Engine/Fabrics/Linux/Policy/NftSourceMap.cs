namespace Maestro.Engine.Fabrics.Linux.Policy;

/// <summary>A place in a file of the policy's author. Lines and columns count from 1.</summary>
internal readonly record struct PolicyPlace(string File, int Line, int Column);

/// <summary>Leads from a place in the text that travelled back to where its author wrote that.</summary>
internal sealed class NftSourceMap
{
    // Column of the first byte of each token, and where it was written; _lines[i] is the first entry of line i + 1.
    private readonly List<(int Column, PolicyPlace Place)> _entries = [];
    private readonly List<int> _lines = [0];

    public int LineCount => _lines.Count - 1;

    public void Add(int column, NftToken token) => _entries.Add((column, new PolicyPlace(token.File, token.Line, token.Column)));

    public void EndLine() => _lines.Add(_entries.Count);

    /// <summary>The token at, or the last one before, a place of the text that travelled; null for a line that it does not have.</summary>
    /// <param name="line">From 1.</param>
    /// <param name="column">In bytes, from 1, as nft counts.</param>
    public PolicyPlace? Find(int line, int column)
    {
        if (line < 1 || line > LineCount) return null;
        int first = _lines[line - 1], end = _lines[line];
        if (first == end) return null;
        var found = first;
        for (var i = first; i < end && _entries[i].Column <= column; i++) found = i;
        return _entries[found].Place;
    }
}
