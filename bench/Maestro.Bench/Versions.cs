using Maestro.Testbeds;

namespace Maestro.Bench;

/// <summary>What was measured against what, on what.</summary>
internal static class Versions
{
    public static async Task<string> DescribeAsync()
    {
        var lines = new List<string> { $"Maestro {typeof(Engine.Hosting.EngineHost).Assembly.GetName().Version}, .NET {Environment.Version}, {Environment.ProcessorCount} cores, load {File.ReadAllText("/proc/loadavg").Split(' ')[0]}" };
        foreach (var (program, argument) in new[] { ("ansible", "--version"), ("clush", "--version"), ("ssh", "-V"), ("nft", "--version") })
        {
            var (_, output) = await Tool.RunAsync(program, [argument]);
            lines.Add(output.Split('\n')[0].Trim());
        }

        if (Testbed.Unavailable is { } why) throw new InvalidOperationException($"The benchmark needs the testbed: {why}");
        return string.Join("\n", lines);
    }
}
