namespace Maestro.Engine.Fabrics.Linux.Policy;

/// <summary>
/// Definitions in sight, as nft 1.0.6 keeps them: tables and chains have a scope of their own, sets and named objects do not; what an outer
/// block has defined an inner one may redefine but not define; a definition binds what is written after it.
/// </summary>
internal sealed class NftScope(NftScope? outer)
{
    private readonly Dictionary<string, NftValue> _values = new(StringComparer.Ordinal);

    public NftValue? Find(string name)
    {
        for (var scope = this; scope is not null; scope = scope.Outer)
        {
            if (scope._values.TryGetValue(name, out var value)) return value;
        }

        return null;
    }

    public NftScope? Outer { get; } = outer;

    public void Set(string name, NftValue value) => _values[name] = value;

    /// <summary>Forgets a definition of this scope; one of an outer scope stays, and nft does not mind when there is none.</summary>
    public void Remove(string name) => _values.Remove(name);
}
