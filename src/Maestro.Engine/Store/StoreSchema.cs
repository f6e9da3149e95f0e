namespace Maestro.Engine.Store;

/// <summary>The tables, one text a version. Versions are added at the end; what a release wrote is never edited.</summary>
internal static class StoreSchema
{
    /// <summary>SQLite's application_id of our files: "Mstr".</summary>
    public const int ApplicationId = 0x4D737472;

    public static readonly IReadOnlyList<string> Versions =
    [
        """
        CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
        CREATE TABLE leases (
            resource TEXT PRIMARY KEY, operation TEXT NOT NULL, epoch INTEGER NOT NULL, since INTEGER NOT NULL,
            expires INTEGER NOT NULL, ttl INTEGER NOT NULL,
            machine TEXT NOT NULL, boot TEXT NOT NULL, pid INTEGER NOT NULL, pstart TEXT NOT NULL, host TEXT NOT NULL, user TEXT NOT NULL) WITHOUT ROWID;
        CREATE TABLE operations (
            place INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, kind TEXT NOT NULL, security_group TEXT NOT NULL, state TEXT NOT NULL, reason TEXT NOT NULL, plan TEXT NOT NULL,
            machine TEXT NOT NULL, boot TEXT NOT NULL, pid INTEGER NOT NULL, pstart TEXT NOT NULL, host TEXT NOT NULL, user TEXT NOT NULL,
            resources TEXT NOT NULL, epoch INTEGER NOT NULL, message TEXT NOT NULL, source TEXT NOT NULL, token TEXT NOT NULL,
            skipped TEXT NOT NULL, unsettled TEXT NOT NULL, started INTEGER NOT NULL, ended INTEGER);
        CREATE INDEX operations_state ON operations (state, place);
        CREATE TABLE journal (
            sequence INTEGER PRIMARY KEY, schema INTEGER NOT NULL, operation TEXT NOT NULL, at INTEGER NOT NULL, kind TEXT NOT NULL,
            step TEXT NOT NULL, attempt INTEGER NOT NULL, outcome TEXT NOT NULL, reason TEXT NOT NULL, evidence TEXT NOT NULL,
            previous INTEGER NOT NULL, epoch INTEGER NOT NULL, record TEXT NOT NULL, digest TEXT NOT NULL, hash TEXT NOT NULL);
        CREATE INDEX journal_operation ON journal (operation, sequence);
        CREATE INDEX journal_record ON journal (record, sequence) WHERE record <> '';
        CREATE TABLE requests (id INTEGER PRIMARY KEY AUTOINCREMENT, operation TEXT NOT NULL, kind TEXT NOT NULL, at INTEGER NOT NULL, by TEXT NOT NULL, message TEXT NOT NULL);
        CREATE INDEX requests_operation ON requests (operation, id);
        CREATE TABLE contents (fingerprint TEXT PRIMARY KEY, content TEXT NOT NULL);
        CREATE TABLE generations (
            kind TEXT NOT NULL, security_group TEXT NOT NULL, number INTEGER NOT NULL, fingerprint TEXT NOT NULL, state TEXT NOT NULL, created INTEGER NOT NULL,
            author TEXT NOT NULL, message TEXT NOT NULL, source TEXT NOT NULL, git_commit TEXT NOT NULL, dirty INTEGER NOT NULL, parent INTEGER,
            operation TEXT NOT NULL, recovered INTEGER NOT NULL, PRIMARY KEY (kind, security_group, number)) WITHOUT ROWID;
        CREATE TABLE documents (collection TEXT NOT NULL, name TEXT NOT NULL, json TEXT NOT NULL, PRIMARY KEY (collection, name));
        CREATE TABLE events (
            id INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL, security_group TEXT NOT NULL, member TEXT NOT NULL, kind TEXT NOT NULL,
            severity TEXT NOT NULL, text TEXT NOT NULL, operation TEXT NOT NULL);
        CREATE INDEX events_group ON events (security_group, id);
        """,
        """
        ALTER TABLE events ADD COLUMN origin TEXT NOT NULL DEFAULT '';
        CREATE UNIQUE INDEX events_origin ON events (origin) WHERE origin <> '';
        DROP INDEX events_group;
        CREATE INDEX events_group ON events (security_group, at, id);
        CREATE INDEX operations_ended ON operations (ended) WHERE ended IS NOT NULL;
        """,
    ];
}
