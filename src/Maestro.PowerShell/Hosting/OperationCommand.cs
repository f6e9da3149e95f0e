using System.Management.Automation;
using Maestro.Engine.Model.Errors;
using Maestro.Engine.Model.Operations;
using Maestro.Engine.Operations.Plans;
using Maestro.Engine.Operations.Running;
using Maestro.PowerShell.Binding;

namespace Maestro.PowerShell.Hosting;

/// <summary>Cmdlets that run or steer operations: the asking, the running to rest, and the last word when that is cut short.</summary>
public abstract class OperationCommand : SessionCommand
{
    private static readonly TimeSpan LastLook = TimeSpan.FromSeconds(5);

    /// <summary>Bounds the whole run; reached, the operation is paused. Default: Linux 5 minutes, lab 45 minutes of its own time.</summary>
    [Parameter]
    [Duration]
    public TimeSpan? Timeout { get; set; }

    /// <summary>Your words for the journal: a change number, a commit's subject.</summary>
    [Parameter]
    public string Message { get; set; } = "";

    private protected virtual bool ForceGiven => false;

    private protected virtual bool NoWaitGiven => false;

    private protected ConfirmImpact Impact => ((CmdletAttribute)Attribute.GetCustomAttribute(GetType(), typeof(CmdletAttribute))!).ConfirmImpact;

    private protected virtual RunOptions Options => new() { Timeout = Timeout, Message = Message, Source = MyInvocation.MyCommand.Name };

    /// <summary>Asks for one subject, in the plan's own words.</summary>
    /// <exception cref="MaestroException"><c>SessionReadOnly</c>, <c>ConfirmationRequired</c>.</exception>
    private protected bool Ask(OpenSession session, string target, string action)
    {
        var whatIf = Confirmation.WhatIf(this);
        if (session.Engine.ReadOnly && !whatIf) throw new MaestroException(ErrorCatalogue.SessionReadOnly, $"Session '{session.Name}' was opened with -ReadOnly. Nothing was sent.", session.Name);
        var full = SessionTable.Current.Sessions.Count > 1 ? $"{target} on '{session.Name}'" : target;
        Confirmation.RequireSomebody(this, Impact, ForceGiven, full);
        // -Force answers the confirmation and nothing else: it loses against -WhatIf and an explicit -Confirm.
        return (ForceGiven && !whatIf && !Confirmation.Explicit(this)) || ShouldProcess(full, action);
    }

    /// <summary>
    /// Runs one change to its rest and says what there is to say; <paramref name="report"/> writes what the cmdlet writes of a run, before the
    /// run's error. Null when it could not be begun, was begun with -NoWait, or was cut short.
    /// </summary>
    private protected OperationResult? Run(OpenSession session, ChangeRequest request, Action<OperationResult>? report = null) =>
        Run(session, request.SecurityGroup, options => session.Engine.StartAsync(request, options), report);

    /// <summary>The same for any work that makes an operation; what may not outlive the cmdlet is waited for even under -NoWait.</summary>
    private protected OperationResult? Run(OpenSession session, string target, Func<RunOptions, Task<OperationHandle>> start, Action<OperationResult>? report = null, bool mayOutlive = true)
    {
        var noWait = NoWaitGiven && mayOutlive;
        var feed = new ProgressFeed(this);
        var operationId = "";
        OperationResult? result;
        try
        {
            result = Pumped(
                async enqueue =>
                {
                    // What -NoWait leaves running outlives this cmdlet, so it is not tied to its token.
                    var options = Options with { Rest = noWait ? default : StopSource.Token, Events = e => enqueue(() => feed.Show(e)) };
                    var started = await start(options);
                    operationId = started.OperationId;
                    return noWait && operationId.Length > 0 ? null : await started.Completion;
                },
                feed.Flush);
        }
        catch (MaestroException failure)
        {
            WriteFailure(failure, failure.Target ?? target);
            return null;
        }
        catch (Exception) when (StopSource.IsCancellationRequested)
        {
            if (operationId.Length > 0) SayWhereThingsStand(ReadAfterStop(session, operationId));
            throw;
        }
        finally
        {
            feed.Complete();
        }

        if (result is null)
        {
            WriteObject(Await(_ => session.Engine.GetOperationAsync(operationId)));
            return null;
        }

        if (StopSource.IsCancellationRequested)
        {
            SayWhereThingsStand(result.Operation);
            return null;
        }

        report?.Invoke(result);
        if (result.Failure is { } reason) WriteFailure(reason, target.Length > 0 ? target : null);
        return result;
    }

    private static MaestroOperation? ReadAfterStop(OpenSession session, string operationId)
    {
        try
        {
            var read = Task.Run(() => session.Engine.GetOperationAsync(operationId));
            return read.Wait(LastLook) ? read.Result : null;
        }
        catch (AggregateException)
        {
            // The last word is a courtesy; the journal has it in any case.
            return null;
        }
    }

    // Write* throws once a pipeline is stopped; the host's own voice still works.
    private void SayWhereThingsStand(MaestroOperation? operation)
    {
        if (operation is not null) Host.UI?.WriteWarningLine(OperationWords.WhereItStands(operation));
    }
}
