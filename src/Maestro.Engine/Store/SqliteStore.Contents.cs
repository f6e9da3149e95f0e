using Maestro.Engine.Model.Errors;
using Maestro.Engine.Operations.Leases;
using Microsoft.Data.Sqlite;

namespace Maestro.Engine.Store;

public sealed partial class SqliteStore
{
    public Task RecordGenerationAsync(LeaseToken token, GenerationRecord generation, string content) => OnStoreAsync(c =>
    {
        RequireHeld(c, token);
        if (Fingerprint.Of(content) != generation.Fingerprint) throw new ArgumentException("The content does not have the fingerprint that it is recorded under.", nameof(content));
        Execute(c, "INSERT OR IGNORE INTO contents (fingerprint, content) VALUES ($fingerprint, $content)", ("fingerprint", generation.Fingerprint), ("content", content));
        Execute(
            c,
            """
            INSERT OR REPLACE INTO generations (kind, security_group, number, fingerprint, state, created, author, message, source, git_commit, dirty, parent, operation, recovered)
            VALUES ($kind, $group, $number, $fingerprint, $state, $created, $author, $message, $source, $commit, $dirty, $parent, $operation, $recovered)
            """,
            ("kind", generation.Kind.ToString()), ("group", generation.SecurityGroup), ("number", generation.Number), ("fingerprint", generation.Fingerprint),
            ("state", generation.State.ToString()), ("created", generation.CreatedAt.UtcTicks), ("author", generation.Author), ("message", generation.Message),
            ("source", generation.Source), ("commit", generation.Commit), ("dirty", generation.Dirty ? 1 : 0), ("parent", generation.Parent),
            ("operation", generation.OperationId), ("recovered", generation.Recovered ? 1 : 0));
    });

    public Task SetGenerationStateAsync(LeaseToken token, GenerationKind kind, string securityGroup, int number, GenerationState state) => OnStoreAsync(c =>
    {
        RequireHeld(c, token);
        var changed = Execute(
            c,
            "UPDATE generations SET state = $state WHERE kind = $kind AND security_group = $group AND number = $number",
            ("state", state.ToString()), ("kind", kind.ToString()), ("group", securityGroup), ("number", number));
        if (changed == 0) throw new MaestroException(ErrorCatalogue.PolicyNotFound, $"'{securityGroup}' has no {kind} version {Text(number)} in {Location}.", securityGroup);
    });

    public Task<IReadOnlyList<GenerationRecord>> FindGenerationsAsync(GenerationKind kind, string securityGroup) => OnStoreAsync<IReadOnlyList<GenerationRecord>>(c => Query(
        c,
        r => new GenerationRecord
        {
            Kind = kind,
            SecurityGroup = securityGroup,
            Number = r.GetInt32(0),
            Fingerprint = r.GetString(1),
            State = (GenerationState)Enum.Parse(typeof(GenerationState), r.GetString(2)),
            CreatedAt = Time(r.GetInt64(3)),
            Author = r.GetString(4),
            Message = r.GetString(5),
            Source = r.GetString(6),
            Commit = r.GetString(7),
            Dirty = r.GetInt32(8) != 0,
            Parent = r.IsDBNull(9) ? null : r.GetInt32(9),
            OperationId = r.GetString(10),
            Recovered = r.GetInt32(11) != 0,
        },
        """
        SELECT number, fingerprint, state, created, author, message, source, git_commit, dirty, parent, operation, recovered
        FROM generations WHERE kind = $kind AND security_group = $group ORDER BY number DESC
        """,
        ("kind", kind.ToString()), ("group", securityGroup)));

    public Task<string?> ReadContentAsync(string fingerprint) => OnStoreAsync<string?>(c =>
    {
        var content = Query(c, r => r.GetString(0), "SELECT content FROM contents WHERE fingerprint = $fingerprint", ("fingerprint", fingerprint)).FirstOrDefault();
        if (content is null || Fingerprint.Of(content) == fingerprint) return content;
        throw new MaestroException(ErrorCatalogue.StoreDamaged, $"{Location}: the content {fingerprint} is not what was stored.", Location);
    });

    public Task<string?> ReadDocumentAsync(string collection, string key) => OnStoreAsync<string?>(c =>
        Query(c, r => r.GetString(0), "SELECT json FROM documents WHERE collection = $collection AND name = $name", ("collection", collection), ("name", key)).FirstOrDefault());

    public Task<IReadOnlyList<KeyValuePair<string, string>>> ListDocumentsAsync(string collection) => OnStoreAsync<IReadOnlyList<KeyValuePair<string, string>>>(c =>
        Query(c, r => new KeyValuePair<string, string>(r.GetString(0), r.GetString(1)), "SELECT name, json FROM documents WHERE collection = $collection ORDER BY name", ("collection", collection)));

    public Task WriteDocumentAsync(LeaseToken token, string collection, string key, string? json) => OnStoreAsync(c =>
    {
        RequireHeld(c, token);
        if (json is null) Execute(c, "DELETE FROM documents WHERE collection = $collection AND name = $name", ("collection", collection), ("name", key));
        else Execute(c, "INSERT OR REPLACE INTO documents (collection, name, json) VALUES ($collection, $name, $json)", ("collection", collection), ("name", key), ("json", json));
    });

    public Task AppendEventsAsync(IReadOnlyList<StoredEvent> events) => OnStoreAsync(c =>
    {
        foreach (var e in events)
        {
            Execute(
                c,
                "INSERT INTO events (at, security_group, member, kind, severity, text, operation) VALUES ($at, $group, $member, $kind, $severity, $text, $operation)",
                ("at", e.At.UtcTicks), ("group", e.SecurityGroup), ("member", e.Member), ("kind", e.Kind), ("severity", e.Severity), ("text", e.Text), ("operation", e.OperationId));
        }
    });

    public Task<IReadOnlyList<StoredEvent>> FindEventsAsync(EventQuery query) => OnStoreAsync<IReadOnlyList<StoredEvent>>(c =>
    {
        var where = new List<string> { "1" };
        var parameters = new List<(string, object?)>();
        Add(query.SecurityGroup, "security_group = $group", "group");
        Add(query.Member, "member = $member", "member");
        Add(query.Kind, "kind = $kind", "kind");
        Add(query.After?.UtcTicks, "at >= $after", "after");
        Add(query.Before?.UtcTicks, "at < $before", "before");
        parameters.Add(("limit", query.Newest ?? -1));
        return Query(
            c,
            r => new StoredEvent
            {
                At = Time(r.GetInt64(0)),
                SecurityGroup = r.GetString(1),
                Member = r.GetString(2),
                Kind = r.GetString(3),
                Severity = r.GetString(4),
                Text = r.GetString(5),
                OperationId = r.GetString(6),
            },
            $"SELECT at, security_group, member, kind, severity, text, operation FROM events WHERE {string.Join(" AND ", where)} ORDER BY id DESC LIMIT $limit",
            [.. parameters]);

        void Add(object? value, string condition, string name)
        {
            if (value is null) return;
            where.Add(condition);
            parameters.Add((name, value));
        }
    });
}
