using Maestro.Engine.Fabrics;
using Maestro.Engine.Model.Groups;
using Maestro.Engine.Model.Monitoring;
using Maestro.Engine.Monitoring.Watch;
using Maestro.Engine.Tests.Worlds;

namespace Maestro.Engine.Tests.Monitoring;

public sealed class ViewChangesTests
{
    [Fact]
    public void The_first_look_is_told_whole_and_who_is_not_in_service_makes_it_a_warning()
    {
        var began = Assert.Single(ViewChanges.Of("dmz", null, View(MemberState.Suspended)));
        Assert.Equal((MaestroEventKind.WatchBegan, EventSeverity.Warning, "1 of 2 members active; 1_2 Suspended"), (began.Kind, began.Severity, began.Text));
        Assert.Equal(EventSeverity.Information, ViewChanges.Of("dmz", null, View(MemberState.Active)).Single().Severity);
    }

    [Theory]
    [InlineData(MemberState.Lost, EventSeverity.Warning, "Lost, was Active")]
    [InlineData(MemberState.Suspended, EventSeverity.Information, "Suspended, was Active")]
    public void Who_is_in_another_state_is_named(MemberState state, EventSeverity severity, string text)
    {
        var changed = Assert.Single(ViewChanges.Of("dmz", View(MemberState.Active), View(state)));
        Assert.Equal(("1_2", MaestroEventKind.MemberStateChanged, severity, text), (changed.Member, changed.Kind, changed.Severity, changed.Text));
    }

    [Fact]
    public void Who_came_and_who_went_is_told_and_another_group_is_none_of_it()
    {
        var (before, after) = (new WorldBuilder().Group("dmz").Member("dmz", "1_1").Member("dmz", "1_2").Build().Deployed, new WorldBuilder().Group("dmz").Member("dmz", "1_1").Member("dmz", "1_3").Member("edge", "1_1", MemberState.Down).Build().Deployed);
        Assert.Equal([("1_3", MaestroEventKind.MemberJoined), ("1_2", MaestroEventKind.MemberLeft)], ViewChanges.Of("dmz", before, after).Select(e => (e.Member, e.Kind)));
        Assert.Empty(ViewChanges.Of("dmz", after, after));
    }

    private static TopologyView View(MemberState state) => new WorldBuilder().Group("dmz").Member("dmz", "1_1").Member("dmz", "1_2", state).Build().Deployed;
}
