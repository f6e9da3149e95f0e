using System.Globalization;
using Maestro.Engine.Fabrics;
using Maestro.Engine.Fabrics.Linux.Ssh;
using Maestro.Engine.Fabrics.Linux.Traffic;
using Maestro.Engine.Model.Errors;
using Maestro.Testbeds;
using Xunit.Abstractions;

namespace Maestro.Engine.Tests.Fabrics.Linux.Distribution;

public sealed class LinuxMeasurementsTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData("212", "10.00 1000 2|11.50 4000 2", 212L, 2000L)]
    [InlineData("", "10.00 1000 2|11.00 1000 2", null, 0L)]
    // A device that is not there, that came meanwhile, that began anew; a clock that did not move; half an answer.
    [InlineData("0", "10.00 1000 1|11.00 4000 1", 0L, null)]
    [InlineData("0", "10.00 1000 1|11.00 4000 2", 0L, null)]
    [InlineData("0", "10.00 4000 2|11.00 1000 2", 0L, null)]
    [InlineData("0", "10.00 1000 2|10.00 4000 2", 0L, null)]
    [InlineData("0", "10.00 1000 2", 0L, null)]
    [InlineData("0", "10.00 x 2|11.00 4000 2", 0L, null)]
    public void Two_looks_make_a_rate_and_what_is_doubtful_is_not_known(string connections, string looks, long? flows, long? bytes)
    {
        var answer = new ScriptAnswer(ScriptOutcome.Answered, 0, $"@connections {connections}\n{string.Concat(looks.Split('|').Select(l => $"@look {l}\n"))}@outcome done\n");
        Assert.Equal(new MemberTraffic("1_1", flows, bytes), LinuxMeasurements.Read("1_1", 2, answer));
    }

    [Fact]
    public void Of_a_silent_member_or_one_without_downlinks_nothing_is_known()
    {
        Assert.Equal(new MemberTraffic("1_1", null, null), LinuxMeasurements.Read("1_1", 2, new ScriptAnswer(ScriptOutcome.NotSent, -1, "", new MaestroException(ErrorCatalogue.MemberUnreachable, "no answer"))));
        Assert.Null(LinuxMeasurements.Read("1_1", 0, new ScriptAnswer(ScriptOutcome.Answered, 0, "@look 1.0 0 0\n@look 2.0 0 0\n@outcome done\n")).BytesPerSecond);
    }

    [TestbedFact]
    public async Task Flows_and_bytes_of_real_members_are_measured_and_an_orchestrator_without_its_table_shows()
    {
        await using var steered = await SteeredBed.StartStrictAsync(orchestrators: 2);
        await using var connections = await steered.Bed.StartConnectionsAsync(SteeredBed.MixedFlows(50), TimeSpan.FromMilliseconds(50));
        await Task.Delay(TimeSpan.FromSeconds(2));

        var began = TimeProvider.System.GetTimestamp();
        var measured = await steered.Session.Host.GetDistributionAsync("dmz", CancellationToken.None);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{TimeProvider.System.GetElapsedTime(began).TotalMilliseconds:0} ms: {string.Join("; ", measured.Select(m => string.Create(CultureInfo.InvariantCulture, $"{m.Member} {m.FlowCount} flows {m.BytesPerSecond} bytes/s")))}"));
        Assert.All(measured, m => Assert.Empty(m.OutOfStep));
        // Each of fifty is on one member, beside what the members themselves have.
        Assert.True(measured.Sum(m => m.FlowCount) >= 50, $"{measured.Sum(m => m.FlowCount)} flows");
        Assert.All(measured.Where(m => m.Slots > 0), m => Assert.True(m.BytesPerSecond > 0, m.Member));
        Assert.All(await steered.Session.MembersAsync(), m => Assert.True(m.ConnectionCount > 0, m.Member));

        await steered.LoseTableAsync(steered.Bed.Orchestrators[0]);
        await steered.Bed.PowerOffAsync(steered.Bed.Gateways[2]);
        var apart = await steered.Session.Host.GetDistributionAsync("dmz", CancellationToken.None);
        Assert.All(apart, m => Assert.Equal(["orch-1 has no table"], m.OutOfStep));
        Assert.Equal((null, null), (apart[2].FlowCount, apart[2].BytesPerSecond));
        await connections.StopAsync(TimeSpan.FromSeconds(5));
    }
}
