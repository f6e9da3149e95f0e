using System.Runtime.InteropServices;

namespace Maestro.Shell;

/// <summary>Ctrl+C and the orderly kill signals: each asks the running pipeline to stop; pressed again, Ctrl+C ends the process.</summary>
internal sealed class StopSignals : IDisposable
{
    private const int SignalBase = 128;

    private readonly List<PosixSignalRegistration> registrations = [];
    private readonly Action stop;
    private int exitCode;

    /// <param name="stop">Starts the stopping and returns at once.</param>
    public StopSignals(Action stop)
    {
        this.stop = stop;
        Listen(PosixSignal.SIGINT, 2);
        Listen(PosixSignal.SIGTERM, 15);
        Listen(PosixSignal.SIGHUP, 1);
    }

    /// <summary>The exit code that says which signal came, or null when none did.</summary>
    public int? ExitCode => Volatile.Read(ref exitCode) is var code and not 0 ? code : null;

    /// <summary>Forgets a signal that has been answered, so that the next one counts as the first.</summary>
    public void Forget() => Volatile.Write(ref exitCode, 0);

    public void Dispose() => registrations.ForEach(registration => registration.Dispose());

    private void Listen(PosixSignal signal, int number) =>
        registrations.Add(PosixSignalRegistration.Create(signal, context =>
        {
            if (Interlocked.CompareExchange(ref exitCode, SignalBase + number, 0) == 0)
            {
                context.Cancel = true;
                stop();
            }
        }));
}
