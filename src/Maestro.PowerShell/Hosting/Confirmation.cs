using System.Management.Automation;
using Maestro.Engine.Model.Errors;

namespace Maestro.PowerShell.Hosting;

/// <summary>Whether a confirmation would be asked, and whether anybody could answer it.</summary>
internal static class Confirmation
{
    private static readonly string[] PipelineVariables = ["TF_BUILD", "GITHUB_ACTIONS", "CI"];

    /// <summary>Refuses before anything is sent when a prompt would come and nobody is there: PowerShell would take the default, Yes, from a bare newline.</summary>
    /// <exception cref="MaestroException"><c>Maestro.ConfirmationRequired</c>.</exception>
    public static void RequireSomebody(PSCmdlet cmdlet, ConfirmImpact impact, bool force, string target)
    {
        if (WhatIf(cmdlet) || !Asks(cmdlet, impact, force) || !NobodyThere(cmdlet.Host.Name)) return;
        throw new MaestroException(
            ErrorCatalogue.ConfirmationRequired,
            $"{cmdlet.MyInvocation.MyCommand.Name} on {target} needs a confirmation, and nobody can answer here. Nothing was sent.",
            target);
    }

    public static bool WhatIf(PSCmdlet cmdlet) =>
        cmdlet.MyInvocation.BoundParameters.TryGetValue("WhatIf", out var given)
            ? ((SwitchParameter)given).IsPresent
            : LanguagePrimitives.IsTrue(cmdlet.SessionState.PSVariable.GetValue("WhatIfPreference"));

    public static bool Explicit(PSCmdlet cmdlet) => cmdlet.MyInvocation.BoundParameters.TryGetValue("Confirm", out var given) && ((SwitchParameter)given).IsPresent;

    private static bool Asks(PSCmdlet cmdlet, ConfirmImpact impact, bool force)
    {
        if (cmdlet.MyInvocation.BoundParameters.TryGetValue("Confirm", out var confirm)) return ((SwitchParameter)confirm).IsPresent;
        var preference = LanguagePrimitives.TryConvertTo<ConfirmImpact>(cmdlet.SessionState.PSVariable.GetValue("ConfirmPreference"), out var set) ? set : ConfirmImpact.High;
        return !force && preference != ConfirmImpact.None && impact >= preference;
    }

    private static bool NobodyThere(string hostName) =>
        PipelineVariables.Any(v => !string.IsNullOrEmpty(Environment.GetEnvironmentVariable(v)))
        || Environment.GetCommandLineArgs().Skip(1).Any(a => a.Length > 4 && a[0] is '-' or '/' && a.TrimStart('-', '/').StartsWith("noni", StringComparison.OrdinalIgnoreCase))
        || (hostName is "ConsoleHost" or "Maestro.Shell" && Console.IsInputRedirected);
}
