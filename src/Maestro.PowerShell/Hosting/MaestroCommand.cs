using System.Management.Automation;
using Maestro.Engine.Hosting;
using Maestro.Engine.Model.Errors;

namespace Maestro.PowerShell.Hosting;

/// <summary>What all cmdlets share: the token that Ctrl+C cancels, the pump, and one mapping of failures.</summary>
public abstract class MaestroCommand : PSCmdlet, IDisposable
{
    private readonly CancellationTokenSource _stop = new();

    private protected CancellationTokenSource StopSource => _stop;

    /// <summary>True for a cmdlet whose failure leaves nothing to go on with.</summary>
    private protected virtual bool FailureEndsTheCall => false;

    public void Dispose()
    {
        _stop.Dispose();
        GC.SuppressFinalize(this);
    }

    protected sealed override void BeginProcessing() => Guarded(Begin);

    protected sealed override void ProcessRecord() => Guarded(Process);

    protected sealed override void EndProcessing() => Guarded(End);

    // Only cancels: the pump goes on until the engine has come to rest.
    protected override void StopProcessing() => _stop.Cancel();

    private protected virtual void Begin()
    {
    }

    private protected virtual void Process()
    {
    }

    private protected virtual void End()
    {
    }

    /// <summary>Waits for the engine; the pipeline thread stays here.</summary>
    private protected T Await<T>(Func<CancellationToken, Task<T>> work) => Pumped(_ => work(_stop.Token));

    /// <summary>As <see cref="Await"/>, for work that has something to say. With -Debug it is also told what goes over the wire meanwhile.</summary>
    private protected T Pumped<T>(Func<Action<Action>, Task<T>> work, Action? idle = null)
    {
        var engines = Debugs ? Engines.ToList() : [];
        return Pump.Run(
            async enqueue =>
            {
                var ears = engines.ConvertAll(e => e.ListenToWire(line => enqueue(() => WriteDebug($"{e.Session}: {line}"))));
                try
                {
                    return await work(enqueue);
                }
                finally
                {
                    ears.ForEach(e => e.Dispose());
                }
            },
            _stop,
            SessionTable.Grace,
            idle);
    }

    /// <summary>Whose traffic -Debug shows.</summary>
    private protected virtual IEnumerable<EngineHost> Engines => SessionTable.Current.Sessions.Select(s => s.Engine);

    // WriteDebug knows that too, but lines are made for somebody only.
    private bool Debugs => MyInvocation.BoundParameters.TryGetValue("Debug", out var given)
        ? given is SwitchParameter { IsPresent: true }
        : LanguagePrimitives.TryConvertTo(GetVariableValue("DebugPreference"), out ActionPreference preference) && preference is not (ActionPreference.SilentlyContinue or ActionPreference.Ignore);

    /// <summary>Does something with each item: one that cannot be is its own error, and the rest go on.</summary>
    private protected void Each<T>(IEnumerable<T> items, Action<T> body)
    {
        foreach (var item in items)
        {
            if (_stop.IsCancellationRequested) return;
            try
            {
                body(item);
            }
            catch (MaestroException failure) when (!EndsTheCall(failure))
            {
                WriteFailure(failure);
            }
        }
    }

    private protected void WriteFailure(MaestroException failure, object? target = null) => WriteError(ErrorMapper.ToRecord(failure, target));

    // What is wrong with the call itself would be wrong for every further item, too.
    private bool EndsTheCall(MaestroException failure) =>
        FailureEndsTheCall
        || failure.Code == ErrorCatalogue.NotConnected
        || failure.Code == ErrorCatalogue.SessionReadOnly
        || failure.Code == ErrorCatalogue.ConfirmationRequired
        || failure.Code == ErrorCatalogue.ParameterInvalid;

    private void Guarded(Action body)
    {
        try
        {
            body();
        }
        catch (MaestroException failure)
        {
            if (EndsTheCall(failure)) ThrowTerminatingError(ErrorMapper.ToRecord(failure));
            WriteFailure(failure);
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // The pipeline is being stopped; there is nothing to report.
        }
    }
}
