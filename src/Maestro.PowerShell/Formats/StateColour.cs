using System.Management.Automation;
using Maestro.Engine.Model.Groups;

namespace Maestro.PowerShell.Formats;

/// <summary>Whether the host wants colour, and which one a state gets: the user's own, from <c>$PSStyle</c>.</summary>
internal static class StateColour
{
    public static string Paint(object? state, string text, EngineIntrinsics execution) => PaintAs(Name(state, text), text, execution);

    /// <param name="name">Of a colour of <c>$PSStyle.Foreground</c>; empty for none.</param>
    /// <param name="text">What is to be shown.</param>
    /// <param name="execution">The host and the user's wishes.</param>
    public static string PaintAs(string name, string text, EngineIntrinsics execution)
    {
        if (name.Length == 0 || execution.SessionState.PSVariable.GetValue("PSStyle") is not { } found) return text;
        var style = PSObject.AsPSObject(found);
        if (!IsWanted(style, execution)) return text;
        var colour = Column.Value(style, "Foreground") is { } palette ? Column.Text(PSObject.AsPSObject(palette), name) : "";
        return colour.Length == 0 ? text : colour + text + Column.Text(style, "Reset");
    }

    // Host means: when what shows it can. PowerShell itself strips it again where output is redirected. Windows PowerShell has no $PSStyle and gets none.
    private static bool IsWanted(PSObject style, EngineIntrinsics execution) => Column.Text(style, "OutputRendering") switch
    {
        "PlainText" => false,
        "Ansi" => true,
        _ => execution.Host?.UI?.SupportsVirtualTerminal == true,
    };

    /// <summary>The name of the colour; empty for a state that is neither good nor bad.</summary>
    private static string Name(object? state, string text) => state is MemberState.Ready ? "Yellow" : text switch
    {
        "Active" or "Standby" or "Ready" or "Up" or "up" or "Authenticated" or "Succeeded" or "Confirmed" or "Done" or "Pass" or "OK" => "Green",
        "Down" or "down" or "Lost" or "Unreachable" or "Untrusted" or "Failed" or "Unsettled" or "Refused" or "UndoFailed" or "Fail" or "Error" or "Critical" => "Red",
        "Unassigned" or "Assigned" or "Empty" or "NotApplicable" or "Own" or "Running" or "Waiting" or "Prepared" or "Staged"
            or "Superseded" or "Unchanged" or "Already" or "Undone" or "Skipped" or "NotTried" or "Information" or "" => "",
        _ => "Yellow",
    };
}
