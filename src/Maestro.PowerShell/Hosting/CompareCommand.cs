using System.Management.Automation;
using Maestro.Engine.Model.Errors;
using Maestro.PowerShell.Binding;
using Maestro.PowerShell.Formats;

namespace Maestro.PowerShell.Hosting;

/// <summary>Cmdlets that show in what members, a candidate or a version differ from what they should be; nothing that is equal is written.</summary>
public abstract class CompareCommand : SessionCommand
{
    private protected const string DriftSet = "Drift";
    private protected const string FileSet = "File";
    private protected const string VersionSet = "Version";

    private readonly HashSet<(string Session, string Group, string Member)> _told = [];

    /// <summary>What came of comparing one member, file or version.</summary>
    private protected sealed class Comparison(string group, string member, IReadOnlyList<object> differences, IReadOnlyList<string> unified, MaestroException? failure)
    {
        public string Group { get; } = group;

        public string Member { get; } = member;

        public IReadOnlyList<object> Differences { get; } = differences;

        public IReadOnlyList<string> Unified { get; } = unified;

        public MaestroException? Failure { get; } = failure;
    }

    /// <summary>The group, by name, id or object.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [AsTyped]
    [ArgumentCompleter(typeof(SecurityGroupCompleter))]
    public SecurityGroupArgument[] SecurityGroup { get; set; } = [];

    /// <summary>Only these members; without it all.</summary>
    [Parameter(Position = 1, ValueFromPipelineByPropertyName = true, ParameterSetName = DriftSet)]
    [AsTyped]
    [ArgumentCompleter(typeof(GroupMemberCompleter))]
    public GroupMemberArgument[] Member { get; set; } = [];

    /// <summary>A candidate, as the sync takes it.</summary>
    [Parameter(Mandatory = true, ValueFromPipelineByPropertyName = true, ParameterSetName = FileSet)]
    [Alias("PSPath")]
    [ValidateNotNullOrEmpty]
    public string Path { get; set; } = "";

    /// <summary>A version that the group has or had.</summary>
    [Parameter(Mandatory = true, ParameterSetName = VersionSet)]
    [ValidateRange(1, int.MaxValue)]
    public int Version { get; set; }

    /// <summary>What that version is compared with; without it the one before.</summary>
    [Parameter(ParameterSetName = VersionSet)]
    [ValidateRange(1, int.MaxValue)]
    public int ReferenceVersion { get; set; }

    /// <summary>Writes text in the unified format, a string a line, instead of objects.</summary>
    [Parameter]
    public SwitchParameter Unified { get; set; }

    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(SessionCompleter))]
    public override SessionArgument? Session { get; set; }

    private protected sealed override void Process() => Each(SecurityGroup, argument =>
    {
        var session = SessionOf([argument, .. Member]);
        foreach (var comparison in Compare(session, argument.Value)) Write(session, comparison);
    });

    private IReadOnlyList<Comparison> Compare(OpenSession session, string group) => ParameterSetName switch
    {
        FileSet => [CompareFile(session, group, GetUnresolvedProviderPathFromPSPath(Path))],
        VersionSet => [CompareVersion(session, group, Version, ReferenceVersion > 0 ? ReferenceVersion : null)],
        _ => CompareMembers(session, group, [.. Member.Select(m => m.Value)]),
    };

    private protected abstract Comparison CompareFile(OpenSession session, string group, string path);

    private protected abstract Comparison CompareVersion(OpenSession session, string group, int version, int? reference);

    private protected abstract IReadOnlyList<Comparison> CompareMembers(OpenSession session, string group, IReadOnlyList<string> members);

    private void Write(OpenSession session, Comparison comparison)
    {
        // A group and its members may come down one pipeline.
        if (comparison.Member.Length > 0 && !_told.Add((session.Name, comparison.Group, comparison.Member))) return;
        if (comparison.Failure is { } failure) WriteFailure(failure);
        if (Unified)
        {
            foreach (var line in comparison.Unified.SelectMany(UnifiedLine.Of)) WriteObject(line);
        }
        else
        {
            foreach (var difference in comparison.Differences) WriteObject(difference);
        }
    }
}
