using System.Management.Automation;
using System.Management.Automation.Runspaces;
using Maestro.Shell.Host;

namespace Maestro.Shell;

/// <summary>One runspace with the module in it, and one pipeline at a time.</summary>
internal sealed class ShellSession : IDisposable
{
    public const int UncaughtError = 1;

    private readonly ShellHost host;
    private readonly Runspace runspace;
    private readonly StopSignals signals;
    private volatile PowerShell? running;

    private ShellSession(ConsoleCapabilities capabilities)
    {
        host = new ShellHost(capabilities);
        PSStyle.Instance.OutputRendering = capabilities.ShowsColour ? OutputRendering.Host : OutputRendering.PlainText;
        var state = InitialSessionState.CreateDefault2();
        if (OperatingSystem.IsWindows())
        {
            state.ExecutionPolicy = Microsoft.PowerShell.ExecutionPolicy.RemoteSigned;
        }

        runspace = RunspaceFactory.CreateRunspace(host, state);
        runspace.Open();
        Runspace.DefaultRunspace = runspace;
        signals = new StopSignals(Stop);
    }

    /// <summary>The exit code that a script or a person asked for with <c>exit</c>; null while nobody did.</summary>
    public int? RequestedExitCode => host.RequestedExitCode;

    public static ShellSession Open(ConsoleCapabilities capabilities)
    {
        var modules = Path.Combine(AppContext.BaseDirectory, "Modules");
        var others = Environment.GetEnvironmentVariable("PSModulePath");
        Environment.SetEnvironmentVariable("PSModulePath", string.IsNullOrEmpty(others) ? modules : modules + Path.PathSeparator + others);
        return new ShellSession(capabilities);
    }

    /// <summary>Runs a text to its end or to its stop, shows what it writes, and answers with the exit code.</summary>
    public int Run(string text, bool addToHistory = false)
    {
        using var pipeline = PowerShell.Create(runspace);
        pipeline.AddScript(text, useLocalScope: false).AddCommand("Out-Default");
        pipeline.Streams.Error.DataAdded += (_, added) => host.ShowError(pipeline.Streams.Error[added.Index]);
        using var stopping = host.BeginPipeline();
        running = pipeline;
        try
        {
            if (signals.ExitCode is null)
            {
                pipeline.Invoke(null, new PSInvocationSettings { AddToHistory = addToHistory });
            }
        }
        catch (PipelineStoppedException) when (signals.ExitCode is not null)
        {
            return signals.ExitCode.Value;
        }
        catch (RuntimeException failure)
        {
            host.ShowError(failure.ErrorRecord, failure);
            return UncaughtError;
        }
        finally
        {
            running = null;
            host.EndPipeline();
        }

        return signals.ExitCode ?? host.RequestedExitCode ?? 0;
    }

    /// <summary>Goes on after a stop, as an interactive shell does.</summary>
    public void ForgetStop() => signals.Forget();

    /// <summary>The text that stands before the next line.</summary>
    public string Prompt()
    {
        using var pipeline = PowerShell.Create(runspace);
        return string.Concat(pipeline.AddCommand("prompt").Invoke().Select(part => part?.ToString()));
    }

    public CommandCompletion Complete(string text, int cursor)
    {
        using var pipeline = PowerShell.Create(runspace);
        return CommandCompletion.CompleteInput(text, cursor, null, pipeline);
    }

    /// <summary>Closing the runspace brings the module's running work to rest before it returns.</summary>
    public void Dispose()
    {
        runspace.Dispose();
        signals.Dispose();
    }

    private void Stop()
    {
        host.StopPrompts();
        running?.BeginStop(null, null);
    }
}
