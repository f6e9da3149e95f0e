using System.Management.Automation;
using Maestro.Engine.Clustering.Failover;
using Maestro.Engine.Model.Monitoring;
using Maestro.Engine.Operations.Running;
using Maestro.PowerShell.Binding;
using Maestro.PowerShell.Hosting;

namespace Maestro.PowerShell.Cmdlets.SecurityGroup;

/// <summary>Fails over as planned: a site gives its slots to the other one, or an orchestrator its addresses to the other of its pair.</summary>
[Cmdlet(VerbsLifecycle.Invoke, "GroupFailover", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(GroupHealth))]
public sealed class InvokeGroupFailoverCommand : GatheringCommand
{
    private const string OfSite = "Site";
    private const string OfOrchestrator = "Orchestrator";

    /// <summary>The group, by name, id or object.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [AsTyped]
    [ArgumentCompleter(typeof(SecurityGroupCompleter))]
    public SecurityGroupArgument[] SecurityGroup { get; set; } = [];

    /// <summary>The site that gives its slots, with the connections in them.</summary>
    [Parameter(Mandatory = true, ParameterSetName = OfSite)]
    [ValidateRange(1, 2)]
    public int Site { get; set; }

    /// <summary>The orchestrator that gives its addresses, by id or object.</summary>
    [Parameter(Mandatory = true, ParameterSetName = OfOrchestrator)]
    [ArgumentCompleter(typeof(OrchestratorCompleter))]
    public OrchestratorArgument Orchestrator { get; set; } = null!;

    /// <summary>Answers the confirmation, and nothing else.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    private protected override bool ForceGiven => Force;

    private protected override bool NeedsDistributions => ParameterSetName == OfOrchestrator;

    private protected override void Process() => Each(SecurityGroup, argument =>
    {
        var session = SessionOf(argument, ParameterSetName == OfOrchestrator ? Orchestrator : null);
        if (!Settle(session, argument.Value)) return;
        var group = WorldOf(session).Group(argument.Value).Name;
        if (ParameterSetName == OfSite) Offer(session, group, group, $"site {Site}", names => new SiteFailoverChange { Group = names[0], Site = Site });
        else Offer(session, group, group, $"orchestrator {Orchestrator.Value}", names => new OrchestratorFailoverChange { Group = names[0], Orchestrator = Orchestrator.Value });
    });

    private protected override void WriteResult(Basket basket, OperationResult? result)
    {
        if (result?.Failure is not null) return;
        foreach (var health in Await(token => basket.Session.Engine.GetHealthAsync([basket.Group], token))) WriteObject(health);
    }
}
