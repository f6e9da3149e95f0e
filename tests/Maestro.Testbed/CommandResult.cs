namespace Maestro.Testbeds;

/// <summary>How a separate process ended.</summary>
/// <param name="ExitCode">Its exit code; ssh answers 255 for a failure of its own.</param>
/// <param name="Output">Its standard output.</param>
/// <param name="Error">Its standard error.</param>
public sealed record CommandResult(int ExitCode, string Output, string Error)
{
    /// <summary>This result, if the exit code is 0.</summary>
    /// <exception cref="TestbedException">It is not; the message holds what the process wrote.</exception>
    public CommandResult EnsureSuccess() => ExitCode == 0 ? this : throw new TestbedException($"The command ended with {ExitCode}.\n{Output}\n{Error}");
}
