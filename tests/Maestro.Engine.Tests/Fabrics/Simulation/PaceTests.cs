using Maestro.Engine.Fabrics.Simulation.Time;
using Maestro.Fabrics.Contract.Store;

namespace Maestro.Engine.Tests.Fabrics.Simulation;

public sealed class PaceTests
{
    private readonly ManualTime _real = new();

    [Fact]
    public void Virtual_time_follows_real_time_at_the_speed_given()
    {
        var pace = new Pace(60, _real);
        pace.Restart(TimeSpan.FromHours(1).Ticks);
        _real.Pass(TimeSpan.FromSeconds(2));
        Assert.Equal(TimeSpan.FromMinutes(62).Ticks, pace.VirtualNow);
        Assert.Equal(TimeSpan.FromSeconds(3), pace.RealTimeUntil(TimeSpan.FromMinutes(65).Ticks));
    }

    [Fact]
    public void What_is_due_already_is_not_waited_for()
    {
        var pace = new Pace(1, _real);
        _real.Pass(TimeSpan.FromSeconds(5));
        Assert.Equal(TimeSpan.Zero, pace.RealTimeUntil(TimeSpan.FromSeconds(4).Ticks));
    }

    [Fact]
    public void Time_in_which_nobody_worked_does_not_count()
    {
        var pace = new Pace(1, _real);
        _real.Pass(TimeSpan.FromHours(3));
        pace.Restart(0);
        Assert.Equal(TimeSpan.FromSeconds(9), pace.RealTimeUntil(TimeSpan.FromSeconds(9).Ticks));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void A_speed_is_more_than_nothing(double speed) => Assert.Throws<ArgumentOutOfRangeException>(() => new Pace(speed, _real));
}
