using System.Management.Automation;
using System.Management.Automation.Runspaces;

// Runs one script file in an empty runspace and prints what it writes, one line an object. The script finds the
// module's manifest and further arguments in $args.
using var runspace = RunspaceFactory.CreateRunspace(InitialSessionState.CreateDefault2());
runspace.Open();
using var shell = PowerShell.Create(runspace);
shell.AddScript("$ErrorActionPreference = 'Stop'").Invoke();
shell.Commands.Clear();
shell.AddScript(File.ReadAllText(args[0]));
var manifest = Directory.GetFiles(AppContext.BaseDirectory, "Maestro.psd1", SearchOption.AllDirectories).Single();
shell.AddArgument(manifest);
foreach (var argument in args.Skip(1))
{
    shell.AddArgument(argument);
}

try
{
    foreach (var line in shell.Invoke())
    {
        Console.Out.WriteLine(line);
    }

    return 0;
}
catch (RuntimeException failure)
{
    Console.Error.WriteLine(failure.Message);
    Console.Error.WriteLine(failure.ErrorRecord.ScriptStackTrace);
    return 1;
}
