using System.Management.Automation;
using Maestro.Engine.Model.Errors;

namespace Maestro.PowerShell.Hosting;

/// <summary>Whether anybody could answer a confirmation, and whether one would be asked.</summary>
internal static class Confirmation
{
    /// <summary>Refuses before anything is sent when a prompt would come and nobody is there: PowerShell would take the default, Yes, from a bare newline.</summary>
    /// <exception cref="MaestroException"><c>Maestro.ConfirmationRequired</c>.</exception>
    public static void RequireSomebody(PSCmdlet cmdlet, ConfirmImpact impact, bool force, string target)
    {
        if (impact != ConfirmImpact.High || WhatIf(cmdlet)) return;
        var explicitly = cmdlet.MyInvocation.BoundParameters.TryGetValue("Confirm", out var confirm);
        var asks = explicitly ? ((SwitchParameter)confirm).IsPresent : !force && Preference(cmdlet) is not ConfirmImpact.None;
        if (!asks || !NobodyThere(cmdlet.Host.Name)) return;
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

    private static ConfirmImpact Preference(PSCmdlet cmdlet) =>
        LanguagePrimitives.TryConvertTo<ConfirmImpact>(cmdlet.SessionState.PSVariable.GetValue("ConfirmPreference"), out var preference) ? preference : ConfirmImpact.High;

    private static bool NobodyThere(string hostName) =>
        new[] { "TF_BUILD", "GITHUB_ACTIONS", "CI" }.Any(v => !string.IsNullOrEmpty(Environment.GetEnvironmentVariable(v)))
        || Environment.GetCommandLineArgs().Any(a => a.StartsWith("-noni", StringComparison.OrdinalIgnoreCase))
        || (hostName is "ConsoleHost" or "Maestro.Shell" && System.Console.IsInputRedirected);
}
