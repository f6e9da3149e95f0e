using System.Globalization;
using System.Management.Automation;
using Maestro.Engine.Model.Groups;
using Maestro.Engine.Model.Operations;

namespace Maestro.PowerShell.Formats;

/// <summary>What the columns of the table views compute. Called from the format files, which cannot name the engine's types.</summary>
public static class Column
{
    /// <summary><c>#41 3f9c1a2e</c>; empty before the first version; a number without a proven content says so.</summary>
    public static string Version(PSObject row)
    {
        var number = Value(row, "PolicyVersion");
        return number is null ? "" : Version((int)number, (string?)Value(row, "PolicyFingerprint") ?? "");
    }

    public static string ConfigurationVersion(PSObject row)
    {
        var number = Value(row, "ConfigurationVersion");
        return number is null ? "" : Version((int)number, (string?)Value(row, "ConfigurationFingerprint") ?? "");
    }

    /// <summary><c>3/4</c>: active of all.</summary>
    public static string Members(PSObject row) => $"{Value(row, "ActiveCount")}/{Value(row, "MemberCount")}";

    /// <summary>A count that is nothing to speak of when it is zero.</summary>
    public static string Count(object? value) => Unwrap(value) is int and not 0 or long and not 0L ? Convert.ToString(Unwrap(value), CultureInfo.InvariantCulture)! : "";

    /// <summary>One decimal, or <c>-</c> for what is not known.</summary>
    public static string Percent(object? value) => Unwrap(value) is double number ? number.ToString("0.0", CultureInfo.InvariantCulture) : "-";

    public static string WholePercent(object? value) => Unwrap(value) is double number ? number.ToString("0", CultureInfo.InvariantCulture) : "-";

    public static string Known(object? value) => Unwrap(value) is { } known ? Convert.ToString(known, CultureInfo.InvariantCulture)! : "-";

    public static string List(object? value) => Unwrap(value) is System.Collections.IEnumerable many and not string ? string.Join(",", many.Cast<object>()) : "";

    /// <summary>Local time, without the date when it is today's.</summary>
    public static string Moment(object? value)
    {
        if (Unwrap(value) is not DateTimeOffset moment) return "";
        var local = moment.ToLocalTime();
        return local.Date == DateTimeOffset.Now.Date
            ? local.ToString("HH:mm:ss", CultureInfo.InvariantCulture)
            : local.ToString("MM-dd HH:mm", CultureInfo.InvariantCulture);
    }

    public static string Duration(object? value)
    {
        if (Unwrap(value) is not TimeSpan span) return "";
        if (span < TimeSpan.FromSeconds(1)) return span.TotalMilliseconds.ToString("0", CultureInfo.InvariantCulture) + "ms";
        if (span < TimeSpan.FromMinutes(1)) return span.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture) + "s";
        return span < TimeSpan.FromHours(1)
            ? span.ToString(@"m\mss\s", CultureInfo.InvariantCulture)
            : ((int)span.TotalHours).ToString(CultureInfo.InvariantCulture) + span.ToString(@"\hmm\m", CultureInfo.InvariantCulture);
    }

    public static string Steps(PSObject row) => $"{Value(row, "StepsDone")}/{Value(row, "StepsTotal")}";

    public static string Hash(object? value) => Unwrap(value) is string { Length: > 8 } text ? text.Substring(0, 8) : Unwrap(value) as string ?? "";

    /// <summary>A state, coloured where the host wants colour. What it means is in the word.</summary>
    public static string State(PSObject row, object? state, bool colour)
    {
        var text = Unwrap(state)?.ToString() ?? "";
        if (!colour) return text;
        var code = text switch
        {
            nameof(MemberState.Active) or nameof(MemberState.Standby) or nameof(SecurityGroupState.Ready) or nameof(OperationState.Succeeded) or "Confirmed" or "Up" => "32",
            nameof(MemberState.Down) or nameof(MemberState.Lost) or nameof(OperationState.Failed) or nameof(OperationState.Unsettled) or "Unreachable" or "Refused" => "31",
            "Unassigned" or "Assigned" or "Empty" or "Unchanged" => "",
            _ => "33",
        };
        return code.Length == 0 ? text : $"\u001b[{code}m{text}\u001b[0m";
    }

    private static string Version(int number, string fingerprint) =>
        "#" + number.ToString(CultureInfo.InvariantCulture) + " " + (fingerprint.Length >= 8 ? fingerprint.Substring(0, 8) : "unproven");

    private static object? Value(PSObject row, string property) => Unwrap(row.Properties[property]?.Value);

    private static object? Unwrap(object? value) => value is PSObject wrapped ? wrapped.BaseObject : value;
}
