using System.Management.Automation;
using Maestro.Engine.Fabrics;
using Maestro.Engine.Model.Policy;
using Maestro.Engine.Synchronisation.Configuration;
using Maestro.PowerShell.Binding;
using Maestro.PowerShell.Hosting;

namespace Maestro.PowerShell.Cmdlets.Configuration;

/// <summary>Makes one configuration that of all members of a group, or of none; without a path heals members that drifted.</summary>
[Cmdlet(VerbsData.Sync, "Configuration", SupportsShouldProcess = true)]
[OutputType(typeof(SyncReport))]
public sealed class SyncConfigurationCommand : ConfigurationChangeCommand
{
    private readonly Dictionary<string, ConfigurationDocument> _documents = [];

    /// <summary>The group, by name, id or object.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [AsTyped]
    [ArgumentCompleter(typeof(SecurityGroupCompleter))]
    public SecurityGroupArgument[] SecurityGroup { get; set; } = [];

    /// <summary>A configuration in JSON; without it members that drifted are healed.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Alias("PSPath")]
    [ValidateNotNullOrEmpty]
    public string? Path { get; set; }

    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(SessionCompleter))]
    public override SessionArgument? Session { get; set; }

    private protected override void Process() => Each(SecurityGroup, argument =>
    {
        var session = SessionOf(argument);
        var path = Path is null ? "" : GetUnresolvedProviderPathFromPSPath(Path);
        Offer(session, argument.Value, path, group => new SyncConfigurationChange { Group = group, Document = Read(session, path) });
    });

    private ConfigurationDocument? Read(OpenSession session, string path)
    {
        if (path.Length == 0) return null;
        if (!_documents.TryGetValue(path, out var document)) _documents[path] = document = session.Engine.LoadConfiguration(path);
        return document;
    }
}
