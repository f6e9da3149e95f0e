using System.Collections;
using System.Globalization;
using System.Management.Automation;
using System.Text.RegularExpressions;

namespace Maestro.PowerShell.Formats;

/// <summary>What the columns of the views compute. Called from the format files, which cannot name the engine's types.</summary>
/// <remarks>
/// Everything is read by property name, so that an object that came back from another process (a job, Import-Clixml) prints like a live one.
/// </remarks>
public static class Column
{
    private const int HashLength = 8;
    private static readonly Regex SystemFiller = new(@"\s*(GNU/Linux|\bLinux\b|\bLTS\b|\([^)]*\))", RegexOptions.CultureInvariant);

    /// <summary><c>#41 3f9c1a2e</c>; empty before the first version; a number without a proven content says so.</summary>
    public static string PolicyVersion(PSObject row) => Version(row, "PolicyVersion", "PolicyFingerprint");

    /// <summary>The same for the configuration.</summary>
    public static string ConfigurationVersion(PSObject row) => Version(row, "ConfigurationVersion", "ConfigurationFingerprint");

    /// <summary>The same for what a sync was about.</summary>
    public static string SyncedVersion(PSObject row) => Version(row, "Version", "Fingerprint");

    /// <summary><c>3f9c1a2+</c>: the commit that a version's files were taken from, with a plus where they differed from it or nobody could tell.</summary>
    public static string Commit(PSObject row) =>
        Text(row, "Commit") is { Length: > 7 } commit ? commit.Substring(0, 7) + (Value(row, "Dirty") is true ? "+" : "") : "";

    /// <summary>The user's words; where there are none, whether the version was read back from members, else the name of its source.</summary>
    public static string MessageOrOrigin(PSObject row)
    {
        if (Text(row, "Message") is { Length: > 0 } message) return message;
        if (Value(row, "Recovered") is true) return "(read back from members)";
        return Text(row, "Source").Split('/', '\\').Last();
    }

    /// <summary><c>3/4</c>: active of all.</summary>
    public static string Members(PSObject row) => $"{Value(row, "ActiveCount")}/{Value(row, "MemberCount")}";

    /// <summary><c>3/4</c>: how many of a sync's members were proven to hold what it brought.</summary>
    public static string MembersAgreeing(PSObject row)
    {
        var outcomes = Many(Value(row, "Member")).Select(m => Text(PSObject.AsPSObject(m), "Outcome")).ToList();
        return $"{outcomes.Count(o => o is "Confirmed" or "Unchanged")}/{outcomes.Count}";
    }

    /// <summary><c>yes +2</c>, <c>no -1</c>: whether the loss of the spare members can be borne, and how many more, or how many are lacking.</summary>
    public static string Spare(PSObject row) => Value(row, "SpareSatisfied") is not bool holds ? "-"
        : (holds ? "yes" : "no") + (Value(row, "SpareMargin") is int margin ? margin.ToString(" +0; -0; +0", CultureInfo.InvariantCulture) : "");

    /// <summary><c>agrees</c>, <c>differs</c>, or <c>-</c> for what is not known.</summary>
    public static string Agreement(object? value) => Unwrap(value) is bool agrees ? agrees ? "agrees" : "differs" : "-";

    /// <summary><c>SMO</c> for the member that speaks for the group.</summary>
    public static string Role(PSObject row) => Value(row, "IsSmoMaster") is true ? "SMO" : "";

    /// <summary><c>12/14</c>: steps done of all.</summary>
    public static string Steps(PSObject row) => $"{Value(row, "StepsDone")}/{Value(row, "StepsTotal")}";

    /// <summary>The engine's reason; where it has none, the words that the user gave along.</summary>
    public static string ReasonOrMessage(PSObject row) => Text(row, "Reason") is { Length: > 0 } reason ? reason : Text(row, "Message");

    /// <summary>Why a gateway is in its state, where that needs words; else what it is described as.</summary>
    public static string ReasonOrDescription(PSObject row) => Text(row, "Reason") is { Length: > 0 } reason ? reason : Text(row, "Description");

    /// <summary><c>Debian 12</c> for "Debian GNU/Linux 12 (bookworm)": what does not tell one system from another is left to the list view.</summary>
    public static string SystemVersion(PSObject row) => SystemFiller.Replace(Text(row, "Version"), "").Trim();

    /// <summary><c>read-only</c>, or nothing.</summary>
    public static string SessionMode(PSObject row) => Value(row, "ReadOnly") is true ? "read-only" : "";

    /// <summary><c>up</c>, <c>down</c>, or <c>off</c> when somebody disabled the port.</summary>
    public static string Link(PSObject row, EngineIntrinsics execution) =>
        StateColour.Paint(null, Value(row, "Enabled") is false ? "off" : Value(row, "LinkUp") is true ? "up" : "down", execution);

    /// <summary><c>10G</c>, <c>100M</c>; <c>-</c> when not known.</summary>
    public static string Speed(object? megabits) => Unwrap(megabits) switch
    {
        int many when many >= 1000 => (many / 1000.0).ToString("0.#", CultureInfo.InvariantCulture) + "G",
        int few => few.ToString(CultureInfo.InvariantCulture) + "M",
        _ => "-",
    };

    /// <summary><c>#41</c>, or nothing.</summary>
    public static string Number(object? value) => Unwrap(value) is int number ? "#" + number.ToString(CultureInfo.InvariantCulture) : "";

    /// <summary><c>yes</c>, or nothing.</summary>
    public static string Yes(object? value) => Unwrap(value) is true ? "yes" : "";

    /// <summary>A count that is nothing to speak of when it is zero.</summary>
    public static string Count(object? value) => Unwrap(value) is int and not 0 or long and not 0L ? Known(value) : "";

    /// <summary>One decimal, or <c>-</c> for what is not known.</summary>
    public static string Percent(object? value) => Unwrap(value) is double number ? number.ToString("0.0", CultureInfo.InvariantCulture) : "-";

    /// <summary>No decimal, or <c>-</c> for what is not known.</summary>
    public static string WholePercent(object? value) => Unwrap(value) is double number ? number.ToString("0", CultureInfo.InvariantCulture) : "-";

    /// <summary>Whole milliseconds, or <c>-</c> for what is not known.</summary>
    public static string Milliseconds(object? value) => Unwrap(value) is TimeSpan span ? span.TotalMilliseconds.ToString("0", CultureInfo.InvariantCulture) : "-";

    /// <summary>The value, or <c>-</c> for what is not known.</summary>
    public static string Known(object? value) => Unwrap(value) is { } known ? Convert.ToString(known, CultureInfo.InvariantCulture)! : "-";

    /// <summary><c>1,2</c>.</summary>
    public static string List(object? value) => string.Join(",", Many(Unwrap(value)));

    /// <summary><c>a, b, c</c>, all of them: PowerShell alone would stop after four.</summary>
    public static string WholeList(object? value) => string.Join(", ", Many(Unwrap(value)));

    /// <summary><c>1/20/1 +1</c>: the first, and how many more there are.</summary>
    public static string FirstOf(object? value)
    {
        var all = Many(Unwrap(value)).ToList();
        return all.Count < 2 ? List(value) : $"{all[0]} +{all.Count - 1}";
    }

    /// <summary>The first characters of a fingerprint.</summary>
    public static string Hash(object? value) => Unwrap(value) is string { Length: > HashLength } text ? text.Substring(0, HashLength) : Unwrap(value) as string ?? "";

    /// <summary>Local time, without the date when it is today's.</summary>
    public static string Moment(object? value) => Moment(value, DateTimeOffset.Now);

    /// <summary>The same, or <c>-</c> for what is not known.</summary>
    public static string KnownMoment(object? value) => value is null ? "-" : Moment(value);

    /// <summary>Local time, whole.</summary>
    public static string LocalTime(object? value) =>
        When(value) is { } moment ? moment.ToLocalTime().ToString("yyyy-MM-dd HH:mm:ss zzz", CultureInfo.InvariantCulture) : "";

    /// <summary><c>850ms</c>, <c>5.2s</c>, <c>7m20s</c>, <c>1h05m</c>; nothing when nothing was waited for.</summary>
    public static string Duration(object? value)
    {
        if (Unwrap(value) is not TimeSpan span || span == TimeSpan.Zero) return "";
        if (span < TimeSpan.FromSeconds(1)) return span.TotalMilliseconds.ToString("0", CultureInfo.InvariantCulture) + "ms";
        if (span < TimeSpan.FromMinutes(1)) return span.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture) + "s";
        return span < TimeSpan.FromHours(1)
            ? span.ToString(@"m\mss\s", CultureInfo.InvariantCulture)
            : ((int)span.TotalHours).ToString(CultureInfo.InvariantCulture) + span.ToString(@"\hmm\m", CultureInfo.InvariantCulture);
    }

    /// <summary>A state, coloured where the host wants colour. What it means is in the word.</summary>
    public static string State(PSObject row, string property, EngineIntrinsics execution) => StateColour.Paint(Value(row, property), Text(row, property), execution);

    internal static string Moment(object? value, DateTimeOffset now)
    {
        if (When(value) is not { } moment) return "";
        var local = moment.ToOffset(now.Offset);
        return local.Date == now.Date
            ? local.ToString("HH:mm:ss", CultureInfo.InvariantCulture)
            : moment.ToLocalTime().ToString("MM-dd HH:mm", CultureInfo.InvariantCulture);
    }

    internal static object? Value(PSObject row, string property) => Unwrap(row.Properties[property]?.Value);

    /// <summary>A property's text; the word of an enum even where only its number and its word came back from another process.</summary>
    internal static string Text(PSObject row, string property) => row.Properties[property]?.Value?.ToString() ?? "";

    internal static IEnumerable<object> Many(object? value) => value is IEnumerable many and not string ? many.Cast<object>() : [];

    private static string Version(PSObject row, string number, string fingerprint) =>
        Value(row, number) is not int version ? ""
        : $"{Number(version)} {(Text(row, fingerprint) is { Length: >= HashLength } hash ? hash.Substring(0, HashLength) : "unproven")}";

    // From another process a DateTimeOffset comes back as its parts.
    private static DateTimeOffset? When(object? value) =>
        value is null ? null : PSObject.AsPSObject(value).Properties["UtcDateTime"]?.Value is { } utc ? new DateTimeOffset((DateTime)LanguagePrimitives.ConvertTo(utc, typeof(DateTime), CultureInfo.InvariantCulture), TimeSpan.Zero) : null;

    private static object? Unwrap(object? value) => value is PSObject wrapped ? wrapped.BaseObject : value;
}
