using System.Management.Automation;
using Spectre.Console;

namespace Maestro.Shell.Host;

/// <summary>The running activities below the last line of output: drawn in place, taken away before anything else is written.</summary>
internal sealed class ProgressPane(IAnsiConsole console)
{
    private const int BarWidth = 30;
    private const int MostRows = 8;

    private readonly List<(long Source, ProgressRecord Record)> activities = [];
    private int rows;

    public void Show(long sourceId, ProgressRecord record)
    {
        activities.RemoveAll(one => one.Source == sourceId && one.Record.ActivityId == record.ActivityId && record.RecordType == ProgressRecordType.Completed);
        if (record.RecordType == ProgressRecordType.Processing)
        {
            var known = activities.FindIndex(one => one.Source == sourceId && one.Record.ActivityId == record.ActivityId);
            if (known >= 0)
            {
                activities[known] = (sourceId, record);
            }
            else
            {
                activities.Add((sourceId, record));
            }
        }

        Clear();
        if (activities.Count > 0)
        {
            Draw();
        }
    }

    /// <summary>Leaves nothing on the screen until the next record comes.</summary>
    public void Clear()
    {
        if (rows > 0)
        {
            console.Write(new ControlCode($"\r\e[{rows}A\e[J"));
            rows = 0;
        }
    }

    /// <summary>Forgets activities that their pipeline did not complete.</summary>
    public void Forget()
    {
        Clear();
        activities.Clear();
    }

    private static string Line(ProgressRecord record)
    {
        var indent = record.ParentActivityId >= 0 ? "  " : string.Empty;
        var bar = record.PercentComplete < 0 ? string.Empty : Bar(record.PercentComplete);
        return $"{indent}[bold]{Markup.Escape(record.Activity)}[/] {bar} {Markup.Escape(record.StatusDescription ?? string.Empty)} [grey]{Markup.Escape(record.CurrentOperation ?? string.Empty)}[/]";
    }

    private static string Bar(int percent)
    {
        var done = Math.Clamp(percent, 0, 100) * BarWidth / 100;
        return $"[green]{new string('━', done)}[/][grey]{new string('━', BarWidth - done)}[/] {percent,3}%";
    }

    private void Draw()
    {
        var pane = new Grid().AddColumn(new GridColumn().NoWrap().PadLeft(0));
        foreach (var (_, record) in activities.Take(MostRows))
        {
            pane.AddRow(new Markup(Line(record)) { Overflow = Overflow.Ellipsis });
            rows++;
        }

        console.Write(pane);
    }
}
