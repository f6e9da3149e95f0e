using System.Management.Automation;
using Shell = System.Management.Automation.PowerShell;

namespace Maestro.PowerShell.Tests.Cmdlets;

/// <summary>A script under way, which a test may stop as Ctrl+C does.</summary>
internal sealed class RunningScript : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly Shell _shell;
    private readonly ScriptedHost _host;

    public RunningScript(Shell shell, ScriptedHost host)
    {
        _shell = shell;
        _host = host;
        Completion = RunAsync();
    }

    public Task<Outcome> Completion { get; }

    /// <summary>Waits until something that is shown, progress included, contains the text.</summary>
    public async Task ShowsAsync(string text)
    {
        var shown = _host.ShowsAsync(text);
        var first = await Task.WhenAny(shown, Completion).WaitAsync(Patience);
        if (first != shown) Assert.Fail($"The script ended and never showed '{text}': {string.Join('\n', (await Completion).Errors)}\n{_host.Shown}");
    }

    /// <summary>Ctrl+C; answers once the pipeline has ended.</summary>
    public async Task<Outcome> StopAsync()
    {
        await _shell.StopAsync(null, null);
        return await Completion.WaitAsync(Patience);
    }

    public void Dispose() => _shell.Dispose();

    private async Task<Outcome> RunAsync()
    {
        var output = new PSDataCollection<PSObject>();
        ErrorRecord? ended = null;
        try
        {
            await _shell.InvokeAsync<PSObject, PSObject>(null, output);
        }
        catch (PipelineStoppedException)
        {
            // Stopped by the test.
        }
        catch (RuntimeException failure)
        {
            ended = failure.ErrorRecord;
        }

        var streams = _shell.Streams;
        List<ErrorRecord> errors = [.. streams.Error];
        if (ended is not null && errors.All(e => e.Exception != ended.Exception)) errors.Add(ended);
        return new Outcome(
            [.. output.Where(o => o is not null)],
            errors,
            [.. streams.Warning.Select(w => w.Message)],
            [.. streams.Verbose.Select(v => v.Message)],
            [.. streams.Debug.Select(v => v.Message)],
            [.. streams.Information.Select(i => i.MessageData.ToString()!)],
            [.. streams.Progress],
            ended,
            _shell.InvocationStateInfo.State);
    }
}
