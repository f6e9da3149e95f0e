using System.Management.Automation.Runspaces;
using System.Xml.Linq;
using Maestro.PowerShell.Tests.Hosting;

namespace Maestro.PowerShell.Tests.Formats;

/// <summary>The format files of the carried module.</summary>
internal static class ViewFiles
{
    public static IReadOnlyList<XElement> Views { get; } =
        [.. Directory.GetFiles(Path.Combine(CarriedModule.Root, "Formats"), "*.Format.ps1xml").SelectMany(f => XDocument.Load(f).Descendants("View"))];

    public static string TypeOf(XElement view) => view.Element("ViewSelectedBy")!.Element("TypeName")!.Value;

    /// <summary>Core PowerShell has no Format-List: a runspace whose types have no other view shows it.</summary>
    public static void ListsOnly(InitialSessionState state)
    {
        foreach (var view in Views.Where(v => v.Element("ListControl") is not null))
        {
            var list = new ListControl(view.Descendants("ListEntry").Select(e => new ListControlEntry(e.Descendants("ListItem").Select(Item))));
            state.Formats.Add(new SessionStateFormatEntry(new ExtendedTypeDefinition(TypeOf(view), [new FormatViewDefinition(TypeOf(view), list)])));
        }
    }

    private static ListControlEntryItem Item(XElement item)
    {
        var script = item.Element("ScriptBlock")?.Value;
        var property = item.Element("PropertyName")?.Value;
        var value = new DisplayEntry(script ?? property!, script is null ? DisplayEntryValueType.Property : DisplayEntryValueType.ScriptBlock);
        return new ListControlEntryItem(item.Element("Label")?.Value ?? property!, value);
    }
}
