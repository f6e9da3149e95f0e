using System.Globalization;
using System.Text.Json;

namespace Maestro.Testbeds;

public sealed partial class Testbed
{
    /// <summary>What iperf3 brings from client to server over TCP.</summary>
    /// <param name="streams">How many connections at once.</param>
    /// <param name="time">For how long.</param>
    /// <returns>Bits a second that arrived.</returns>
    /// <exception cref="TestbedException">iperf3 is not installed, or does not get through.</exception>
    public async Task<double> MeasureThroughputAsync(int streams, TimeSpan time)
    {
        var said = await _supervisor.RunAsync(string.Create(CultureInfo.InvariantCulture, $"""
            nsenter --net={_directory.ServerNamespace} iperf3 --server --one-off --bind {Server(1)} >/dev/null &
            tries=0
            until nsenter --net={_directory.ServerNamespace} ss -tln | grep -q ':5201 '; do
                tries=$((tries + 1))
                [ "$tries" -lt 100 ] || exit 1
                sleep 0.1
            done
            nsenter --net={_directory.ClientNamespace} iperf3 --client {Server(1)} --parallel {streams} --time {time.TotalSeconds:0} --json
            wait

            """));
        using var report = JsonDocument.Parse(said);
        return report.RootElement.GetProperty("end").GetProperty("sum_received").GetProperty("bits_per_second").GetDouble();
    }
}
