using System.Management.Automation;
using Maestro.Engine.Model.Errors;
using Maestro.Engine.Model.Operations;
using Maestro.Engine.Operations.Plans;
using Maestro.Engine.Operations.Running;
using Maestro.PowerShell.Binding;

namespace Maestro.PowerShell.Hosting;

/// <summary>Cmdlets that change something: what they share of parameters, the asking, and the running of one operation.</summary>
public abstract class OperationCommand : SessionCommand
{
    // A field of an engine's value type would make the runtime look for the engine while PowerShell still reads this assembly's types,
    // before the module could say where the engine lies. So it is kept as a number.
    private int _onUnfinished = (int)UnfinishedPolicy.Settle;

    /// <summary>Bounds the whole run; reached, the operation is paused. Default: Linux 5 minutes, lab 45 minutes of its own time.</summary>
    [Parameter]
    [Duration]
    public TimeSpan? Timeout { get; set; }

    /// <summary>Your words for the journal: a change number, a commit's subject.</summary>
    [Parameter]
    public string Message { get; set; } = "";

    /// <summary>Safety checks to waive, by name; the journal says so.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(SkipCheckCompleter))]
    public string[] SkipCheck { get; set; } = [];

    /// <summary>What to do with an unfinished operation found on the group: settle it first, or refuse.</summary>
    [Parameter]
    [PSDefaultValue(Value = UnfinishedPolicy.Settle)]
    public UnfinishedPolicy OnUnfinished
    {
        get => (UnfinishedPolicy)_onUnfinished;
        set => _onUnfinished = (int)value;
    }

    /// <summary>Returns at once with the operation; the work goes on in this session.</summary>
    [Parameter]
    public SwitchParameter NoWait { get; set; }

    private protected virtual bool ForceGiven => false;

    private protected ConfirmImpact Impact => ((CmdletAttribute)Attribute.GetCustomAttribute(GetType(), typeof(CmdletAttribute))!).ConfirmImpact;

    private protected RunOptions Options => new()
    {
        Timeout = Timeout,
        Message = Message,
        SkipChecks = SkipCheck,
        OnUnfinished = OnUnfinished,
        Source = MyInvocation.MyCommand.Name,
    };

    /// <summary>Asks for one subject, in the plan's own words.</summary>
    private protected bool Ask(OpenSession session, string target, string action)
    {
        if (session.Engine.ReadOnly) throw new MaestroException(ErrorCatalogue.SessionReadOnly, $"Session '{session.Name}' was opened with -ReadOnly. Nothing was sent.", session.Name);
        var full = SessionTable.Current.Sessions.Count > 1 ? $"{target} on '{session.Name}'" : target;
        Confirmation.RequireSomebody(this, Impact, ForceGiven, full);
        // -Force answers the confirmation and nothing else: it loses against -WhatIf and an explicit -Confirm.
        return (ForceGiven && !Confirmation.WhatIf(this) && !Confirmation.Explicit(this)) || ShouldProcess(full, action);
    }

    /// <summary>Runs one change to its rest and says what there is to say. Null when it was begun with -NoWait or could not be begun.</summary>
    private protected OperationResult? Run(OpenSession session, ChangeRequest request) =>
        Run(session, request.SecurityGroup, options => session.Engine.StartAsync(request, options));

    private protected OperationResult? Run(OpenSession session, string target, Func<RunOptions, Task<OperationHandle>> start)
    {
        var feed = new ProgressFeed(this);
        var operationId = "";
        try
        {
            var (handle, result) = Pump.Run(
                async enqueue =>
                {
                    // What -NoWait leaves running outlives this cmdlet, so it is not tied to its token and says nothing more here.
                    var options = NoWait ? Options : Options with { Rest = StopSource.Token, Events = e => enqueue(() => feed.Show(e)) };
                    var started = await start(options);
                    operationId = started.OperationId;
                    return (started, NoWait ? null : await started.Completion);
                },
                StopSource,
                SessionTable.Grace);
            if (result is null)
            {
                if (handle.OperationId.Length > 0) WriteObject(Await(_ => session.Engine.GetOperationAsync(handle.OperationId)));
                return null;
            }

            feed.Complete();
            if (StopSource.IsCancellationRequested) SayWhereThingsStand(result.Operation);
            else if (result.Failure is { } failure) WriteFailure(failure, target.Length > 0 ? target : null);
            return result;
        }
        catch (MaestroException failure)
        {
            WriteFailure(failure, failure.Target ?? target);
            return null;
        }
        catch (Exception stopped) when (stopped is not OperationCanceledException)
        {
            if (operationId.Length > 0) SayWhereThingsStand(ReadAfterStop(session, operationId));
            throw;
        }
    }

    private static MaestroOperation? ReadAfterStop(OpenSession session, string operationId)
    {
        try
        {
            return Task.Run(() => session.Engine.GetOperationAsync(operationId)).GetAwaiter().GetResult();
        }
        catch (MaestroException)
        {
            return null;
        }
    }

    // Write* throws once a pipeline is stopped; the host's own voice still works.
    private void SayWhereThingsStand(MaestroOperation? operation)
    {
        if (operation is null) return;
        var how = operation.State == OperationState.Paused ? $" Resume-MaestroOperation {operation.Id} goes on." : "";
        Host.UI?.WriteWarningLine($"{operation.Kind} {operation.Id} is {operation.State}{(operation.Reason.Length > 0 ? ": " + operation.Reason : "")}.{how}");
    }
}
