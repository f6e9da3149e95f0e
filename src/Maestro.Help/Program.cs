using System.Text;
using Maestro.Help;

// Maestro.Help <docs> <output>: makes Maestro.PowerShell.dll-Help.xml of docs/cmdlets/*.md and about_*.help.txt of docs/about/*.md.
// A fault of a page is printed as MSBuild reads errors.
if (args.Length != 2)
{
    Console.Error.WriteLine("usage: Maestro.Help <docs> <output>");
    return 64;
}

try
{
    Directory.CreateDirectory(args[1]);
    var pages = Directory.GetFiles(Path.Combine(args[0], "cmdlets"), "*.md").Order(StringComparer.Ordinal).Select(CmdletPage.Read);
    MamlWriter.Write([.. pages], Path.Combine(args[1], "Maestro.PowerShell.dll-Help.xml"));
    foreach (var path in Directory.GetFiles(Path.Combine(args[0], "about"), "about_*.md"))
    {
        // With a byte order mark, or Windows PowerShell reads it in the machine's own code page.
        File.WriteAllText(Path.Combine(args[1], Path.GetFileNameWithoutExtension(path) + ".help.txt"), AboutPage.ToText(path), new UTF8Encoding(encoderShouldEmitUTF8Identifier: true));
    }

    return 0;
}
catch (PageException fault)
{
    Console.Error.WriteLine(fault.Message);
    return 1;
}
