using System.Management.Automation;
using System.Management.Automation.Host;
using System.Management.Automation.Internal;
using Spectre.Console;

namespace Maestro.Shell.Host;

/// <summary>Writes to the console. Errors go to standard error, everything else to standard output, as in pwsh.</summary>
internal sealed partial class ShellUserInterface : PSHostUserInterface
{
    private const string Red = "31";
    private const string Yellow = "33";
    private const string Cyan = "36";
    private const string Grey = "90";

    private readonly ConsoleCapabilities capabilities;
    private readonly IAnsiConsole console;
    private readonly IAnsiConsole errorConsole;
    private readonly ProgressPane progress;
    private readonly object writing = new();
    private CancellationTokenSource? stopping;

    public ShellUserInterface(ConsoleCapabilities capabilities)
    {
        this.capabilities = capabilities;
        console = Open(Console.Out, capabilities.ShowsColour);
        errorConsole = Open(Console.Error, capabilities.ShowsErrorColour);
        progress = new ProgressPane(console);
    }

    public override PSHostRawUserInterface RawUI { get; } = new ShellRawUserInterface();

    public override bool SupportsVirtualTerminal => capabilities.ShowsColour;

    public CancellationTokenSource BeginPipeline() => stopping = new CancellationTokenSource();

    public void EndPipeline()
    {
        stopping = null;
        lock (writing)
        {
            progress.Forget();
        }
    }

    public void StopPrompts() => stopping?.Cancel();

    public override void Write(string value) => Print(Console.Out, value);

    public override void Write(ConsoleColor foregroundColor, ConsoleColor backgroundColor, string value)
    {
        if (!capabilities.ShowsColour)
        {
            Write(value);
            return;
        }

        lock (writing)
        {
            progress.Clear();
            console.Write(new Text(value, new Style(Color.FromConsoleColor(foregroundColor), Color.FromConsoleColor(backgroundColor))));
        }
    }

    public override void WriteLine(string value) => Print(Console.Out, value + Environment.NewLine);

    public override void WriteErrorLine(string value) => Print(Console.Error, Coloured(errorConsole, Red, value));

    public override void WriteWarningLine(string message) => Print(Console.Out, Coloured(console, Yellow, $"WARNING: {message}"));

    public override void WriteVerboseLine(string message) => Print(Console.Out, Coloured(console, Cyan, $"VERBOSE: {message}"));

    public override void WriteDebugLine(string message) => Print(Console.Out, Coloured(console, Grey, $"DEBUG: {message}"));

    public override void WriteProgress(long sourceId, ProgressRecord record)
    {
        if (capabilities.ShowsProgress)
        {
            lock (writing)
            {
                progress.Show(sourceId, record);
            }
        }
    }

    private static IAnsiConsole Open(TextWriter writer, bool colour) => AnsiConsole.Create(new AnsiConsoleSettings
    {
        Out = new AnsiConsoleOutput(writer),
        Ansi = colour ? AnsiSupport.Detect : AnsiSupport.No,
        ColorSystem = colour ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
    });

    /// <summary>What PowerShell formats carries colour whatever it was told: table headers do.</summary>
    private void Print(TextWriter writer, string text)
    {
        if (!(writer == Console.Error ? capabilities.ShowsErrorColour : capabilities.ShowsColour))
        {
            text = new StringDecorated(text).ToString(OutputRendering.PlainText);
        }

        lock (writing)
        {
            progress.Clear();
            writer.Write(text);
            writer.Flush();
        }
    }

    /// <summary>By hand and not through the console's markup, which would wrap a long line in its middle.</summary>
    private static string Coloured(IAnsiConsole target, string colour, string text) =>
        (target.Profile.Capabilities.Ansi ? $"\e[{colour}m{text}\e[0m" : text) + Environment.NewLine;
}
