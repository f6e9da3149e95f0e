using System.Management.Automation;

namespace Maestro.PowerShell.Formats;

/// <summary>What a list view shows of a thing that has parts: one line a part, in columns.</summary>
public static class Lines
{
    /// <summary>The parts as they are, one a line.</summary>
    public static string Of(object? parts) => string.Join(Environment.NewLine, Column.Many(parts is PSObject wrapped ? wrapped.BaseObject : parts));

    /// <summary>An operation's steps: outcome, kind, subject, reason, and what the gateway said where it did not go well.</summary>
    public static string OfSteps(PSObject operation) => Aligned(Parts(operation, "Step").Select(s => new[]
    {
        Column.Text(s, "Outcome"),
        Column.Text(s, "Kind"),
        Column.Text(s, "Subject"),
        Column.Text(s, "Outcome") is "Done" or "Already" || Column.Text(s, "Evidence").Length == 0
            ? Column.Text(s, "Reason")
            : $"{Column.Text(s, "Reason")} [{Column.Text(s, "Evidence")}]",
    }));

    /// <summary>A sync's members: outcome, what they held and hold, how long it took, reason.</summary>
    public static string OfMembers(PSObject report) => Aligned(Parts(report, "Member").Select(m => new[]
    {
        Column.Text(m, "Member"),
        Column.Text(m, "Outcome"),
        $"{Content(m, "Before")} -> {Content(m, "After")}",
        Column.Duration(Column.Value(m, "Duration")),
        Column.Text(m, "Reason"),
    }));

    private static string Content(PSObject member, string property) => Column.Hash(Column.Value(member, property)) is { Length: > 0 } hash ? hash : "nothing";

    private static IEnumerable<PSObject> Parts(PSObject whole, string property) => Column.Many(Column.Value(whole, property)).Select(PSObject.AsPSObject);

    private static string Aligned(IEnumerable<string[]> rows)
    {
        var all = rows.ToList();
        if (all.Count == 0) return "";
        var widths = Enumerable.Range(0, all[0].Length).Select(column => all.Max(r => r[column].Length)).ToList();
        return string.Join(Environment.NewLine, all.Select(r => string.Join("  ", r.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd()));
    }
}
