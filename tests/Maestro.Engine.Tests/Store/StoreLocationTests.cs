using Maestro.Engine.Store;

namespace Maestro.Engine.Tests.Store;

public sealed class StoreLocationTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_parameter_wins_over_the_environment_and_that_over_the_users_folder()
    {
        Assert.Equal(_folder.File("a.db"), StoreLocation.Resolve(_folder.File("a.db"), _folder.File("b.db"), "prod"));
        Assert.Equal(_folder.File("b.db"), StoreLocation.Resolve(null, _folder.File("b.db"), "prod"));
        foreach (var nothing in new[] { null, "" }) Assert.EndsWith(Path.Combine("maestro", "prod.db"), StoreLocation.Resolve(nothing, nothing, "prod"));
    }

    [Fact]
    public void A_folder_holds_one_file_a_session()
    {
        Assert.Equal(_folder.File("prod.db"), StoreLocation.Resolve(null, _folder.Path, "prod"));
        Assert.Equal(_folder.File("prod.db"), StoreLocation.Resolve(_folder.Path, null, "prod"));
        Assert.Equal(_folder.File(Path.Combine("not yet", "prod.db")), StoreLocation.Resolve(null, _folder.File("not yet") + "/", "prod"));
    }

    [Theory]
    [InlineData("prod", "prod.db")]
    [InlineData("Lab-2_b.1", "Lab-2_b.1.db")]
    [InlineData("büro", "büro.db")]
    public void A_plain_name_is_the_files_name(string session, string file) => Assert.Equal(file, StoreLocation.FileName(session));

    [Theory]
    [InlineData("a/b")]
    [InlineData("../../etc/passwd")]
    [InlineData("..")]
    [InlineData(".hidden")]
    [InlineData("")]
    [InlineData("a b")]
    [InlineData("a:b*?")]
    [InlineData("con")]
    [InlineData("LPT1.x")]
    public void Any_other_name_becomes_a_harmless_one_of_its_own(string session)
    {
        var file = StoreLocation.FileName(session);
        Assert.Matches(@"^(?!\.)[\w.-]*-[0-9a-f]{8}\.db$", file);
        Assert.Equal(file, StoreLocation.FileName(session));
        Assert.NotEqual(file, StoreLocation.FileName(session + "!"));
    }

    [Fact]
    public void Names_that_differ_in_what_is_replaced_or_cut_have_files_of_their_own()
    {
        string[] names = ["a/b", "a_b", "a b", new string('x', 300), new string('x', 301)];
        Assert.Equal(names.Length, names.Select(StoreLocation.FileName).Distinct(StringComparer.OrdinalIgnoreCase).Count());
        Assert.All(names, n => Assert.InRange(StoreLocation.FileName(n).Length, 1, 100));
    }
}
