using System.Collections.ObjectModel;
using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Host;
using System.Security;

namespace Maestro.PowerShell.Tests.Cmdlets;

/// <summary>A console in memory with somebody at it: keeps what is shown and what is asked, and answers as the test says (Yes when it says nothing).</summary>
internal sealed class ScriptedHost(string name = "Maestro.Tests") : PSHost
{
    private readonly Screen _screen = new();

    public override string Name => name;

    public override Version Version { get; } = new(1, 0);

    public override Guid InstanceId { get; } = Guid.NewGuid();

    public override CultureInfo CurrentCulture => CultureInfo.InvariantCulture;

    public override CultureInfo CurrentUICulture => CultureInfo.InvariantCulture;

    public override PSHostUserInterface UI => _screen;

    /// <summary>What is called for each question; answers the index of the choice, or throws as a closed prompt does.</summary>
    public Func<string, int> Answer
    {
        set => _screen.Answer = value;
    }

    public IReadOnlyList<string> Questions => _screen.Copy(_screen.Questions);

    public IReadOnlyList<string> Lines => _screen.Copy(_screen.Lines);

    public string Shown => string.Join('\n', Lines);

    /// <summary>Every progress record that was drawn; its type as it was then, for a record may be changed later.</summary>
    public IReadOnlyList<(long Source, ProgressRecord Record, ProgressRecordType Type)> Progress => _screen.Copy(_screen.Progress);

    /// <summary>Completes when a line or a progress record that contains the text is shown from now on.</summary>
    public Task ShowsAsync(string text) => _screen.ShowsAsync(text);

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

    private sealed class Screen : PSHostUserInterface
    {
        private readonly object _gate = new();
        private readonly List<(string Text, TaskCompletionSource Seen)> _waiting = [];

        public List<string> Lines { get; } = [];

        public List<string> Questions { get; } = [];

        public List<(long, ProgressRecord, ProgressRecordType)> Progress { get; } = [];

        public Func<string, int> Answer { get; set; } = _ => 0;

        public override PSHostRawUserInterface? RawUI => null;

        public IReadOnlyList<T> Copy<T>(List<T> list)
        {
            lock (_gate) return [.. list];
        }

        public Task ShowsAsync(string text)
        {
            var seen = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            lock (_gate) _waiting.Add((text, seen));
            return seen.Task;
        }

        public override void Write(string value) => See(value, keep: true);

        public override void Write(ConsoleColor foregroundColor, ConsoleColor backgroundColor, string value) => See(value, keep: true);

        public override void WriteLine(string value) => See(value, keep: true);

        public override void WriteErrorLine(string value) => See("ERROR: " + value, keep: true);

        public override void WriteDebugLine(string message) => See("DEBUG: " + message, keep: true);

        public override void WriteVerboseLine(string message) => See("VERBOSE: " + message, keep: true);

        public override void WriteWarningLine(string message) => See("WARNING: " + message, keep: true);

        public override void WriteProgress(long sourceId, ProgressRecord record)
        {
            lock (_gate) Progress.Add((sourceId, record, record.RecordType));
            See($"{record.Activity} {record.StatusDescription}", keep: false);
        }

        public override int PromptForChoice(string caption, string message, Collection<ChoiceDescription> choices, int defaultChoice)
        {
            lock (_gate) Questions.Add(message);
            return Answer(message);
        }

        public override string ReadLine() => throw new NotSupportedException();

        public override SecureString ReadLineAsSecureString() => throw new NotSupportedException();

        public override Dictionary<string, PSObject> Prompt(string caption, string message, Collection<FieldDescription> descriptions) =>
            throw new NotSupportedException("A parameter is missing: " + string.Join(", ", descriptions.Select(d => d.Name)));

        public override PSCredential PromptForCredential(string caption, string message, string userName, string targetName) => throw new NotSupportedException();

        public override PSCredential PromptForCredential(
            string caption, string message, string userName, string targetName, PSCredentialTypes allowedCredentialTypes, PSCredentialUIOptions options) => throw new NotSupportedException();

        private void See(string text, bool keep)
        {
            lock (_gate)
            {
                if (keep) Lines.Add(text);
                foreach (var (_, seen) in _waiting.Where(w => text.Contains(w.Text, StringComparison.Ordinal))) seen.TrySetResult();
                _waiting.RemoveAll(w => w.Seen.Task.IsCompleted);
            }
        }
    }
}
