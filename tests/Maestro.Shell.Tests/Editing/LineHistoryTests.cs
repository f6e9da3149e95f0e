using Maestro.Shell.Editing;

namespace Maestro.Shell.Tests.Editing;

public sealed class LineHistoryTests
{
    private readonly LineHistory history = new();

    public LineHistoryTests()
    {
        history.Add("first");
        history.Add("second");
    }

    [Fact]
    public void Going_back_and_forth_ends_at_what_was_being_typed()
    {
        Assert.Equal("second", history.Previous("draft"));
        Assert.Equal("first", history.Previous("second"));
        Assert.Null(history.Previous("first"));
        Assert.Equal("second", history.Next());
        Assert.Equal("draft", history.Next());
        Assert.Null(history.Next());
    }

    [Fact]
    public void The_same_line_twice_is_one_entry()
    {
        history.Add("second");

        Assert.Equal("second", history.Previous(string.Empty));
        Assert.Equal("first", history.Previous(string.Empty));
    }
}
