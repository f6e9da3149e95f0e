using System.Management.Automation.Language;
using Maestro.PowerShell.Tests.Runspaces;

namespace Maestro.PowerShell.Tests.Help;

/// <summary>A fresh lab in which an example is typed, in a folder that looks like the repository's root.</summary>
internal sealed class ExampleLab : IDisposable
{
    /// <summary>Where examples begin: a group of four members, with a first policy.</summary>
    public const string Start = """
        Connect-Maestro -Lab | Out-Null
        (Get-Gateway -Unassigned -Site 1)[0..3] | New-SecurityGroup dmz | Out-Null
        Sync-Policy dmz -Path ./examples/web.nft | Out-Null
        """;

    private readonly TemporaryFolder _folder = new();
    private readonly ModuleRunspace _runspace = ModuleRunspace.Open();

    private ExampleLab()
    {
        CopyExamples(_folder.Path);
        _runspace.Run("$null = $ExecutionContext.SessionState.Path.SetLocation($args[0])", _folder.Path).MustSucceed();
        _runspace.Run(Start).MustSucceed();
        // As for a person, who would be asked; here nobody is, so an example that would ask fails.
        _runspace.Run("$ConfirmPreference = 'High'").MustSucceed();
        _runspace.Host.Clear();
    }

    public static ExampleLab Open() => new();

    /// <summary>Types one statement after another, as a person does: one that fails does not keep the next from being typed.</summary>
    public (IReadOnlyList<string> ErrorIds, string Shown) Type(string code)
    {
        _runspace.Host.Clear();
        var met = new List<string>();
        foreach (var statement in Parser.ParseInput(code, out _, out _).EndBlock.Statements) met.AddRange(_runspace.Show(statement.Extent.Text).ErrorIds);
        return ([.. met.Distinct()], _runspace.Host.Shown);
    }

    public void Dispose()
    {
        _runspace.Run("Get-MaestroSession | Disconnect-Maestro");
        _runspace.Dispose();
        _folder.Dispose();
    }

    private static void CopyExamples(string folder)
    {
        var source = Path.Combine(Golden.Repository, "examples");
        foreach (var file in Directory.GetFiles(source, "*.nft", SearchOption.AllDirectories).Concat(Directory.GetFiles(source, "*.json")))
        {
            var target = Path.Combine(folder, "examples", Path.GetRelativePath(source, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
    }
}
