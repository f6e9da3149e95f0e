using System.Diagnostics;
using System.Management.Automation;
using Maestro.Engine.Operations.Running;

namespace Maestro.PowerShell.Hosting;

/// <summary>Turns the runner's events into progress, verbose lines and warnings. One activity an operation, one child a member, at most five updates a second.</summary>
internal sealed class ProgressFeed(Cmdlet cmdlet)
{
    private static readonly TimeSpan BetweenUpdates = TimeSpan.FromMilliseconds(200);
    private static int _lastId = 100;

    private readonly int _id = Interlocked.Add(ref _lastId, 200);
    private readonly Dictionary<string, int> _children = new(StringComparer.Ordinal);
    private readonly Stopwatch _since = Stopwatch.StartNew();
    private TimeSpan? _last;
    private string _activity = "";

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
        }

        _activity = $"{e.OperationKind}{(e.SecurityGroup.Length > 0 ? $" '{e.SecurityGroup}'" : "")} {e.OperationId}";
        var where = e.Member.Length > 0 ? $"{e.Member}: " : "";
        cmdlet.WriteVerbose($"{(e.Stage.Length > 0 ? e.Stage + " " : "")}{where}{e.Text}");
        var ended = e.Kind is OperationEventKind.StepEnded or OperationEventKind.Ended;
        if (!ended && _last is { } last && _since.Elapsed - last < BetweenUpdates) return;
        _last = _since.Elapsed;
        cmdlet.WriteProgress(new ProgressRecord(_id, _activity, $"{e.Stage} {where}{e.Text}".Trim())
        {
            PercentComplete = e.StepsTotal == 0 ? -1 : 100 * e.StepsDone / e.StepsTotal,
        });
        if (e.Member.Length > 0) ShowMember(e);
    }

    public void Complete()
    {
        if (_activity.Length == 0) return;
        foreach (var pair in _children) cmdlet.WriteProgress(new ProgressRecord(pair.Value, pair.Key, "done") { ParentActivityId = _id, RecordType = ProgressRecordType.Completed });
        cmdlet.WriteProgress(new ProgressRecord(_id, _activity, "done") { RecordType = ProgressRecordType.Completed });
    }

    private void ShowMember(OperationEvent e)
    {
        if (!_children.TryGetValue(e.Member, out var id)) _children[e.Member] = id = _id + 1 + _children.Count;
        cmdlet.WriteProgress(new ProgressRecord(id, e.Member, e.Text)
        {
            ParentActivityId = _id,
            RecordType = e.Kind == OperationEventKind.StepEnded ? ProgressRecordType.Completed : ProgressRecordType.Processing,
        });
    }
}
