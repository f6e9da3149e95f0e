using System.Text;
using Maestro.Shell;

const int usageError = 64;
Console.OutputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);

var request = ShellRequest.Parse(args);
if (request is ShellRequest.RunScript { Path: var script } && !File.Exists(script))
{
    request = new ShellRequest.ShowUsage($"There is no script {script}.");
}

if (request is ShellRequest.ShowUsage usage)
{
    (usage.Problem is null ? Console.Out : Console.Error).WriteLine($"{usage.Problem}\n{Wording.Usage}".TrimStart());
    return usage.Problem is null ? 0 : usageError;
}

using var session = ShellSession.Open(ConsoleCapabilities.Detect(request.NonInteractive));
if (!request.NoModule && session.Run("Import-Module Maestro -ErrorAction Stop") is var failed and not 0)
{
    return failed;
}

return request switch
{
    ShellRequest.RunScript run => session.Run(ScriptCall.Compose(Path.GetFullPath(run.Path), run.Arguments)),
    ShellRequest.RunCommand run => session.Run(run.Text),
    _ when Console.IsInputRedirected => session.Run(Console.In.ReadToEnd()),
    _ => new Conversation(session).Run(),
};
