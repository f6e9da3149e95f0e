namespace Maestro.Shell.Editing;

/// <summary>Keys as they are pressed, Ctrl+C among them, for as long as a line is being edited.</summary>
internal sealed class RawKeys : IDisposable
{
    private readonly bool before = Console.TreatControlCAsInput;

    public RawKeys() => Console.TreatControlCAsInput = true;

    public ConsoleKeyInfo Read() => Console.ReadKey(intercept: true);

    public void Dispose() => Console.TreatControlCAsInput = before;
}
