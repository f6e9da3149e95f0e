using System.Reflection;
using Maestro.Engine.Hosting;

namespace Maestro.Engine.Tests.PublicApi;

/// <summary>The engine's public surface is a file that is reviewed as a diff. MAESTRO_REWRITE_GOLDEN=1 writes it anew.</summary>
public sealed class PublicApiTests
{
    private const string FileName = "Maestro.Engine.txt";

    [Fact]
    public void The_public_surface_is_the_one_on_record()
    {
        var actual = string.Join("\n", Describe()) + "\n";
        var record = Path.Combine(AppContext.BaseDirectory, "PublicApi", "Golden", FileName);
        if (Environment.GetEnvironmentVariable("MAESTRO_REWRITE_GOLDEN") == "1")
        {
            var source = typeof(PublicApiTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "ProjectDirectory").Value!;
            File.WriteAllText(Path.Combine(source, "PublicApi", "Golden", FileName), actual);
            return;
        }

        Assert.Equal(File.ReadAllText(record), actual);
    }

    [Fact]
    public void No_signature_shows_a_third_partys_type()
    {
        string[] strangers = ["Newtonsoft", "Renci", "Microsoft.Data", "SQLitePCL"];
        Assert.DoesNotContain(Describe(), line => strangers.Any(s => line.Contains(s, StringComparison.Ordinal)));
    }

    private static IEnumerable<string> Describe()
    {
        var types = typeof(EngineHost).Assembly.GetExportedTypes().OrderBy(t => t.FullName, StringComparer.Ordinal);
        foreach (var type in types)
        {
            yield return type.FullName + (type.BaseType is { } b && b != typeof(object) && b != typeof(ValueType) && b != typeof(Enum) ? " : " + b.Name : "");
            const BindingFlags Declared = BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;
            // What the compiler adds to every record is no decision of ours.
            var members = type.GetMembers(Declared)
                .Where(m => m is not MethodInfo { IsSpecialName: true } && m.MemberType != MemberTypes.NestedType && !m.Name.StartsWith('<') && m.Name is not ("Equals" or "GetHashCode" or "ToString" or "Deconstruct" or "EqualityContract" or "value__"))
                .Select(m => "    " + (type.IsEnum ? m.Name + " = " + Convert.ToInt32(Enum.Parse(type, m.Name), System.Globalization.CultureInfo.InvariantCulture).ToString(System.Globalization.CultureInfo.InvariantCulture) : m.ToString()))
                .Distinct()
                .OrderBy(m => m, StringComparer.Ordinal);
            foreach (var member in members) yield return member;
        }
    }
}
