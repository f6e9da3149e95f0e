using System.Management.Automation;
using Maestro.Engine.Model.Errors;
using Maestro.Engine.Model.Monitoring;
using Maestro.Engine.Monitoring.Watch;
using Maestro.PowerShell.Binding;
using Maestro.PowerShell.Hosting;

namespace Maestro.PowerShell.Cmdlets.SecurityGroup;

/// <summary>Says what happens to Security Groups until it is stopped; on request it moves the traffic of members that are lost.</summary>
[Cmdlet(VerbsCommon.Watch, "SecurityGroup")]
[OutputType(typeof(MaestroEvent))]
public sealed class WatchSecurityGroupCommand : SessionCommand
{
    private readonly Dictionary<string, OpenSession> _sessions = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, SortedSet<string>> _groups = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The name, wildcards allowed, or the id; without it all groups.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [SupportsWildcards]
    [AsTyped]
    [ArgumentCompleter(typeof(SecurityGroupCompleter))]
    public SecurityGroupArgument[] SecurityGroup { get; set; } = [];

    /// <summary>Moves the slots of members that are lost to their backups, as long as no other watch does.</summary>
    [Parameter]
    public SwitchParameter AutoFailover { get; set; }

    /// <summary>The human's words, for the journal of failovers.</summary>
    [Parameter]
    public string Message { get; set; } = "";

    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(SessionCompleter))]
    public override SessionArgument? Session { get; set; }

    private protected override void Process()
    {
        RequirePiped(ErrorCatalogue.GroupNotFound, "Security Group", nameof(SecurityGroup));
        var session = SessionOf(SecurityGroup);
        var view = ViewOf(session);
        _sessions[session.Name] = session;
        if (!_groups.TryGetValue(session.Name, out var groups)) _groups[session.Name] = groups = new SortedSet<string>(StringComparer.Ordinal);
        Each(SecurityGroup.Length == 0 ? [new SecurityGroupArgument("*")] : SecurityGroup, argument => groups.UnionWith(Selection.Groups(view, argument.Value, session.Name).Select(g => g.Name)));
    }

    private protected override void End()
    {
        var options = new WatchOptions { AutoFailover = AutoFailover, Message = Message, Source = MyInvocation.MyCommand.Name };
        var watched = _groups.Where(g => g.Value.Count > 0).ToList();
        if (watched.Count == 0) return;
        Pumped(async enqueue =>
        {
            await Task.WhenAll(watched.Select(g => _sessions[g.Key].Engine.WatchAsync([.. g.Value], options, e => enqueue(() => WriteObject(e)), StopSource.Token)));
            return true;
        });
    }
}
