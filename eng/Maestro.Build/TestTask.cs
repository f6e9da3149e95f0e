namespace Maestro.Build;

/// <summary>Runs every test project, then the Pester tests where they can run, and ends with one line that sums up.</summary>
internal static class TestTask
{
    /// <summary>A test that is silent for as long as this is stuck; the run ends and names it.</summary>
    private const string Patience = "20m";

    /// <summary>What the test platform says of itself; failures and the sum of each project stay.</summary>
    private static readonly string[] Noise =
        ["Test run for ", "A total of ", "Data collector 'Blame' message: All tests finished", "Results File:", "No test matches "];

    public static int Run(BuildOptions options, params (string Name, string Value)[] environment)
    {
        if (GatewayPackages.Prepare(options.NoInstall))
        {
            environment = [.. environment, ("MAESTRO_REQUIRE_TESTBED", "1")];
        }

        var results = Repository.Path("out/test-results");
        if (Directory.Exists(results))
        {
            Directory.Delete(results, recursive: true);
        }

        var sum = new TestSum();
        var solution = Repository.Path("Maestro.sln");
        if (DotNet.Run(["msbuild", solution, "-restore", "-m", "-nologo", "-v:quiet"]) != 0)
        {
            Console.WriteLine("The solution does not build.");
            sum.AddFailure();
        }
        else
        {
            // One project after the other: the real gateways and the timing of the console are shared.
            var exitCode = DotNet.RunFiltered(
                [
                    "test", solution, "--no-build", "--nologo", "-m:1", "-v", "quiet", "--results-directory", results,
                    "--logger", "trx;LogFilePrefix=run", "--logger", "console;verbosity=minimal",
                    "--blame-hang-timeout", Patience, "--blame-hang-dump-type", "none", .. FilterArguments(options),
                ],
                line => line.Length > 0 && !Noise.Any(noise => line.StartsWith(noise, StringComparison.Ordinal)),
                environment);
            sum.AddResults(results);
            if (exitCode != 0 && sum.Failed == 0)
            {
                Console.WriteLine($"dotnet test ended with {exitCode} though no test failed: one of its processes did.");
                sum.AddFailure();
            }
        }

        PesterTests.AddTo(sum);
        sum.Print();
        // A run that tested nothing has not shown that anything works.
        return sum.Failed == 0 && sum.Passed > 0 ? 0 : 1;
    }

    public static int RunPesterAlone()
    {
        var sum = new TestSum();
        PesterTests.AddTo(sum);
        sum.Print();
        return sum.Failed == 0 ? 0 : 1;
    }

    public static IEnumerable<string> FilterArguments(BuildOptions options) =>
        options.Filter.Length == 0 ? []
        : ["--filter", options.Filter.IndexOfAny(['=', '~']) >= 0 ? options.Filter : $"FullyQualifiedName~{options.Filter}"];
}
