using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Host;
using System.Management.Automation.Internal;
using System.Security;
using System.Text;

namespace Maestro.PowerShell.Tests.Runspaces;

/// <summary>A console in memory: what is shown to a person, and nothing else.</summary>
internal sealed class RenderingHost(int width, bool showsColour = false) : PSHost
{
    private readonly Screen _screen = new(width, showsColour);

    /// <summary>All that was shown so far; without colours unless the console shows them, and without blanks at line ends.</summary>
    public string Shown => string.Join('\n', _screen.Text.ToString().ReplaceLineEndings("\n").Split('\n').Select(line => line.TrimEnd(' ')));

    public override CultureInfo CurrentCulture => CultureInfo.CurrentCulture;

    public override CultureInfo CurrentUICulture => CultureInfo.InvariantCulture;

    public override Guid InstanceId { get; } = Guid.NewGuid();

    public override string Name => "Maestro.Tests";

    public override PSHostUserInterface UI => _screen;

    public override Version Version { get; } = new(1, 0);

    public void Clear() => _screen.Text.Clear();

    public override void EnterNestedPrompt() => throw new NotSupportedException();

    public override void ExitNestedPrompt() => throw new NotSupportedException();

    public override void NotifyBeginApplication()
    {
    }

    public override void NotifyEndApplication()
    {
    }

    public override void SetShouldExit(int exitCode)
    {
    }

    private sealed class Screen(int width, bool showsColour) : PSHostUserInterface
    {
        public StringBuilder Text { get; } = new();

        public override PSHostRawUserInterface RawUI { get; } = new Size(width);

        public override bool SupportsVirtualTerminal => showsColour;

        public override void Write(string value) => Text.Append(showsColour ? value : new StringDecorated(value).ToString(OutputRendering.PlainText));

        public override void Write(ConsoleColor foregroundColor, ConsoleColor backgroundColor, string value) => Write(value);

        public override void WriteLine(string value) => Write(value + "\n");

        public override void WriteErrorLine(string value) => WriteLine(value);

        public override void WriteDebugLine(string message) => WriteLine("DEBUG: " + message);

        public override void WriteVerboseLine(string message) => WriteLine("VERBOSE: " + message);

        public override void WriteWarningLine(string message) => WriteLine("WARNING: " + message);

        public override void WriteProgress(long sourceId, ProgressRecord record)
        {
        }

        public override string ReadLine() => throw Unasked();

        public override SecureString ReadLineAsSecureString() => throw Unasked();

        public override Dictionary<string, PSObject> Prompt(string caption, string message, System.Collections.ObjectModel.Collection<FieldDescription> descriptions) => throw Unasked();

        public override int PromptForChoice(string caption, string message, System.Collections.ObjectModel.Collection<ChoiceDescription> choices, int defaultChoice) => throw Unasked();

        public override PSCredential PromptForCredential(string caption, string message, string userName, string targetName) => throw Unasked();

        public override PSCredential PromptForCredential(
            string caption, string message, string userName, string targetName, PSCredentialTypes allowedCredentialTypes, PSCredentialUIOptions options) => throw Unasked();

        private static NotSupportedException Unasked() => new("Nobody is there to be asked.");
    }

    private sealed class Size(int width) : PSHostRawUserInterface
    {
        public override ConsoleColor BackgroundColor { get; set; }

        public override System.Management.Automation.Host.Size BufferSize { get; set; } = new(width, 1000);

        public override Coordinates CursorPosition { get; set; }

        public override int CursorSize { get; set; }

        public override ConsoleColor ForegroundColor { get; set; }

        public override bool KeyAvailable => false;

        public override System.Management.Automation.Host.Size MaxPhysicalWindowSize => BufferSize;

        public override System.Management.Automation.Host.Size MaxWindowSize => BufferSize;

        public override Coordinates WindowPosition { get; set; }

        public override System.Management.Automation.Host.Size WindowSize { get; set; } = new(width, 50);

        public override string WindowTitle { get; set; } = "";

        public override void FlushInputBuffer()
        {
        }

        public override BufferCell[,] GetBufferContents(Rectangle rectangle) => throw new NotSupportedException();

        public override KeyInfo ReadKey(ReadKeyOptions options) => throw new NotSupportedException();

        public override void ScrollBufferContents(Rectangle source, Coordinates destination, Rectangle clip, BufferCell fill)
        {
        }

        public override void SetBufferContents(Coordinates origin, BufferCell[,] contents)
        {
        }

        public override void SetBufferContents(Rectangle rectangle, BufferCell fill)
        {
        }
    }
}
