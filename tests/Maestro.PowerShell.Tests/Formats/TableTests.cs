using System.Text.RegularExpressions;
using Maestro.PowerShell.Tests.Runspaces;

namespace Maestro.PowerShell.Tests.Formats;

public sealed partial class TableTests
{
    // PowerShell leaves the last column of the console free.
    private const int Width = 119;

    public static TheoryData<string> Types => new(Samples.Names);

    /// <summary>In a culture with other signs for decimals and dates, which no table may take up.</summary>
    [Theory]
    [MemberData(nameof(Types))]
    public void A_table_looks_as_it_was_approved(string type) =>
        Golden.Compare($"Formats/Golden/{type}.table.txt", Shown("[cultureinfo]::CurrentCulture = 'de-DE'; $args[0]", Samples.Of(type)));

    [Theory]
    [MemberData(nameof(Types))]
    public void A_list_looks_as_it_was_approved(string type) =>
        Golden.Compare(
            $"Formats/Golden/{type}.list.txt",
            TimeZoneOffset().Replace(Shown("[cultureinfo]::CurrentCulture = 'de-DE'; $args[0]", Samples.Of(type), ViewFiles.ListsOnly), "+ZZ:ZZ"));

    [Theory]
    [MemberData(nameof(Types))]
    public void No_table_grows_wider_than_118_columns_whatever_is_in_it(string type)
    {
        var monster = Samples.Of(type)[0];
        foreach (var property in monster.GetType().GetProperties().Where(p => p.PropertyType == typeof(string) && p.CanWrite)) property.SetValue(monster, new string('x', 300));

        Assert.All(Shown("$args[0]", [monster]).Split('\n'), line => Assert.True(line.Length < Width, line));
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void An_object_that_was_written_to_a_file_and_read_again_prints_the_same(string type) =>
        Assert.Equal(
            Shown("$args[0]", Samples.Of(type)),
            Shown("[System.Management.Automation.PSSerializer]::Deserialize([System.Management.Automation.PSSerializer]::Serialize($args[0], 4))", Samples.Of(type)));

    [Fact]
    public void A_table_after_a_table_of_another_type_falls_back_to_a_short_list()
    {
        var shown = Shown("$args[0][0]; $args[0][1]", [Samples.Of("MaestroSession")[0], Samples.Of("GroupMember")[0]]);

        Assert.Contains("Reason        :", shown, StringComparison.Ordinal);
        Assert.DoesNotContain("ConfigurationFingerprint", shown, StringComparison.Ordinal);
    }

    private static string Shown(string script, object[] samples, Action<System.Management.Automation.Runspaces.InitialSessionState>? prepare = null)
    {
        using var runspace = ModuleRunspace.Open(Width, prepare: prepare);
        runspace.Show(script, [samples]).MustSucceed();
        return runspace.Host.Shown;
    }

    [GeneratedRegex(@"[+-]\d\d:\d\d(?=\n)")]
    private static partial Regex TimeZoneOffset();
}
