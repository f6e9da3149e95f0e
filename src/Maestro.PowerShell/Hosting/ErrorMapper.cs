using System.Management.Automation;
using Maestro.Engine.Model.Errors;

namespace Maestro.PowerShell.Hosting;

/// <summary>The one place where failures become error records.</summary>
internal static class ErrorMapper
{
    public static ErrorRecord ToRecord(MaestroException failure, object? target = null)
    {
        var category = Enum.TryParse<ErrorCategory>(failure.Code.Kind.ToString(), out var known) ? known : ErrorCategory.NotSpecified;
        return new ErrorRecord(failure, failure.Code.Id, category, target ?? failure.Target)
        {
            ErrorDetails = new ErrorDetails(failure.Message) { RecommendedAction = failure.Advice },
        };
    }
}
