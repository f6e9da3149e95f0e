using System.Text.RegularExpressions;
using Maestro.Engine.Hosting;
using Maestro.Engine.Tests.Conventions.Samples;

namespace Maestro.Engine.Tests.Conventions;

/// <summary>
/// What decides is a function of what was observed: no files, processes, environment or clock of the machine, and no words that depend on
/// whose machine it is. Read out of the compiled code, so that no way of writing it goes around.
/// </summary>
public sealed class DeciderTests
{
    private static readonly string[] Folders = ["Clustering", "Synchronisation", "Maintenance", "Scaling", "Monitoring", "Tenancy"];

    private static readonly Regex Forbidden = new(
        "^("
        + @"System\.IO\.(File|Directory|FileStream|FileInfo|DirectoryInfo|FileSystemInfo|DriveInfo|StreamReader|StreamWriter)::.*"
        + @"|System\.Diagnostics\.(Process|Stopwatch)::.*"
        + @"|System\.Environment::(?!get_NewLine).*"
        + @"|System\.Net\.Sockets\..*"
        + @"|System\.Globalization\.CultureInfo::get_(CurrentCulture|CurrentUICulture|DefaultThread\w+)\(\)"
        + @"|System\.(Int16|Int32|Int64|UInt32|UInt64|Single|Double|Decimal|DateTime|DateTimeOffset)::(ToString\((System\.String)?\)|(Try)?Parse\(System\.String(,[^,]*&)?\))"
        + @"|System\.String::(ToLower|ToUpper)\(\)"
        + @"|System\.String::(Compare\(System\.String,System\.String(,System\.Boolean)?\)|CompareTo\(System\.String\)|(StartsWith|EndsWith|IndexOf|LastIndexOf)\(System\.String(,System\.Int32)*\))"
        + ")$");

    private static readonly Regex FormatsByCulture = new(@"^System\.String::(Format|Concat)\((System\.String,)?System\.Object.*\)$");

    private static readonly Regex BoxesByCulture = new(@"^box System\.(Int16|Int32|Int64|UInt32|UInt64|Single|Double|Decimal|DateTime|DateTimeOffset)$");

    [Fact]
    public void A_decider_depends_on_nothing_but_what_it_is_given()
    {
        var breaches = Breaches(typeof(EngineHost).Assembly.Location, space => Folders.Any(f => space == "Maestro.Engine." + f || space.StartsWith($"Maestro.Engine.{f}.", StringComparison.Ordinal)));

        Assert.True(breaches.Count == 0, string.Join('\n', breaches));
    }

    [Fact]
    public void There_are_deciders_to_look_at() =>
        Assert.Contains(CalledMembers.Of(typeof(EngineHost).Assembly.Location, space => space == "Maestro.Engine.Clustering.Membership"), n => n.Method.EndsWith("CapacityGuard.Require", StringComparison.Ordinal));

    /// <summary>The rule itself can fail: each of these breaks it once, also from inside closures and asynchronous methods.</summary>
    [Fact]
    public void Each_way_to_depend_on_the_machine_is_found()
    {
        var found = Breaches(typeof(BadDecider).Assembly.Location, space => space == typeof(BadDecider).Namespace);

        string[] methods = [nameof(BadDecider.ReadsAFile), nameof(BadDecider.ListsAFolderLater), nameof(BadDecider.StartsAProcess), nameof(BadDecider.AsksTheEnvironment), nameof(BadDecider.AsksForTheCulture), nameof(BadDecider.WritesANumber), nameof(BadDecider.FormatsANumber), nameof(BadDecider.ReadsANumber), nameof(BadDecider.ComparesWords)];
        Assert.All(methods, method => Assert.Contains(found, breach => breach.Contains(method, StringComparison.Ordinal)));
        Assert.DoesNotContain(found, breach => breach.Contains(nameof(BadDecider.DoesNoHarm), StringComparison.Ordinal));
    }

    private static IReadOnlyList<string> Breaches(string assembly, Func<string, bool> inNamespace)
    {
        var named = CalledMembers.Of(assembly, inNamespace);
        var boxing = named.Where(n => BoxesByCulture.IsMatch(n.What)).Select(n => n.Method).ToHashSet();
        // The compiler's own iterators ask which thread they are on, only to know whether they may be handed out without a copy.
        named = [.. named.Where(n => !(n.What == "System.Environment::get_CurrentManagedThreadId()" && n.Method.Contains(">d__", StringComparison.Ordinal)))];
        return [.. named.Where(n => Forbidden.IsMatch(n.What) || (FormatsByCulture.IsMatch(n.What) && boxing.Contains(n.Method))).Select(n => $"{n.Method}: {n.What}").Distinct()];
    }
}
