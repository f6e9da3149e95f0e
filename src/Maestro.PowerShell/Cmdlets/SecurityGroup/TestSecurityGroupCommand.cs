using System.Management.Automation;
using Maestro.Engine.Model.Errors;
using Maestro.Engine.Model.Monitoring;
using Maestro.PowerShell.Binding;
using Maestro.PowerShell.Hosting;

namespace Maestro.PowerShell.Cmdlets.SecurityGroup;

/// <summary>Which findings of a check are errors.</summary>
public enum FailOn
{
    None,
    Fail,

    /// <summary>Warnings too.</summary>
    Warn,
}

/// <summary>Asks named checks of Security Groups, each with its reason and advice.</summary>
[Cmdlet(VerbsDiagnostic.Test, "SecurityGroup")]
[OutputType(typeof(CheckResult))]
[OutputType(typeof(bool))]
public sealed class TestSecurityGroupCommand : SessionCommand
{
    private readonly HashSet<(string Session, string Group)> _told = [];
    private bool _isGood = true;

    /// <summary>The name, wildcards allowed, or the id; without it all groups.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [SupportsWildcards]
    [AsTyped]
    [ArgumentCompleter(typeof(SecurityGroupCompleter))]
    public SecurityGroupArgument[] SecurityGroup { get; set; } = [];

    /// <summary>Only these checks or families; without it all.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(CheckCompleter))]
    public string[] Check { get; set; } = [];

    /// <summary>Makes each finding of that severity an error, so that a script with $ErrorActionPreference = 'Stop' stops.</summary>
    [Parameter]
    public FailOn FailOn { get; set; }

    /// <summary>Writes one boolean: true when no check failed, nor with -FailOn Warn warned.</summary>
    [Parameter]
    public SwitchParameter Quiet { get; set; }

    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(SessionCompleter))]
    public override SessionArgument? Session { get; set; }

    private protected override void Process()
    {
        RequirePiped(ErrorCatalogue.GroupNotFound, "Security Group", nameof(SecurityGroup));
        var session = SessionOf(SecurityGroup);
        var view = ViewOf(session, pending: false);
        Each(SecurityGroup.Length == 0 ? [new SecurityGroupArgument("*")] : SecurityGroup, argument =>
        {
            var groups = Selection.Groups(view, argument.Value, session.Name).Select(g => g.Name).Where(g => _told.Add((session.Name, g))).ToList();
            foreach (var found in Await(token => session.Engine.TestAsync(groups, Check, token))) Tell(found);
        });
    }

    private protected override void End()
    {
        if (Quiet) WriteObject(_isGood);
    }

    private void Tell(CheckResult found)
    {
        _isGood &= found.Result != CheckOutcome.Fail && !(FailOn == FailOn.Warn && found.Result == CheckOutcome.Warn);
        if (!Quiet) WriteObject(found);
        if (!(FailOn != FailOn.None && found.Result == CheckOutcome.Fail) && !(FailOn == FailOn.Warn && found.Result == CheckOutcome.Warn)) return;
        var whom = found.Member.Length > 0 ? $"{found.Member} of '{found.SecurityGroup}'" : $"'{found.SecurityGroup}'";
        WriteFailure(new MaestroException(ErrorCatalogue.CheckFailed, $"{found.Check} of {whom}: {found.Reason}.", found.SecurityGroup, found.Advice.Length > 0 ? found.Advice : null));
    }
}
