using Maestro.Shell.Editing;

namespace Maestro.Shell.Tests.Editing;

public sealed class LineBufferTests
{
    private readonly LineBuffer buffer = new();

    [Fact]
    public void Text_is_typed_where_the_cursor_is()
    {
        buffer.Replace("Get-Member", 4);
        buffer.Insert("Group");

        Assert.Equal(("Get-GroupMember", 9), (buffer.Text, buffer.Cursor));
    }

    [Fact]
    public void A_word_is_taken_away_back_to_its_start()
    {
        buffer.Replace("Get-Gateway fw-a1");
        buffer.DeleteWordBefore();
        Assert.Equal("Get-Gateway fw-", buffer.Text);
        buffer.DeleteWordBefore();

        Assert.Equal("Get-Gateway ", buffer.Text);
    }

    [Fact]
    public void Moving_by_words_stops_at_their_ends()
    {
        buffer.Replace("one two", 0);
        buffer.MoveWordRight();
        Assert.Equal(3, buffer.Cursor);
        buffer.MoveWordRight();
        Assert.Equal(7, buffer.Cursor);
        buffer.MoveWordLeft();

        Assert.Equal(4, buffer.Cursor);
    }

    [Fact]
    public void The_ends_of_the_line_are_not_left()
    {
        buffer.Replace("x");
        buffer.MoveRight();
        buffer.DeleteAfter();
        Assert.Equal(("x", 1), (buffer.Text, buffer.Cursor));
        buffer.MoveToStart();
        buffer.MoveLeft();
        buffer.DeleteBefore();

        Assert.Equal(("x", 0), (buffer.Text, buffer.Cursor));
    }
}
