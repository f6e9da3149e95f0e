using System.Management.Automation;

namespace Maestro.PowerShell.Tests.Cmdlets;

/// <summary>All that a script wrote, stream by stream. <see cref="Errors"/> has the one that ended it, too.</summary>
internal sealed record Outcome(
    IReadOnlyList<PSObject> Output,
    IReadOnlyList<ErrorRecord> Errors,
    IReadOnlyList<string> Warnings,
    IReadOnlyList<string> Verbose,
    IReadOnlyList<string> Debug,
    IReadOnlyList<string> Information,
    IReadOnlyList<ProgressRecord> Progress,
    ErrorRecord? Ended,
    PSInvocationState State)
{
    /// <summary>The ids of the errors, without the class name that PowerShell appends.</summary>
    public IReadOnlyList<string> ErrorIds => [.. Errors.Select(e => e.FullyQualifiedErrorId.Split(',')[0])];

    /// <summary>One property of each object that was written, as text.</summary>
    public IReadOnlyList<string> Values(string property) => [.. Output.Select(o => o.Text(property))];

    public Outcome MustSucceed()
    {
        Assert.True(Errors.Count == 0, string.Join('\n', Errors.Select(e => $"{e.FullyQualifiedErrorId}: {e}\n{e.ScriptStackTrace}\n{e.Exception}")));
        return this;
    }

    /// <summary>The one error, of this id, category and target, with advice.</summary>
    public ErrorRecord MustFail(string id, ErrorCategory category, string target)
    {
        var error = Assert.Single(Errors);
        Assert.Equal("Maestro." + id, ErrorIds[0]);
        Assert.Equal(category, error.CategoryInfo.Category);
        Assert.Equal(target, error.TargetObject?.ToString());
        Assert.NotEmpty(error.ErrorDetails.RecommendedAction);
        return error;
    }
}

internal static class Properties
{
    public static string Text(this PSObject item, string property) =>
        LanguagePrimitives.ConvertTo<string>((item.Properties[property] ?? throw new KeyNotFoundException($"{item.TypeNames[0]} has no property {property}.")).Value);

    public static IReadOnlyList<PSObject> List(this PSObject item, string property) =>
        [.. LanguagePrimitives.GetEnumerable(item.Properties[property].Value).Cast<object>().Select(PSObject.AsPSObject)];
}
