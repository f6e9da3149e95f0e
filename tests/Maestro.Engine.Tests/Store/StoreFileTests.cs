using Maestro.Engine.Model.Errors;
using Maestro.Engine.Store;
using Maestro.Fabrics.Contract.Store;
using Microsoft.Data.Sqlite;

namespace Maestro.Engine.Tests.Store;

/// <summary>What may be opened, where it may lie, and what is made beside it.</summary>
public sealed class StoreFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Path => _folder.File();

    private static long Current => StoreSchema.Versions.Count;

    private string Copy(int later) => StoreMigration.CopyPath(Path, Current + later);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_file_of_a_newer_version_is_refused_and_left_as_it_is()
    {
        await OpenedOnceAsync();
        Sql($"PRAGMA user_version = {Current + 1}");
        var before = File.ReadAllBytes(Path);
        var fault = Assert.Throws<MaestroException>(Open);
        Assert.Equal((ErrorCatalogue.StoreTooNew, Path), (fault.Code, fault.Target));
        Assert.Equal(before, File.ReadAllBytes(Path));
    }

    [Fact]
    public void A_database_of_another_program_is_refused_and_left_as_it_is()
    {
        Sql("CREATE TABLE cookies (id INTEGER)");
        var before = File.ReadAllBytes(Path);
        Assert.Equal(ErrorCatalogue.StoreUnavailable, Assert.Throws<MaestroException>(Open).Code);
        Assert.Equal(before, File.ReadAllBytes(Path));
    }

    [Fact]
    public void A_file_that_is_no_database_is_damaged_and_left_as_it_is()
    {
        var text = new string('x', 10_000);
        File.WriteAllText(Path, text);
        Assert.Equal(ErrorCatalogue.StoreDamaged, Assert.Throws<MaestroException>(Open).Code);
        Assert.Equal(text, File.ReadAllText(Path));
    }

    [Fact]
    public void A_path_that_cannot_be_made_is_unavailable()
    {
        File.WriteAllText(_folder.File("plain"), "");
        var path = System.IO.Path.Combine(_folder.Path, "plain", "store.db");
        Assert.Equal(ErrorCatalogue.StoreUnavailable, Assert.Throws<MaestroException>(() => SqliteStore.Open(Options(path))).Code);
        Assert.Equal(ErrorCatalogue.StoreUnavailable, Assert.Throws<MaestroException>(() => SqliteStore.Open(Options(_folder.Path))).Code);
    }

    [SkippableFact]
    public async Task File_folder_anchor_and_log_are_for_their_owner_only()
    {
        Skip.If(OperatingSystem.IsWindows(), "Unix rights are not known on Windows.");
        var path = System.IO.Path.Combine(_folder.Path, "new", "state", "store.db");
        await using var store = SqliteStore.Open(Options(path));
        await WriteAsync(store);
        AssertRights(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, System.IO.Path.GetDirectoryName(path)!);
        foreach (var file in new[] { path, path + "-wal", path + ".anchor" }) AssertRights(UnixFileMode.UserRead | UnixFileMode.UserWrite, file);
    }

    [Fact]
    public async Task An_older_file_is_copied_as_it_was_before_each_step_and_then_brought_forward()
    {
        await OpenedOnceAsync();
        string[] versions = [.. StoreSchema.Versions, "CREATE TABLE second (id INTEGER)", "CREATE TABLE third (id INTEGER)"];
        await using (var store = SqliteStore.Open(Options(Path), versions))
        {
            Assert.Equal(["because", "kept"], (await store.ReadJournalAsync("op-1")).Select(e => e.Reason));
        }

        Assert.Equal(Current + 2, Sql("PRAGMA user_version"));
        Assert.Equal(Current, Sql("PRAGMA user_version", Copy(0)));
        Assert.Equal(Current + 1, Sql("PRAGMA user_version", Copy(1)));
        Assert.Equal(1L, Sql("SELECT count(*) FROM sqlite_master WHERE name = 'second'", Copy(1)));
        Assert.Equal(0L, Sql("SELECT count(*) FROM sqlite_master WHERE name = 'second'", Copy(0)));
        Assert.Equal(2L, Sql("SELECT count(*) FROM journal", Copy(0)));
        AssertRights(UnixFileMode.UserRead | UnixFileMode.UserWrite, Copy(0));
    }

    [Fact]
    public async Task A_step_that_fails_leaves_the_file_at_the_version_before_it()
    {
        await OpenedOnceAsync();
        string[] versions = [.. StoreSchema.Versions, "CREATE TABLE second (id INTEGER)", "CREATE TABLE third (id INTEGER); INSERT INTO nowhere VALUES (1)"];
        Assert.Equal(ErrorCatalogue.StoreUnavailable, Assert.Throws<MaestroException>(() => SqliteStore.Open(Options(Path), versions)).Code);
        Assert.Equal(Current + 1, Sql("PRAGMA user_version"));
        Assert.Equal(0L, Sql("SELECT count(*) FROM sqlite_master WHERE name = 'third'"));
    }

    /// <summary>What the first release wrote of events stays, and is found as what is written now.</summary>
    [Fact]
    public async Task A_file_of_the_first_version_keeps_its_events_and_takes_new_ones_once()
    {
        await using (var first = SqliteStore.Open(Options(Path), [StoreSchema.Versions[0]])) await WriteAsync(first);
        Sql("INSERT INTO events (at, security_group, member, kind, severity, text, operation) VALUES (5, 'dmz', '1_1', 'MemberLost', 'Error', 'old', ''), (6, 'dmz', '1_1', 'MemberBack', 'Information', 'old, too', '')");
        await using (var store = Open())
        {
            Assert.Equal(["old, too", "old"], (await store.FindEventsAsync(new EventQuery { SecurityGroup = "dmz" })).Select(e => e.Text));
            var token = await StoreSamples.BeginAsync(store, "op-2", "lan");
            var said = new StoredEvent { At = new ManualTime().GetUtcNow(), SecurityGroup = "lan", Kind = "MemberLost", Text = "new", Origin = "w/1" };
            for (var again = 0; again < 2; again++) await store.AppendEventsAsync(token, [said]);
            Assert.Equal(["new", "old, too", "old"], (await store.FindEventsAsync(new EventQuery())).Select(e => e.Text));
        }

        Assert.Equal(1L, Sql("PRAGMA user_version", StoreMigration.CopyPath(Path, 1)));
        Assert.Equal(2L, Sql("SELECT count(*) FROM events", StoreMigration.CopyPath(Path, 1)));
    }

    [Fact]
    public async Task Several_that_come_to_a_new_file_at_once_all_open_it()
    {
        foreach (var path in Enumerable.Range(0, 20).Select(n => _folder.File($"{n}.db")))
        {
            var opened = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => SqliteStore.Open(Options(path)))));
            foreach (var store in opened) await store.DisposeAsync();
            Assert.Equal((long)StoreSchema.Versions.Count, Sql("PRAGMA user_version", path));
        }

        // There was nothing that a copy would keep.
        Assert.Empty(Directory.GetFiles(_folder.Path, "*.v*"));
    }

    [Theory]
    [InlineData("/home/anna/.local/state/maestro/x.db", null)]
    [InlineData("/mnt/share/maestro/x.db", "nfs4")]
    [InlineData("/mnt/share", "nfs4")]
    [InlineData("/mnt/shared/x.db", null)]
    [InlineData("/mnt/share/local/x.db", null)]
    [InlineData("/mnt/with space/x.db", "cifs")]
    [InlineData("/mnt/twice/x.db", "fuse.sshfs")]
    [InlineData("/mnt/c/x.db", "9p")]
    public void A_network_file_system_is_known_from_the_mount_table(string path, string? kind)
    {
        string[] mounts =
        [
            "21 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw",
            "40 21 0:50 / /mnt/share rw,relatime shared:2 master:3 - nfs4 server:/export rw,vers=4.2",
            @"41 21 0:51 / /mnt/with\040space rw - cifs //server/share rw",
            "42 40 8:2 / /mnt/share/local rw - xfs /dev/sdb1 rw",
            "43 21 8:3 / /mnt/twice rw - ext4 /dev/sdc1 rw",
            "44 43 0:52 / /mnt/twice rw - fuse.sshfs anna@server:/ rw",
            "45 21 0:53 / /mnt/c rw - 9p drvfs rw",
            "no line of that table",
        ];
        Assert.Equal(kind, StoreFile.NetworkFileSystem(path, mounts));
    }

    [SkippableFact]
    public void A_symbolic_link_is_followed_before_the_mount_table_is_asked()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "The mount table is Linux's.");
        var link = _folder.File("link");
        Directory.CreateSymbolicLink(link, "/proc/self");
        Assert.Equal(System.IO.Path.Combine("/proc", Environment.ProcessId.ToString(System.Globalization.CultureInfo.InvariantCulture)), UnixCalls.RealPath(link));
    }

    private static void AssertRights(UnixFileMode expected, string path)
    {
        if (!OperatingSystem.IsWindows()) Assert.Equal(expected, File.GetUnixFileMode(path));
    }

    private SqliteStore Open() => SqliteStore.Open(Options(Path));

    private static SqliteStoreOptions Options(string path) => new() { Path = path, Time = new ManualTime(), Identity = new TestIdentity() };

    private async Task OpenedOnceAsync()
    {
        await using var store = Open();
        await WriteAsync(store);
    }

    private static async Task WriteAsync(SqliteStore store)
    {
        var token = await StoreSamples.BeginAsync(store, "op-1");
        await store.AppendAsync(token, [StoreSamples.Entry("op-1", "kept")]);
    }

    private object? Sql(string sql, string? path = null) => RawDatabase.Run(path ?? Path, sql);
}
