using System.Xml.Linq;

namespace Maestro.Build;

/// <summary>The results of all projects together.</summary>
internal sealed class TestSum
{
    private readonly List<(string Reason, string Test)> skipped = [];
    private readonly List<string> failedTests = [];

    public int Passed { get; private set; }

    public int Failed { get; private set; }

    public int Skipped { get; private set; }

    public void Add(int passed, int failed, int skippedCount)
    {
        Passed += passed;
        Failed += failed;
        Skipped += skippedCount;
    }

    public void AddFailure() => Failed++;

    public void AddSkipped(string reason, string test)
    {
        Skipped++;
        skipped.Add((reason, test));
    }

    /// <summary>Reads the result files that dotnet test wrote.</summary>
    public void AddResults(string directory)
    {
        var files = Directory.Exists(directory) ? Directory.GetFiles(directory, "*.trx", SearchOption.AllDirectories) : [];
        foreach (var result in files.SelectMany(file => XDocument.Load(file).Descendants()).Where(element => element.Name.LocalName == "UnitTestResult"))
        {
            var test = result.Attribute("testName")?.Value ?? "?";
            switch (result.Attribute("outcome")?.Value)
            {
                case "Passed":
                    Passed++;
                    break;
                case "NotExecuted":
                    AddSkipped(result.Descendants().FirstOrDefault(element => element.Name.LocalName is "Message" or "StdOut")?.Value.Trim() ?? "no reason given", test);
                    break;
                default:
                    Failed++;
                    failedTests.Add(test);
                    break;
            }
        }
    }

    /// <summary>Prints what was skipped and why, what failed, and the sum as the last line.</summary>
    public void Print()
    {
        foreach (var reason in skipped.GroupBy(one => one.Reason, one => one.Test))
        {
            Console.WriteLine($"Skipped {reason.Count()}: {reason.Key}");
            foreach (var test in reason)
            {
                Console.WriteLine($"    {test}");
            }
        }

        foreach (var test in failedTests)
        {
            Console.WriteLine($"Failed: {test}");
        }

        Console.WriteLine($"{Passed} passed, {Failed} failed, {Skipped} skipped");
    }
}
