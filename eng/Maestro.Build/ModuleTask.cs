namespace Maestro.Build;

/// <summary>Puts a module that can be imported into out/Maestro/&lt;version&gt;.</summary>
internal static class ModuleTask
{
    public static string Directory => Repository.Path($"out/Maestro/{Repository.Version}/");

    public static int Run()
    {
        if (System.IO.Directory.Exists(Directory))
        {
            System.IO.Directory.Delete(Directory, recursive: true);
        }

        var exitCode = DotNet.Run(
            ["msbuild", Repository.Path("src/Maestro.PowerShell"), "-restore", "-nologo", "-v:quiet", "-p:Configuration=Release", $"-p:ModuleDirectory={Directory}"]);
        if (exitCode == 0)
        {
            Console.WriteLine($"Import-Module {Directory}Maestro.psd1");
        }

        return exitCode;
    }
}
