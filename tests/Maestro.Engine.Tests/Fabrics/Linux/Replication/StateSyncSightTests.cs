using Maestro.Engine.Fabrics.Linux.Replication;
using Maestro.Engine.Fabrics.Linux.Ssh;

namespace Maestro.Engine.Tests.Fabrics.Linux.Replication;

public sealed class StateSyncSightTests
{
    private const string Sent = """
        @now 1000
        @section sent
        version 4
        self 1_1
        owned 40
        due 30
        updates 66
        overruns 0
        passes 3
        overflows 0
        peer 1_2 connected 1 copied 14 queue 0 lag 3
        peer 1_3 connected 1 copied 16 queue 120 lag 20
        time 999
        @section received.1_2.state
        copies 12
        deletes 1
        time 700
        @section received.1_3.state
        copies 7
        @outcome done
        """;

    [Fact]
    public void What_a_member_says_of_itself_is_summed_up()
    {
        var seen = StateSyncSight.Read("1_1", Answer(Sent));
        Assert.Equal(("1_1", 40L, 19L, 0L, TimeSpan.FromMilliseconds(20), ""), (seen.Member, seen.Owned, seen.BackedUp, seen.Unprotected, seen.Lag, seen.Reason));
    }

    [Fact]
    public void A_backup_that_is_not_reached_leaves_connections_without_copies()
    {
        var seen = StateSyncSight.Read("1_1", Answer(Sent.Replace("peer 1_3 connected 1 copied 16", "peer 1_3 connected 0 copied 0")));
        Assert.Equal((16L, "it does not reach 1_3"), (seen.Unprotected, seen.Reason));
    }

    [Fact]
    public void A_sender_that_is_silent_is_not_believed()
    {
        var seen = StateSyncSight.Read("1_1", Answer(Sent.Replace("@now 1000", "@now 1060")));
        Assert.Equal((null, null, "its sender has said nothing for 61 s"), (seen.Lag, seen.Unprotected, seen.Reason));
    }

    [Fact]
    public void Who_sends_nothing_and_who_does_not_answer_say_why()
    {
        Assert.StartsWith("it sends no copies", StateSyncSight.Read("1_1", Answer("@now 1000\n@section sent\n@outcome done")).Reason);
        Assert.Equal("no answer", StateSyncSight.Read("1_1", new ScriptAnswer(ScriptOutcome.NotSent, -1, "")).Reason);
    }

    private static ScriptAnswer Answer(string output) => new(ScriptOutcome.Answered, 0, output);
}
