using System.Management.Automation;
using Maestro.Engine.Model.Errors;
using Maestro.Engine.Model.Groups;
using Maestro.Engine.Model.Monitoring;
using Maestro.PowerShell.Binding;
using Maestro.PowerShell.Hosting;

namespace Maestro.PowerShell.Cmdlets.Operation;

/// <summary>Reads what happened to Security Groups: what watches have said, and the ends of operations.</summary>
[Cmdlet(VerbsCommon.Get, "MaestroEvent")]
[OutputType(typeof(MaestroEvent))]
public sealed class GetMaestroEventCommand : SessionCommand
{
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    /// <summary>The group, by name, id or object; wildcards are allowed, and names of groups that are no more. Without it all.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [SupportsWildcards]
    [AsTyped]
    [ArgumentCompleter(typeof(SecurityGroupCompleter))]
    public SecurityGroupArgument[] SecurityGroup { get; set; } = [];

    /// <summary>Only what is said of this member, and operations that worked on it.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(GroupMemberCompleter))]
    public string? Member { get; set; }

    /// <summary>Only these kinds.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(EventKindCompleter))]
    public MaestroEventKind[] Kind { get; set; } = [];

    /// <summary>Only these severities.</summary>
    [Parameter]
    public EventSeverity[] Severity { get; set; } = [];

    /// <summary>Only what happened since then: a date, or a duration, which means ago; without it the last day.</summary>
    [Parameter]
    [AsTyped]
    public MomentArgument? After { get; set; }

    /// <summary>Only what happened before then: a date, or a duration, which means ago.</summary>
    [Parameter]
    [AsTyped]
    public MomentArgument? Before { get; set; }

    /// <summary>Only the newest so many.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int? Newest { get; set; }

    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(SessionCompleter))]
    public override SessionArgument? Session { get; set; }

    private protected override void Process()
    {
        RequirePiped(ErrorCatalogue.GroupNotFound, "Security Group", nameof(SecurityGroup));
        var session = SessionOf(SecurityGroup);
        var now = session.Engine.Now;
        var filter = new EventFilter
        {
            SecurityGroups = SecurityGroup.Length == 0 ? null : [.. SecurityGroup.SelectMany(g => NamesOf(session, g))],
            Member = Member,
            Kinds = Kind,
            Severities = Severity,
            After = After?.Resolve(now) ?? now - Day,
            Before = Before?.Resolve(now),
            Newest = Newest,
        };
        foreach (var happened in Await(_ => session.Engine.GetEventsAsync(filter))) WriteObject(happened);
    }

    /// <summary>A plain name is taken as it is: events outlive their group.</summary>
    private IEnumerable<string> NamesOf(OpenSession session, SecurityGroupArgument group) =>
        WildcardPattern.ContainsWildcardCharacters(group.Value) || GroupName.IsId(group.Value)
            ? Selection.Groups(ViewOf(session), group.Value, session.Name).Select(g => g.Name)
            : [group.Value];
}
