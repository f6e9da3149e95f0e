using System.Diagnostics;
using Maestro.Engine.Fabrics.Linux.Policy;
using Maestro.Engine.Tests.Store;

namespace Maestro.Engine.Tests.Fabrics.Linux.Policy;

/// <summary>Judged against git itself.</summary>
public sealed class GitOriginTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string? _git = GitOrigin.FindGit();
    private readonly string _tree;
    private readonly string _file;

    public GitOriginTests()
    {
        _tree = Path.Combine(_folder.Path, "tree");
        _file = Path.Combine(_tree, "policy", "web.nft");
        Directory.CreateDirectory(Path.GetDirectoryName(_file)!);
        File.WriteAllText(_file, "table inet web { }\n");
    }

    public void Dispose() => _folder.Dispose();

    [SkippableFact]
    public void A_committed_file_has_the_commit_and_is_clean()
    {
        Commit();
        Assert.Equal(new GitOrigin(Git("rev-parse HEAD"), Dirty: false), GitOrigin.Of(_file));
        Assert.Equal(new GitOrigin(Git("rev-parse HEAD"), Dirty: false), GitOrigin.Of(Path.GetDirectoryName(_file)!));
    }

    [SkippableFact]
    public void A_changed_an_untracked_and_an_ignored_file_are_dirty_and_their_neighbour_is_not()
    {
        Commit();
        File.AppendAllText(_file, "# more\n");
        var untracked = Path.Combine(_tree, "new.nft");
        var ignored = Path.Combine(_tree, "secret.nft");
        foreach (var file in new[] { untracked, ignored }) File.WriteAllText(file, "table inet other { }\n");
        File.WriteAllText(Path.Combine(_tree, ".git", "info", "exclude"), "secret.nft\n");
        Assert.All([_file, untracked, ignored], f => Assert.True(GitOrigin.Of(f).Dirty, f));
        Assert.False(GitOrigin.Of(Path.Combine(_tree, "readme")).Dirty);
    }

    [SkippableFact]
    public void Packed_references_a_linked_work_tree_and_a_detached_head_are_read()
    {
        Commit();
        Git("pack-refs --all");
        Assert.Equal(Git("rev-parse HEAD"), GitOrigin.Of(_file).Commit);

        var linked = Path.Combine(_folder.Path, "linked");
        Git($"worktree add -q -b other \"{linked}\"");
        var first = Git("rev-parse HEAD");
        File.WriteAllText(Path.Combine(linked, "readme"), "changed\n");
        Git("commit -q -a -m second", linked);
        Assert.NotEqual(first, Git("rev-parse HEAD", linked));
        Assert.Equal(new GitOrigin(Git("rev-parse HEAD", linked), Dirty: false), GitOrigin.Of(Path.Combine(linked, "policy", "web.nft")));

        Git("checkout -q --detach HEAD~1", linked);
        Assert.Equal(first, GitOrigin.Of(Path.Combine(linked, "policy", "web.nft")).Commit);
    }

    [SkippableFact]
    public void Without_a_git_to_ask_the_commit_is_known_and_called_dirty()
    {
        Commit();
        Assert.Equal(new GitOrigin(Git("rev-parse HEAD"), Dirty: true), GitOrigin.Of(_file, git: null));
        Assert.Equal(new GitOrigin(Git("rev-parse HEAD"), Dirty: true), GitOrigin.Of(_file, git: Path.Combine(_folder.Path, "no-such-program")));
    }

    [SkippableFact]
    public void A_tree_before_its_first_commit_has_none()
    {
        Init();
        Assert.Equal(GitOrigin.None, GitOrigin.Of(_file));
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("ref: ../../../etc/hostname")]
    [InlineData("ref: refs/heads/a")]
    public void Files_that_git_did_not_write_tell_no_commit(string head)
    {
        var git = Directory.CreateDirectory(Path.Combine(_tree, ".git", "refs", "heads")).Parent!.Parent!.FullName;
        File.WriteAllText(Path.Combine(git, "HEAD"), head + "\n");
        File.WriteAllText(Path.Combine(git, "refs", "heads", "a"), "ref: refs/heads/a\n");
        Assert.Equal(GitOrigin.None, GitOrigin.Of(_file));
    }

    [Fact]
    public void A_file_outside_any_work_tree_has_none() => Assert.Equal(GitOrigin.None, GitOrigin.Of(_file));

    private void Init()
    {
        Skip.If(_git is null, "There is no git on this machine: that commit and dirty flag agree with it is not seen.");
        Git("init -q -b main");
    }

    private void Commit()
    {
        Init();
        File.WriteAllText(Path.Combine(_tree, "readme"), "hello\n");
        Git("add -A");
        Git("commit -q -m first");
    }

    private string Git(string arguments, string? folder = null)
    {
        var start = new ProcessStartInfo(_git!, "-c user.name=anna -c user.email=anna@example.org " + arguments) { WorkingDirectory = folder ?? _tree, RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var said = process.StandardOutput.ReadToEnd();
        var failed = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, failed);
        return said.Trim();
    }
}
