namespace Maestro.Testbeds.Tests;

public sealed class RequirementTests
{
    [Fact]
    public void A_test_runs_where_a_bed_can() => Assert.Null(TestbedRequirement.SkipReasonFor(null, isRequired: false));

    [Fact]
    public void A_test_is_skipped_with_the_reason_where_no_bed_can_run() =>
        Assert.Equal("Needs real gateways: it takes root", TestbedRequirement.SkipReasonFor("it takes root", isRequired: false));

    [Fact]
    public void A_test_runs_and_so_fails_where_a_bed_is_required_and_none_can_run() =>
        Assert.Null(TestbedRequirement.SkipReasonFor("it takes root", isRequired: true));

    [Theory]
    [InlineData(0, 1, 22)]
    [InlineData(201, 1, 22)]
    [InlineData(4, 3, 22)]
    [InlineData(4, 1, 70000)]
    public async Task Senseless_options_are_refused(int gateways, int sites, int port) =>
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => Testbed.StartAsync(new TestbedOptions { Gateways = gateways, Sites = sites, Port = port }));
}
