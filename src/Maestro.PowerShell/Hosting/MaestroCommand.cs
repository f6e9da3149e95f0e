using System.Management.Automation;
using Maestro.Engine.Model.Errors;

namespace Maestro.PowerShell.Hosting;

/// <summary>What all cmdlets share: the token that Ctrl+C cancels, the pump, and one mapping of failures.</summary>
public abstract class MaestroCommand : PSCmdlet, IDisposable
{
    private readonly CancellationTokenSource _stop = new();

    private protected CancellationTokenSource StopSource => _stop;

    public void Dispose()
    {
        _stop.Dispose();
        GC.SuppressFinalize(this);
    }

    protected sealed override void BeginProcessing() => Guarded(Begin, terminating: true);

    protected sealed override void ProcessRecord() => Guarded(Process, terminating: false);

    protected sealed override void EndProcessing() => Guarded(End, terminating: true);

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
    private protected T Await<T>(Func<CancellationToken, Task<T>> work) => Pump.Run(_ => work(_stop.Token), _stop, SessionTable.Grace);

    private protected void WriteFailure(MaestroException failure, object? target = null) => WriteError(ErrorMapper.ToRecord(failure, target));

    private void Guarded(Action body, bool terminating)
    {
        try
        {
            body();
        }
        catch (MaestroException failure) when (terminating || failure.Code == ErrorCatalogue.NotConnected || failure.Code == ErrorCatalogue.ConfirmationRequired || failure.Code == ErrorCatalogue.ParameterInvalid)
        {
            ThrowTerminatingError(ErrorMapper.ToRecord(failure));
        }
        catch (MaestroException failure)
        {
            WriteFailure(failure);
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // The pipeline is being stopped; there is nothing to report.
        }
    }
}
