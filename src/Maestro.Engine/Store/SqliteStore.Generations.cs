using Maestro.Engine.Model.Errors;
using Maestro.Engine.Operations.Leases;
using Microsoft.Data.Sqlite;

namespace Maestro.Engine.Store;

public sealed partial class SqliteStore
{
    private const string GenerationColumns =
        "kind, security_group, number, fingerprint, state, created, author, message, source, git_commit, dirty, parent, operation, recovered";

    public Task RecordGenerationAsync(LeaseToken token, GenerationRecord generation, string content) => WriteAsync(token, c =>
    {
        if (Fingerprint.Of(content) != generation.Fingerprint) throw new ArgumentException("The content does not have the fingerprint that it is recorded under.", nameof(content));
        if (FindGeneration(c, generation.Kind, generation.SecurityGroup, generation.Number) is { State: GenerationState.Confirmed } confirmed && confirmed.Fingerprint != generation.Fingerprint)
        {
            throw new MaestroException(
                ErrorCatalogue.PlanStale,
                $"{generation.Kind} version {Text(generation.Number)} of '{generation.SecurityGroup}' is confirmed with another content; it was left as it is.",
                generation.SecurityGroup);
        }

        c.Execute("INSERT OR IGNORE INTO contents (fingerprint, content) VALUES ($fingerprint, $content)", ("fingerprint", generation.Fingerprint), ("content", content));
        c.Execute(
            $"""
            INSERT OR REPLACE INTO generations ({GenerationColumns})
            VALUES ($kind, $group, $number, $fingerprint, $state, $created, $author, $message, $source, $commit, $dirty, $parent, $operation, $recovered)
            """,
            ("kind", generation.Kind.ToString()), ("group", generation.SecurityGroup), ("number", generation.Number), ("fingerprint", generation.Fingerprint),
            ("state", generation.State.ToString()), ("created", generation.CreatedAt.UtcTicks), ("author", generation.Author), ("message", generation.Message),
            ("source", generation.Source), ("commit", generation.Commit), ("dirty", generation.Dirty ? 1 : 0), ("parent", generation.Parent),
            ("operation", generation.OperationId), ("recovered", generation.Recovered ? 1 : 0));
        Vouch(c, token, generation.Kind, generation.SecurityGroup, generation.Number);
    });

    public Task SetGenerationStateAsync(LeaseToken token, GenerationKind kind, string securityGroup, int number, GenerationState state) => WriteAsync(token, c =>
    {
        c.Execute(
            "UPDATE generations SET state = $state WHERE kind = $kind AND security_group = $group AND number = $number",
            ("state", state.ToString()), ("kind", kind.ToString()), ("group", securityGroup), ("number", number));
        Vouch(c, token, kind, securityGroup, number);
    });

    public Task ForgetGenerationsAsync(LeaseToken token, GenerationKind kind, string securityGroup, IReadOnlyList<int> numbers) => WriteAsync(token, c =>
    {
        foreach (var number in numbers.Distinct().OrderBy(n => n))
        {
            if (FindGeneration(c, kind, securityGroup, number) is not { State: not GenerationState.Forgotten } generation) continue;
            // The record stays: the journal vouches for it, and its number must not come again.
            c.Execute(
                "UPDATE generations SET state = $state WHERE kind = $kind AND security_group = $group AND number = $number",
                ("state", nameof(GenerationState.Forgotten)), ("kind", kind.ToString()), ("group", securityGroup), ("number", number));
            c.Execute(
                "DELETE FROM contents WHERE fingerprint = $fingerprint AND NOT EXISTS (SELECT 1 FROM generations g WHERE g.fingerprint = $fingerprint AND g.state <> $state)",
                ("fingerprint", generation.Fingerprint), ("state", nameof(GenerationState.Forgotten)));
            Vouch(c, token, kind, securityGroup, number);
        }
    });

    public Task<IReadOnlyList<GenerationRecord>> FindGenerationsAsync(GenerationKind kind, string securityGroup) => ReadAsync<IReadOnlyList<GenerationRecord>>(c =>
    {
        var found = c.Query(
            ReadGeneration,
            $"SELECT {GenerationColumns} FROM generations WHERE kind = $kind AND security_group = $group ORDER BY number DESC",
            ("kind", kind.ToString()), ("group", securityGroup));
        foreach (var generation in found) JournalChain.RequireVouched(c, JournalChain.GenerationRecordName(kind, securityGroup, generation.Number), DigestOf(generation));
        return found;
    });

    public Task<string?> ReadContentAsync(string fingerprint) => ReadAsync<string?>(c =>
    {
        var content = c.Query(r => StoreConnection.Text(r, 0), "SELECT content FROM contents WHERE fingerprint = $fingerprint", ("fingerprint", fingerprint)).FirstOrDefault();
        if (content is null || Fingerprint.Of(content) == fingerprint) return content;
        throw new MaestroException(ErrorCatalogue.StoreDamaged, $"{Location}: the content {fingerprint} is not what was stored.", Location);
    });

    private static GenerationRecord? FindGeneration(StoreConnection connection, GenerationKind kind, string securityGroup, int number) => connection.Query(
        ReadGeneration,
        $"SELECT {GenerationColumns} FROM generations WHERE kind = $kind AND security_group = $group AND number = $number",
        ("kind", kind.ToString()), ("group", securityGroup), ("number", number)).FirstOrDefault();

    /// <summary>Appends the journal's word for the generation as this transaction leaves it.</summary>
    private void Vouch(StoreConnection connection, LeaseToken token, GenerationKind kind, string securityGroup, int number)
    {
        var generation = FindGeneration(connection, kind, securityGroup, number)
            ?? throw new MaestroException(ErrorCatalogue.PolicyNotFound, $"'{securityGroup}' has no {kind} version {Text(number)} in {Location}.", securityGroup);
        JournalChain.Vouch(connection, token, _options.Time.GetUtcNow(), JournalChain.GenerationRecordName(kind, securityGroup, number), DigestOf(generation));
    }

    private static string DigestOf(GenerationRecord g) => Fingerprint.OfFields(
    [
        g.Kind.ToString(), g.SecurityGroup, Text(g.Number), g.Fingerprint, g.State.ToString(), Text(g.CreatedAt.UtcTicks), g.Author, g.Message, g.Source, g.Commit,
        g.Dirty ? "dirty" : "", g.Parent is { } parent ? Text(parent) : "", g.OperationId, g.Recovered ? "recovered" : "",
    ]);

    private static GenerationRecord ReadGeneration(SqliteDataReader r) => new()
    {
        Kind = StoreConnection.Word<GenerationKind>(r, 0),
        SecurityGroup = r.GetString(1),
        Number = r.GetInt32(2),
        Fingerprint = r.GetString(3),
        State = StoreConnection.Word<GenerationState>(r, 4),
        CreatedAt = StoreConnection.Time(r, 5),
        Author = StoreConnection.Text(r, 6),
        Message = StoreConnection.Text(r, 7),
        Source = StoreConnection.Text(r, 8),
        Commit = StoreConnection.Text(r, 9),
        Dirty = r.GetInt32(10) != 0,
        Parent = r.IsDBNull(11) ? null : r.GetInt32(11),
        OperationId = r.GetString(12),
        Recovered = r.GetInt32(13) != 0,
    };
}
