using System.Collections;
using System.Globalization;
using System.Reflection;

namespace Maestro.PowerShell.Tests.Secrets;

/// <summary>All text that hangs on something that a pipeline wrote: properties of properties, inner exceptions, an error's details and call.</summary>
internal static class Everything
{
    private const int Deepest = 8;

    public static IEnumerable<string> In(object? value, int depth = 0)
    {
        if (value is null || depth > Deepest) return [];
        var plain = value is PSObject wrapped ? wrapped.BaseObject : value;
        return plain switch
        {
            string text => [text],
            ErrorRecord error => In(error, depth),
            Exception failure => In(failure, depth),
            ProgressRecord progress => [progress.Activity, progress.StatusDescription ?? "", progress.CurrentOperation ?? ""],
            IDictionary pairs => pairs.Keys.Cast<object>().SelectMany(key => In(key, depth + 1).Concat(In(pairs[key], depth + 1))),
            IEnumerable items => items.Cast<object?>().SelectMany(item => In(item, depth + 1)),
            _ => In(value, plain, depth),
        };
    }

    private static IEnumerable<string> In(ErrorRecord error, int depth) =>
    [
        error.ToString(), error.FullyQualifiedErrorId, error.CategoryInfo.ToString(), error.ErrorDetails?.Message ?? "", error.ErrorDetails?.RecommendedAction ?? "", error.ScriptStackTrace ?? "",
        error.InvocationInfo?.Line ?? "", error.InvocationInfo?.PositionMessage ?? "",
        .. In(error.InvocationInfo?.BoundParameters, depth + 1), .. In(error.InvocationInfo?.UnboundArguments, depth + 1), .. In(error.TargetObject, depth + 1), .. In(error.Exception, depth + 1),
    ];

    private static IEnumerable<string> In(Exception failure, int depth) =>
        [failure.ToString(), .. In(failure.Data, depth + 1), .. Of(failure, depth), .. In((object?)failure.InnerException, depth + 1)];

    private static IEnumerable<string> In(object value, object plain, int depth)
    {
        // What is ours is walked; a value of the framework prints itself.
        string[] own = [Convert.ToString(plain, CultureInfo.InvariantCulture) ?? "", value.ToString() ?? ""];
        var isOurs = plain.GetType().FullName!.StartsWith("Maestro.", StringComparison.Ordinal) || plain is PSCustomObject;
        return isOurs ? own.Concat(Of(plain, depth)).Concat(PSObject.AsPSObject(value).Properties.SelectMany(p => In(Safely(() => p.Value), depth + 1))) : own;
    }

    private static IEnumerable<string> Of(object value, int depth) => value.GetType()
        .GetProperties(BindingFlags.Instance | BindingFlags.Public)
        .Where(p => p.GetIndexParameters().Length == 0 && p.Name is not ("TargetSite" or "InnerException" or "Data"))
        .SelectMany(p => In(Safely(() => p.GetValue(value)), depth + 1));

    private static object? Safely(Func<object?> read)
    {
        try
        {
            return read();
        }
        catch (Exception failure)
        {
            return failure.Message;
        }
    }
}
