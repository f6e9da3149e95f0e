using System.Management.Automation;
using Maestro.Engine.Model.Errors;
using Maestro.Engine.Model.Groups;
using Maestro.Engine.Operations.Plans;

namespace Maestro.PowerShell.Hosting;

/// <summary>Cmdlets about all that is pending.</summary>
public abstract class PendingChangeCommand : ChangeCommand
{
    /// <summary>Answers the confirmation, and nothing else.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    private protected override bool ForceGiven => Force;

    /// <summary>True when it was run and succeeded.</summary>
    private protected bool Change(OpenSession session, ChangeRequest request, bool foreignToo)
    {
        if (!Settle(session, "")) return false;
        var plan = Await(token => session.Engine.PreviewAsync(request, Options, token));
        if (plan.IsEmpty)
        {
            WriteVerbose("Nothing is pending.");
            return false;
        }

        var target = plan.SecurityGroup.Length > 0 ? $"group '{plan.SecurityGroup}'" : "all pending changes";
        if (!Ask(session, target, string.Join("; ", plan.Decisions.Select(d => d.ToString())))) return false;
        // Somebody else's work is a decision of its own, whatever the preference says.
        var foreign = foreignToo && Await(session.Engine.GetPendingChangesAsync).Any(c => c.Origin != ChangeOrigin.Own);
        if (foreign && Impact != ConfirmImpact.High && !Force && !Confirmation.WhatIf(this) && !MyInvocation.BoundParameters.ContainsKey("Confirm"))
        {
            Confirmation.RequireSomebody(this, ConfirmImpact.High, Force, target);
            if (!ShouldContinue("Changes of somebody else are among them. Go on?", target)) return false;
        }

        var result = Run(session, request);
        return result is not null && result.Failure is null;
    }
}
