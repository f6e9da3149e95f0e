using System.Text.RegularExpressions;
using System.Xml.Linq;
using Maestro.PowerShell.Tests.Runspaces;

namespace Maestro.PowerShell.Tests.Formats;

public sealed partial class ViewTests
{
    [Fact]
    public void Whatever_a_cmdlet_writes_has_a_table_and_a_list()
    {
        using var runspace = ModuleRunspace.Open();
        var written = runspace.Run("(Get-Command -Module Maestro).OutputType.Name").MustSucceed().Output
            .Select(o => o.ToString()!).Where(name => name.StartsWith("Maestro.", StringComparison.Ordinal)).Distinct().ToList();

        Assert.NotEmpty(written);
        Assert.All(written, name => Assert.Contains(name, With("TableControl").Select(ViewFiles.TypeOf)));
        Assert.All(written, name => Assert.Contains(name, With("ListControl").Select(ViewFiles.TypeOf)));
    }

    // Of these nothing is in a state.
    private static readonly string[] Stateless = ["MaestroSession", "GroupDistribution", "GroupStateSync", "FlowPlacement"];

    [Fact]
    public void A_list_shows_every_property() => Assert.All(With("ListControl"), view =>
    {
        var properties = EngineObject.Type(ViewFiles.TypeOf(view)["Maestro.Engine.Model.".Length..]).GetProperties().Select(p => p.Name);
        var shown = view.Descendants("ListItem").Select(i => (i.Element("Label") ?? i.Element("PropertyName"))!.Value);
        Assert.Equal(properties.Order(StringComparer.Ordinal), shown.Order(StringComparer.Ordinal));
    });

    [Fact]
    public void A_state_stands_in_the_first_three_columns() => Assert.All(With("TableControl"), view =>
    {
        var cells = view.Descendants("TableColumnItem").Select(i => i.Value).ToList();
        var state = cells.FindIndex(c => c.Contains("::State(", StringComparison.Ordinal) || c.Contains("::Link(", StringComparison.Ordinal));
        Assert.InRange(state, Stateless.Any(t => ViewFiles.TypeOf(view).EndsWith("." + t, StringComparison.Ordinal)) ? -1 : 0, 2);
    });

    /// <summary>The engine lives in a load context of its own, where script finds no type.</summary>
    [Fact]
    public void A_views_script_names_no_type_but_those_of_the_cmdlets_assembly() =>
        Assert.All(ViewFiles.Views.Descendants("ScriptBlock"), script =>
            Assert.All(TypeNames().Matches(script.Value), name => Assert.StartsWith("Maestro.PowerShell.", name.Groups[1].Value, StringComparison.Ordinal)));

    [Fact]
    public void A_table_has_as_many_cells_as_headers() => Assert.All(With("TableControl"), view =>
        Assert.Equal(view.Descendants("TableColumnHeader").Count(), view.Descendants("TableColumnItem").Count()));

    [Fact]
    public void The_short_list_of_a_type_names_properties_that_it_has()
    {
        using var runspace = ModuleRunspace.Open();
        Assert.All(Samples.Names, name =>
        {
            var sample = PSObject.AsPSObject(Samples.Of(name)[0]);
            var set = runspace.Run("$args[0].PSStandardMembers.DefaultDisplayPropertySet.ReferencedPropertyNames", sample).MustSucceed().Output.Select(o => o.ToString()!).ToList();
            Assert.NotEmpty(set);
            Assert.All(set, property => Assert.NotNull(sample.Properties[property]));
        });
    }

    private static IEnumerable<XElement> With(string control) => ViewFiles.Views.Where(v => v.Element(control) is not null);

    [GeneratedRegex(@"\[([\w.]+)\]")]
    private static partial Regex TypeNames();
}
