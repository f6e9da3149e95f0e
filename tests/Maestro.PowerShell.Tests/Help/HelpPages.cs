using System.Text;
using System.Text.RegularExpressions;
using Maestro.Help;
using Maestro.PowerShell.Tests.Runspaces;

namespace Maestro.PowerShell.Tests.Help;

/// <summary>The pages of docs/ and the cmdlets that they are about.</summary>
internal static partial class HelpPages
{
    private static readonly Lazy<IReadOnlyList<CmdletShape>> AllShapes = new(() =>
    {
        using var runspace = ModuleRunspace.Open();
        return [.. runspace.Run("Get-Command -Module Maestro -CommandType Cmdlet").MustSucceed().Output.Select(c => new CmdletShape((CmdletInfo)c.BaseObject))];
    });

    private static readonly Lazy<IReadOnlyList<CmdletPage>> AllPages = new(() => [.. Files("cmdlets").Select(CmdletPage.Read)]);

    public static string Docs { get; } = Path.Combine(Golden.Repository, "docs");

    public static IReadOnlyList<CmdletShape> Shapes => AllShapes.Value;

    public static IReadOnlyList<CmdletPage> Pages => AllPages.Value;

    public static CmdletPage PageOf(string cmdlet) => Pages.Single(p => p.Name == cmdlet);

    public static IEnumerable<string> Files(string folder) => Directory.GetFiles(Path.Combine(Docs, folder), "*.md").Order(StringComparer.Ordinal);

    /// <summary>Ids that a text names: <c>Maestro.CapacityGuard</c>. Types and files that begin alike are none.</summary>
    public static IReadOnlyList<string> ErrorIdsIn(string text) => [.. ErrorId().Matches(text).Select(m => m.Groups[1].Value).Distinct()];

    /// <summary>Writes SYNTAX and the parameters' blocks of a page anew; what people wrote stays.</summary>
    public static void Rewrite(CmdletShape shape)
    {
        var path = Path.Combine(Docs, "cmdlets", shape.Name + ".md");
        var page = CmdletPage.Read(path);
        var text = File.ReadAllText(path);
        var syntax = string.Concat(shape.Syntax.Select(s => (s.Set.Length > 0 ? $"### {s.Set}\n\n" : "") + $"```\n{s.Text}\n```\n\n"));
        text = SyntaxSection().Replace(text, m => m.Groups[1].Value + syntax + m.Groups[2].Value);
        var known = shape.Parameters.ToHashSet();
        foreach (var entry in page.Parameters.Where(p => known.Contains(p.Name)))
        {
            text = new Regex($@"(### -{entry.Name}\n.*?```yaml\n).*?(```\n)", RegexOptions.Singleline).Replace(text, m => m.Groups[1].Value + shape.Yaml(entry.Name, entry["Default value"]) + "\n" + m.Groups[2].Value, 1);
        }

        File.WriteAllText(path, text, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
    }

    [GeneratedRegex(@"`(Maestro\.[A-Z][A-Za-z]+)`")]
    private static partial Regex ErrorId();

    [GeneratedRegex(@"(## SYNTAX\n\n).*?(## DESCRIPTION\n)", RegexOptions.Singleline)]
    private static partial Regex SyntaxSection();
}
