namespace Maestro.Shell;

/// <summary>The texts about the shell itself.</summary>
internal static class Wording
{
    public const string Usage = """
        Maestro.Shell [-NonInteractive] [-NoModule] script.ps1 [arguments of the script]
        Maestro.Shell [-NonInteractive] [-NoModule] -Command "text"
        Maestro.Shell                                 an interactive line; reads standard input where that is no terminal

        Ends with the script's exit code; 1 after an uncaught error, 64 when the call itself is wrong, 130 after Ctrl+C.
        """;

    public const string Banner = """
        Maestro.Shell: PowerShell's core with the Maestro module loaded.
        Only the core cmdlets are inside: Where-Object, ForEach-Object, Get-Command, Get-Help and
        the like, but no Select-Object, Sort-Object, Format-Table, ConvertTo-Json or Get-Content.
        PowerShell 7 has them all, and needs no shell of ours: Import-Module Maestro

        Try: Connect-Maestro -Lab; Get-Gateway      Tab completes, Ctrl+C stops, exit leaves.

        """;
}
