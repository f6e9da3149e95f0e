using Maestro.Engine.Model.Operations;

namespace Maestro.PowerShell.Hosting;

/// <summary>The one line about an operation that was left: where it stands, and how to go on.</summary>
internal static class OperationWords
{
    public static string WhereItStands(MaestroOperation operation)
    {
        var subject = operation.SecurityGroup.Length > 0 ? $" of '{operation.SecurityGroup}'" : "";
        var why = operation.Reason.Length > 0 ? $" ({operation.Reason})" : "";
        var next = operation.State switch
        {
            OperationState.Paused or OperationState.Orphaned or OperationState.Held => $" Resume-MaestroOperation {operation.Id} goes on.",
            OperationState.Running or OperationState.Waiting => $" It did not come to rest in time: Get-MaestroOperation {operation.Id} follows it.",
            OperationState.Unsettled => " The next change of the group settles it first.",
            _ => "",
        };
        return $"{operation.Kind} {operation.Id}{subject} is {operation.State}{why}.{next}";
    }
}
