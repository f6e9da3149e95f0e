using System.Management.Automation;
using Maestro.Engine.Fabrics;
using Maestro.Engine.Model.Configuration;
using Maestro.PowerShell.Binding;
using Maestro.PowerShell.Formats;
using Maestro.PowerShell.Hosting;

namespace Maestro.PowerShell.Cmdlets.Configuration;

/// <summary>Shows in which items members, a candidate or a version differ from what they should be; nothing that is equal is written.</summary>
[Cmdlet(VerbsData.Compare, "Configuration", DefaultParameterSetName = DriftSet)]
[OutputType(typeof(ConfigurationDifference))]
[OutputType(typeof(string))]
public sealed class CompareConfigurationCommand : SessionCommand
{
    private const string DriftSet = "Drift";
    private const string FileSet = "File";
    private const string VersionSet = "Version";

    private readonly Dictionary<string, ConfigurationDocument> _candidates = [];
    private readonly HashSet<(string Session, string Group, string Member)> _told = [];

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

    /// <summary>A candidate: a configuration in JSON.</summary>
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

    private protected override void Process() => Each(SecurityGroup, argument =>
    {
        var session = SessionOf([argument, .. Member]);
        foreach (var comparison in Compare(session, argument.Value)) Write(session, comparison);
    });

    private IReadOnlyList<ConfigurationComparison> Compare(OpenSession session, string group) => ParameterSetName switch
    {
        FileSet => [Await(token => session.Engine.CompareConfigurationAsync(group, Candidate(session), token))],
        VersionSet => [Await(token => session.Engine.CompareConfigurationAsync(group, Version, ReferenceVersion > 0 ? ReferenceVersion : null, token))],
        _ => Await(token => session.Engine.CompareConfigurationAsync(group, [.. Member.Select(m => m.Value)], token)),
    };

    private void Write(OpenSession session, ConfigurationComparison comparison)
    {
        // A group and its members may come down one pipeline.
        if (comparison.Member.Length > 0 && !_told.Add((session.Name, comparison.SecurityGroup, comparison.Member))) return;
        if (comparison.Failure is { } failure) WriteFailure(failure);
        if (Unified)
        {
            foreach (var line in comparison.Unified.SelectMany(UnifiedLine.Of)) WriteObject(line);
        }
        else
        {
            foreach (var difference in comparison.Difference) WriteObject(difference);
        }
    }

    private ConfigurationDocument Candidate(OpenSession session)
    {
        var path = GetUnresolvedProviderPathFromPSPath(Path);
        if (!_candidates.TryGetValue(path, out var candidate)) _candidates[path] = candidate = session.Engine.LoadConfiguration(path);
        return candidate;
    }
}
