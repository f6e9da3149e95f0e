using Maestro.Engine.Fabrics;

namespace Maestro.Engine.Tests.Clustering.Failover;

public sealed class HurryTests
{
    [Theory]
    [InlineData(1, 1.5)]
    [InlineData(2, 3)]
    [InlineData(3, 6)]
    [InlineData(4, 12)]
    [InlineData(5, 12)]
    [InlineData(int.MaxValue, 12)]
    public void Each_attempt_waits_twice_as_long_for_hosts_that_may_be_only_slow(int attempt, double seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), TopologyScope.Hurried([], attempt).Patience);
}
