using Maestro.Engine.Fabrics.Linux.Inventory;
using Maestro.Engine.Fabrics.Linux.Sight;

namespace Maestro.Engine.Tests.Fabrics.Linux.Watch;

public sealed class LinuxSightTests
{
    [Fact]
    public void A_round_says_how_late_it_was_and_who_answered()
    {
        var round = LinuxSight.Read("mho1", "12 101", members: 3)!;
        Assert.Equal(("mho1", TimeSpan.FromMilliseconds(12)), (round.Observer, round.Late));
        Assert.Equal([true, false, true], round.Answered);
    }

    [Theory]
    [InlineData("")]
    [InlineData("no raw socket: Operation not permitted")]
    [InlineData("12 10")]
    [InlineData("late 101")]
    public void What_is_no_round_of_these_members_says_nothing(string line) => Assert.Null(LinuxSight.Read("mho1", line, members: 3));

    [Fact]
    public void One_address_on_either_side_is_asked_the_older_family_first()
    {
        var gateway = new InventoryGateway
        {
            Host = new() { Id = "fw-a1", Address = "10.0.0.1", User = "root" },
            Downlinks = [new("eth1", "outside", "2001:db8::11/64"), new("eth1", "outside", "10.91.1.1/16"), new("eth2", "inside", "2001:db8::12/64"), new("eth2", "inside", "")],
        };
        Assert.Equal(["10.91.1.1", "2001:db8::12"], LinuxSight.AddressesOf(gateway));
    }
}
