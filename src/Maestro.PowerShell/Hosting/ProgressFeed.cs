using System.Diagnostics;
using System.Globalization;
using System.Management.Automation;
using Maestro.Engine.Operations.Running;

namespace Maestro.PowerShell.Hosting;

/// <summary>
/// Turns the runner's events into what a user sees. Progress: one activity an operation, one child a member, at most five updates a second.
/// A decision is a verbose line, a milestone an information record, a step a debug line.
/// </summary>
internal sealed class ProgressFeed(PSCmdlet cmdlet)
{
    private const int ChildrenAtMost = 1000;
    private static readonly TimeSpan BetweenUpdates = TimeSpan.FromMilliseconds(200);
    private static readonly string[] Milestone = ["Maestro"];
    private static int _lastId;

    // Our own source id: what a stopped pipeline refuses to complete is completed through the host, which must know it as the same.
    private readonly int _id = Interlocked.Add(ref _lastId, ChildrenAtMost);
    private readonly Dictionary<string, Child> _children = new(StringComparer.Ordinal);
    private readonly Stopwatch _since = Stopwatch.StartNew();
    private TimeSpan _last = -BetweenUpdates;
    private ProgressRecord? _activity;
    private bool _stale;

    private sealed class Child(int id)
    {
        public int Id { get; } = id;

        public string Text { get; set; } = "";

        public bool Done { get; set; }

        public bool Stale { get; set; }
    }

    public void Show(OperationEvent e)
    {
        switch (e.Kind)
        {
            case OperationEventKind.Decision:
                cmdlet.WriteVerbose(e.Text);
                return;
            case OperationEventKind.Warning or OperationEventKind.Settled:
                cmdlet.WriteWarning(e.Text);
                return;
            case OperationEventKind.Started or OperationEventKind.Decided or OperationEventKind.StateChanged or OperationEventKind.Ended:
                cmdlet.WriteInformation($"{e.OperationKind} {e.OperationId}: {e.Text}", Milestone);
                break;
            default:
                cmdlet.WriteDebug($"{e.OperationId} {e.StepId} {e.Kind}: {e.Text}");
                break;
        }

        Remember(e);
        Flush();
    }

    /// <summary>Shows what has changed, unless the last update is too fresh; called again when nothing happens.</summary>
    public void Flush()
    {
        if (!_stale || _activity is null || _since.Elapsed - _last < BetweenUpdates) return;
        _stale = false;
        _last = _since.Elapsed;
        cmdlet.CommandRuntime.WriteProgress(_id, _activity);
        foreach (var child in _children.Where(c => c.Value.Stale)) cmdlet.CommandRuntime.WriteProgress(_id, Record(child.Key, child.Value));
    }

    /// <summary>Ends the activity, also in a pipeline that takes nothing any more.</summary>
    public void Complete()
    {
        if (_activity is null) return;
        foreach (var child in _children)
        {
            child.Value.Done = true;
            Say(Record(child.Key, child.Value));
        }

        _activity.RecordType = ProgressRecordType.Completed;
        Say(_activity);
        _activity = null;
    }

    private void Remember(OperationEvent e)
    {
        var text = e.Kind == OperationEventKind.StepWaiting ? $"waits since {e.At.ToLocalTime().ToString("T", CultureInfo.CurrentCulture)}: {e.Text}" : e.Text;
        _activity = new ProgressRecord(
            _id,
            $"{e.OperationKind}{(e.SecurityGroup.Length > 0 ? $" '{e.SecurityGroup}'" : "")} {e.OperationId}",
            $"{e.Stage} {(e.Member.Length > 0 ? e.Member + ": " : "")}{text}".Trim())
        {
            PercentComplete = e.StepsTotal == 0 ? -1 : 100 * e.StepsDone / e.StepsTotal,
        };
        _stale = true;
        if (e.Member.Length == 0 || (!_children.ContainsKey(e.Member) && _children.Count == ChildrenAtMost - 2)) return;
        if (!_children.TryGetValue(e.Member, out var child)) _children[e.Member] = child = new Child(_id + 1 + _children.Count);
        child.Text = text;
        child.Done = e.Kind == OperationEventKind.StepEnded;
        child.Stale = true;
    }

    private ProgressRecord Record(string member, Child child)
    {
        child.Stale = false;
        return new ProgressRecord(child.Id, member, child.Text)
        {
            ParentActivityId = _id,
            RecordType = child.Done ? ProgressRecordType.Completed : ProgressRecordType.Processing,
        };
    }

    private void Say(ProgressRecord record)
    {
        try
        {
            cmdlet.CommandRuntime.WriteProgress(_id, record);
        }
        catch (PipelineStoppedException)
        {
            cmdlet.Host.UI?.WriteProgress(_id, record);
        }
    }
}
