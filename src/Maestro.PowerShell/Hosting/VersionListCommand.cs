using System.Globalization;
using System.Management.Automation;
using Maestro.Engine.Model.Errors;
using Maestro.PowerShell.Binding;

namespace Maestro.PowerShell.Hosting;

/// <summary>Cmdlets that list the versions of a content of a group, newest first. The objects are named by no type here: see <see cref="ChangeCommand"/> for why.</summary>
public abstract class VersionListCommand : SessionCommand
{
    /// <summary>The group, by name, id or object.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [AsTyped]
    [ArgumentCompleter(typeof(SecurityGroupCompleter))]
    public SecurityGroupArgument[] SecurityGroup { get; set; } = [];

    /// <summary>Only these.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int[] Version { get; set; } = [];

    /// <summary>Only so many, the newest.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int Newest { get; set; } = int.MaxValue;

    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(SessionCompleter))]
    public override SessionArgument? Session { get; set; }

    private protected override void Process() => Each(SecurityGroup, argument =>
    {
        var session = SessionOf(argument);
        var all = Versions(session, argument.Value);
        if (Version.Length == 0)
        {
            foreach (var version in all.Take(Newest)) WriteObject(version.Item);
            return;
        }

        var wanted = Version.Distinct().OrderByDescending(v => v).Take(Newest);
        Each(wanted, number =>
        {
            var found = all.Where(v => v.Number == number).ToList();
            foreach (var version in found) WriteObject(version.Item);
            if (found.Count > 0) return;
            var text = number.ToString(CultureInfo.InvariantCulture);
            throw NotFound(argument.Value, text);
        });
    });

    /// <summary>All versions, newest first, with their numbers.</summary>
    private protected abstract IReadOnlyList<(int Number, object Item)> Versions(OpenSession session, string group);

    /// <summary>The error for a number that the group does not have.</summary>
    private protected abstract MaestroException NotFound(string group, string number);
}
