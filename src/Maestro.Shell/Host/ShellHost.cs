using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Host;

namespace Maestro.Shell.Host;

/// <summary>What PowerShell knows of the program that it runs in.</summary>
internal sealed class ShellHost : PSHost
{
    private readonly ShellUserInterface userInterface;

    public ShellHost(ConsoleCapabilities capabilities) => userInterface = new ShellUserInterface(capabilities);

    public override CultureInfo CurrentCulture { get; } = CultureInfo.CurrentCulture;

    public override CultureInfo CurrentUICulture { get; } = CultureInfo.CurrentUICulture;

    public override Guid InstanceId { get; } = Guid.NewGuid();

    public override string Name => "Maestro.Shell";

    public override PSHostUserInterface UI => userInterface;

    public override Version Version { get; } = typeof(ShellHost).Assembly.GetName().Version!;

    /// <summary>The argument of an <c>exit</c> that left the outermost script.</summary>
    public int? RequestedExitCode { get; private set; }

    public void ShowError(ErrorRecord error, Exception? failure = null) => userInterface.WriteErrorLine(ErrorText.Compose(error, failure).TrimEnd());

    /// <summary>From here until the result is disposed, a stop also ends a prompt that waits for a key.</summary>
    public IDisposable BeginPipeline() => userInterface.BeginPipeline();

    /// <summary>Takes away what a pipeline may have left on the screen.</summary>
    public void EndPipeline() => userInterface.EndPipeline();

    public void StopPrompts() => userInterface.StopPrompts();

    public override void SetShouldExit(int exitCode) => RequestedExitCode = exitCode;

    public override void EnterNestedPrompt() =>
        throw new PSNotSupportedException("This shell has no nested prompt.");

    public override void ExitNestedPrompt() =>
        throw new PSNotSupportedException("This shell has no nested prompt.");

    public override void NotifyBeginApplication()
    {
    }

    public override void NotifyEndApplication()
    {
    }
}
