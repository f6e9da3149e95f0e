using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Text.RegularExpressions;

namespace Maestro.PowerShell.Tests.Hosting;

public sealed class ModuleLayoutTests
{
    private static readonly string RuntimeDirectory = Path.GetDirectoryName(typeof(object).Assembly.Location)!;

    [Fact]
    public void PowerShells_own_assembly_is_not_shipped() =>
        Assert.DoesNotContain(AllFiles(), path => path.EndsWith("System.Management.Automation.dll", StringComparison.OrdinalIgnoreCase));

    [Theory]
    [InlineData("win-x64", "e_sqlite3.dll")]
    [InlineData("win-arm64", "e_sqlite3.dll")]
    [InlineData("linux-x64", "libe_sqlite3.so")]
    [InlineData("linux-arm64", "libe_sqlite3.so")]
    [InlineData("linux-musl-x64", "libe_sqlite3.so")]
    [InlineData("osx-x64", "libe_sqlite3.dylib")]
    [InlineData("osx-arm64", "libe_sqlite3.dylib")]
    public void SQLite_is_shipped_for_the_platform(string platform, string file) =>
        Assert.Contains(Path.Combine("lib", "runtimes", platform, "native", file), AllFiles());

    [Fact]
    public void Whatever_an_assembly_for_PowerShell_7_refers_to_lies_beside_it_or_in_the_runtime() =>
        Assert.Empty(Missing(Path.Combine("lib", "net"), name => File.Exists(Path.Combine(RuntimeDirectory, name + ".dll"))));

    /// <summary>.NET Framework 4.7.2 has no list to ask here: a name that starts otherwise than its own assemblies do must be shipped.</summary>
    [Fact]
    public void Whatever_package_an_assembly_for_Windows_PowerShell_refers_to_lies_beside_it() =>
        Assert.Empty(Missing(Path.Combine("lib", "netfx"), IsPartOfTheFramework));

    [Fact]
    public void Every_file_that_the_manifest_names_is_there()
    {
        var named = Regex.Matches(File.ReadAllText(CarriedModule.Manifest), @"'([\w./\\-]+\.(?:dll|ps1xml))'").Select(match => match.Groups[1].Value).ToArray();

        Assert.Contains("Maestro.PowerShell.dll", named);
        Assert.All(named, file => Assert.True(File.Exists(Path.Combine(CarriedModule.Root, file.Replace('\\', '/'))), file));
    }

    [Fact]
    public void Every_format_file_is_named_in_the_manifest()
    {
        var manifest = File.ReadAllText(CarriedModule.Manifest);

        Assert.All(Directory.GetFiles(CarriedModule.Root, "*.ps1xml", SearchOption.AllDirectories), file => Assert.Contains(Path.GetFileName(file), manifest, StringComparison.Ordinal));
    }

    private static bool IsPartOfTheFramework(string name) =>
        name is "mscorlib" or "netstandard" or "System"
        || (name.StartsWith("System.", StringComparison.Ordinal) && !PackagesNamedLikeTheFramework.Contains(name));

    private static readonly HashSet<string> PackagesNamedLikeTheFramework =
    [
        "System.Buffers", "System.Formats.Asn1", "System.Memory", "System.Numerics.Vectors",
        "System.Runtime.CompilerServices.Unsafe", "System.Threading.Tasks.Extensions",
        "System.Text.Json", "System.Collections.Immutable", "System.Threading.Channels", "System.Diagnostics.DiagnosticSource",
    ];

    private static IEnumerable<string> Missing(string folder, Func<string, bool> isProvided)
    {
        var directory = Path.Combine(CarriedModule.Root, folder);
        return from path in Directory.GetFiles(directory, "*.dll")
               from reference in References(path)
               where !File.Exists(Path.Combine(directory, reference + ".dll")) && !isProvided(reference)
               select $"{Path.GetFileName(path)} needs {reference}";
    }

    private static string[] References(string path)
    {
        using var file = new PEReader(File.OpenRead(path));
        var metadata = file.GetMetadataReader();
        return [.. metadata.AssemblyReferences.Select(handle => metadata.GetString(metadata.GetAssemblyReference(handle).Name))];
    }

    private static IEnumerable<string> AllFiles() =>
        Directory.GetFiles(CarriedModule.Root, "*", SearchOption.AllDirectories).Select(path => Path.GetRelativePath(CarriedModule.Root, path));
}
