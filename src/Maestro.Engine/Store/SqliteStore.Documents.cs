using Maestro.Engine.Operations.Leases;

namespace Maestro.Engine.Store;

public sealed partial class SqliteStore
{
    public Task<string?> ReadDocumentAsync(string collection, string key) => ReadAsync<string?>(c =>
        c.Query(r => StoreConnection.Text(r, 0), "SELECT json FROM documents WHERE collection = $collection AND name = $name", ("collection", collection), ("name", key)).FirstOrDefault());

    public Task<IReadOnlyList<KeyValuePair<string, string>>> ListDocumentsAsync(string collection) => ReadAsync<IReadOnlyList<KeyValuePair<string, string>>>(c =>
        [.. c.Query(
            r => new KeyValuePair<string, string>(r.GetString(0), StoreConnection.Text(r, 1)),
            "SELECT name, json FROM documents WHERE collection = $collection",
            ("collection", collection)).OrderBy(d => d.Key, StringComparer.Ordinal)]);

    public Task WriteDocumentAsync(LeaseToken token, string collection, string key, string? json) => WriteAsync(token, c =>
    {
        if (json is null) c.Execute("DELETE FROM documents WHERE collection = $collection AND name = $name", ("collection", collection), ("name", key));
        else c.Execute("INSERT OR REPLACE INTO documents (collection, name, json) VALUES ($collection, $name, $json)", ("collection", collection), ("name", key), ("json", json));
    });
}
