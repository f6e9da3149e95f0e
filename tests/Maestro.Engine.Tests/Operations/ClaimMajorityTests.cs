using Maestro.Engine.Fabrics;
using Maestro.Engine.Operations.Leases;
using Maestro.Engine.Operations.Plans;

namespace Maestro.Engine.Tests.Operations;

/// <summary>Any two claims on a group must have one of its members in common.</summary>
public sealed class ClaimMajorityTests
{
    [Theory]
    [InlineData("a1 a2 a3", "", "a1 a2", null)]
    [InlineData("a1 a2 a3", "", "a3", "1 of 3")]
    [InlineData("a1 a2", "", "a1", "1 of 2")]
    // The many members of one group do not outvote those of another.
    [InlineData("a1 a2 b1 b2 b3 b4 b5", "", "b1 b2 b3 b4 b5", "0 of 2 of 'a'")]
    [InlineData("a1 a2 b1 b2 b3", "", "a1 a2 b1 b2", null)]
    // Those who join do not outvote those who are there.
    [InlineData("a1 a2 a3 a4 a5 a6", "a3 a4 a5 a6", "a3 a4 a5 a6", "0 of 2")]
    [InlineData("a1 a2 a3", "a3", "a1 a2", null)]
    // A new group has nobody else.
    [InlineData("a1 a2 a3", "a1 a2 a3", "a2 a3", null)]
    [InlineData("a1 a2 a3", "a1 a2 a3", "a2", "1 of 3")]
    public void More_than_half_of_the_members_of_each_group_have_to_grant_it(string participants, string joiners, string granted, string? lack)
    {
        var request = new ClaimRequest { Resource = "change:a", Participants = Refs(participants), Joiners = Refs(joiners), Owner = new LeaseOwner { MachineId = "m", BootId = "b", ProcessId = 1, ProcessStart = "1", Host = "jump1", User = "anna" }, OperationId = "op", Epoch = 1 };

        Assert.Equal(lack, ClaimMajority.FindLack(request, Refs(granted)));
    }

    // Who moves from one group to the other has a vote in that which it leaves.
    [Fact]
    public void Who_joins_one_group_and_leaves_another_votes_as_a_member()
    {
        var request = new ClaimRequest
        {
            Resource = "change:a",
            Participants = [new("a", "1_1", "x"), new("a", "1_2", "y"), new("b", "1_1", "z"), new("b", "1_2", "y")],
            Joiners = [new("b", "1_2", "y")],
            Owner = new LeaseOwner { MachineId = "m", BootId = "b", ProcessId = 1, ProcessStart = "1", Host = "jump1", User = "anna" },
            OperationId = "op",
            Epoch = 1,
        };

        Assert.Equal("1 of 2 of 'a'", ClaimMajority.FindLack(request, [new("a", "1_1", "x"), new("b", "1_1", "z")]));
        Assert.Null(ClaimMajority.FindLack(request, request.Participants));
    }

    private static List<MemberRef> Refs(string names) => [.. names.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(n => new MemberRef(n[..1], n, n))];
}
