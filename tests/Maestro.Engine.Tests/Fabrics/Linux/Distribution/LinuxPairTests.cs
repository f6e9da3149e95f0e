using System.Globalization;
using Maestro.Engine.Clustering.Distribution;
using Maestro.Engine.Clustering.Membership;
using Maestro.Engine.Model.Distribution;
using Maestro.Engine.Model.Errors;
using Maestro.Testbeds;
using Maestro.Testbeds.Traffic;
using Xunit.Abstractions;
using static Maestro.Engine.Tests.Fabrics.Linux.OnHosts;

namespace Maestro.Engine.Tests.Fabrics.Linux.Distribution;

/// <summary>
/// Two orchestrators that share the addresses which clients, servers and members send to: one has them at a time, and steers by the group's table, or nobody does.
/// </summary>
public sealed class LinuxPairTests(ITestOutputHelper output)
{
    private static readonly bool Endurance = Environment.GetEnvironmentVariable("MAESTRO_ENDURANCE") == "1";
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    /// <summary>Far above what it takes, far below what TCP gives up after.</summary>
    private static readonly TimeSpan WorstGap = TimeSpan.FromSeconds(15);

    [KeepalivedFact]
    public async Task Connections_go_on_when_the_orchestrator_that_has_the_addresses_loses_its_power()
    {
        await using var steered = await SteeredBed.StartStrictAsync(orchestrators: 2, shared: true);
        var gaps = new List<double>();
        await UntilOneHasTheAddressesAsync(steered);
        for (var run = 0; run < (Endurance ? 10 : 3); run++)
        {
            var active = await UntilOneHasTheAddressesAsync(steered);
            await using var connections = await steered.Bed.StartConnectionsAsync(Flows(), Pace);
            await Task.Delay(Pace * 10);
            var before = connections.Results.Max(r => r.WorstGap);

            await steered.Bed.PowerOffAsync(active);

            Assert.NotEqual(active, await UntilOneHasTheAddressesAsync(steered));
            await Task.Delay(TimeSpan.FromSeconds(2));
            // It comes back, and what it has it leaves to the other.
            await steered.Bed.PowerOnAsync(active);
            await UntilAsync(async () => (await steered.ObserveAsync()).OutOfStep.Count == 0);
            await Task.Delay(TimeSpan.FromSeconds(5));
            Assert.NotEqual(active, await UntilOneHasTheAddressesAsync(steered));
            var results = await connections.StopAsync(Patience);
            gaps.Add(results.Max(r => r.WorstGap).TotalMilliseconds);
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{active} off: worst gap {gaps[^1]:0} ms, before {before.TotalMilliseconds:0} ms, of which the machine kept an end from looking for {connections.LongestStall.TotalMilliseconds:0} ms at most"));
            Assert.All(results, r => Assert.True(r.Lives, r.ToString()));
            Assert.True(results.Max(r => r.WorstGap) < WorstGap);
        }

        gaps.Sort();
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"worst gaps of {gaps.Count} runs: median {gaps[gaps.Count / 2]:0} ms, longest {gaps[^1]:0} ms"));
    }

    private static IReadOnlyList<TestbedFlow> Flows() => SteeredBed.MixedFlows(Endurance ? 200 : 50);

    /// <summary>The one that has all of the addresses, when the other has none.</summary>
    private static async Task<TestbedHost> UntilOneHasTheAddressesAsync(SteeredBed steered)
    {
        TestbedHost? found = null;
        await UntilAsync(async () =>
        {
            var counts = new List<(TestbedHost Host, int Count)>();
            foreach (var orchestrator in steered.Bed.Orchestrators.Where(o => o.IsOn)) counts.Add((orchestrator, await SharedAsync(steered, orchestrator)));
            var having = counts.Where(c => c.Count > 0).ToList();
            found = having is [{ Count: 8 }] ? having[0].Host : null;
            return found is not null;
        });
        return found!;
    }

    private static async Task<int> SharedAsync(SteeredBed steered, TestbedHost orchestrator) =>
        (await steered.Bed.RunInsideAsync(orchestrator, "ip -o address show")).Output.Split('\n').Count(l => l.Contains(".3.9/", StringComparison.Ordinal) || l.Contains(":3:9/", StringComparison.Ordinal));
}
