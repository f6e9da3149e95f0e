using System.Globalization;

namespace Maestro.Build;

/// <summary>Runs seeded histories for as long as is asked, a minute when nothing is said; each run begins with seeds of its own.</summary>
internal static class SimulateTask
{
    private const int SeedsAMinute = 1000;

    public static int Run(BuildOptions options)
    {
        var minutes = options.Hours.Length == 0 ? 1 : double.Parse(options.Hours, CultureInfo.InvariantCulture) * 60;
        // What is run before is not run again: seeds follow the clock, and every failing one is named.
        var first = DateTimeOffset.UtcNow.ToUnixTimeSeconds() / 60 % 1_000_000 * SeedsAMinute;
        return DotNet.Run(
        [
            "run", "-c", "Release", "--project", Repository.Path("tests/Maestro.Simulation"), "--",
            "--first", first.ToString(CultureInfo.InvariantCulture), "--seeds", int.MaxValue.ToString(CultureInfo.InvariantCulture),
            "--minutes", minutes.ToString(CultureInfo.InvariantCulture),
        ]);
    }
}
