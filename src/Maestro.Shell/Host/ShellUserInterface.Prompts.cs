using System.Collections.ObjectModel;
using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Host;
using System.Security;
using Spectre.Console;

namespace Maestro.Shell.Host;

/// <summary>Asks the person at the terminal; where there is none, asking is an error.</summary>
internal sealed partial class ShellUserInterface
{
    public override string ReadLine() => ReadText("input", string.Empty);

    public override SecureString ReadLineAsSecureString() => ReadSecret("secret", string.Empty);

    public override Dictionary<string, PSObject> Prompt(string caption, string message, Collection<FieldDescription> descriptions)
    {
        RefuseUnlessAnswerable(string.Join(", ", descriptions.Select(field => field.Name)));
        Announce(caption, message);
        return descriptions.ToDictionary(field => field.Name, Ask);
    }

    public override PSCredential PromptForCredential(string caption, string message, string userName, string targetName) =>
        PromptForCredential(caption, message, userName, targetName, PSCredentialTypes.Default, PSCredentialUIOptions.Default);

    public override PSCredential PromptForCredential(
        string caption, string message, string userName, string targetName, PSCredentialTypes allowedCredentialTypes, PSCredentialUIOptions options)
    {
        RefuseUnlessAnswerable("a credential");
        Announce(caption, message);
        var user = string.IsNullOrEmpty(userName) ? ReadText("user name", "User: ") : userName;
        return new PSCredential(user, ReadSecret($"password of {user}", $"Password of {user}: "));
    }

    public override int PromptForChoice(string caption, string message, Collection<ChoiceDescription> choices, int defaultChoice)
    {
        RefuseUnlessAnswerable(string.Join(' ', new[] { caption, message }.Where(text => !string.IsNullOrEmpty(text))));
        Announce(caption, message);
        var offered = choices.Select(choice => new OfferedChoice(choice)).ToArray();
        var line = string.Join("  ", offered.Select(choice => choice.ToString()))
            + (defaultChoice >= 0 ? $"  [?] Help (default is \"{offered[defaultChoice].Key}\"): " : "  [?] Help: ");
        while (true)
        {
            var answer = ReadText("choice", line).Trim();
            if (answer.Length == 0 && defaultChoice >= 0)
            {
                return defaultChoice;
            }

            if (Array.FindIndex(offered, choice => choice.Matches(answer)) is var chosen and >= 0)
            {
                return chosen;
            }

            foreach (var choice in offered.Where(_ => answer == "?"))
            {
                WriteLine($"{choice.Key} - {choice.Help}");
            }
        }
    }

    private PSObject Ask(FieldDescription field) => PSObject.AsPSObject(field.ParameterTypeFullName switch
    {
        "System.Security.SecureString" => ReadSecret(field.Name, $"{field.Name}: "),
        "System.Management.Automation.PSCredential" => PromptForCredential(string.Empty, string.Empty, string.Empty, string.Empty),
        var type when type.EndsWith("[]", StringComparison.Ordinal) => AskForMany(field),
        _ => ReadText(field.Name, $"{field.Name}: "),
    });

    /// <summary>One value a line, ended by an empty one, as PowerShell does.</summary>
    private string[] AskForMany(FieldDescription field)
    {
        var values = new List<string>();
        while (ReadText(field.Name, string.Create(CultureInfo.InvariantCulture, $"{field.Name}[{values.Count}]: ")) is { Length: > 0 } value)
        {
            values.Add(value);
        }

        return [.. values];
    }

    private void Announce(string? caption, string? message)
    {
        foreach (var text in new[] { caption, message }.Where(text => !string.IsNullOrEmpty(text)))
        {
            WriteLine(text!);
        }
    }

    private string ReadText(string what, string label) =>
        Answer(what, token => new TextPrompt<string>(Markup.Escape(label)).AllowEmpty().ShowAsync(console, token));

    /// <summary>Key by key into the protected string: no plain copy is left in memory.</summary>
    private SecureString ReadSecret(string what, string label) => Answer(what, async token =>
    {
        console.Write(label);
        var secret = new SecureString();
        while (await console.Input.ReadKeyAsync(intercept: true, token) is { } key && key.Key != ConsoleKey.Enter)
        {
            if (key.Key == ConsoleKey.Backspace && secret.Length > 0)
            {
                secret.RemoveAt(secret.Length - 1);
                console.Write("\b \b");
            }
            else if (!char.IsControl(key.KeyChar))
            {
                secret.AppendChar(key.KeyChar);
                console.Write("*");
            }
        }

        console.WriteLine();
        secret.MakeReadOnly();
        return secret;
    });

    private T Answer<T>(string what, Func<CancellationToken, Task<T>> read)
    {
        RefuseUnlessAnswerable(what);
        lock (writing)
        {
            progress.Clear();
        }

        try
        {
            return read(stopping?.Token ?? CancellationToken.None).GetAwaiter().GetResult();
        }
        catch (OperationCanceledException)
        {
            throw new PipelineStoppedException();
        }
    }

    private void RefuseUnlessAnswerable(string what)
    {
        if (!capabilities.AnswersPrompts)
        {
            throw new HostException(
                $"Nobody can be asked for {what}: the input is no terminal, or -NonInteractive was given. Pass the value as a parameter.",
                null, "Maestro.PromptUnanswerable", ErrorCategory.InvalidOperation);
        }
    }

    /// <summary>A choice whose label marks its key by an ampersand: <c>&amp;Yes</c>.</summary>
    private sealed class OfferedChoice(ChoiceDescription choice)
    {
        private readonly string label = choice.Label.Replace("&", string.Empty, StringComparison.Ordinal);

        public string Key { get; } = choice.Label.IndexOf('&', StringComparison.Ordinal) is var mark and >= 0 && mark + 1 < choice.Label.Length
            ? choice.Label[mark + 1].ToString().ToUpperInvariant()
            : choice.Label;

        public string Help { get; } = choice.HelpMessage;

        public bool Matches(string answer) =>
            string.Equals(answer, Key, StringComparison.OrdinalIgnoreCase) || string.Equals(answer, label, StringComparison.OrdinalIgnoreCase);

        public override string ToString() => $"[{Key}] {label}";
    }
}
