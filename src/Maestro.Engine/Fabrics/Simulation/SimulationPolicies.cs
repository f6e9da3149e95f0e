using Maestro.Engine.Fabrics.Linux.Policy;
using Maestro.Engine.Fabrics.Simulation.World;
using Maestro.Engine.Model.Errors;
using Maestro.Engine.Operations.Plans;

namespace Maestro.Engine.Fabrics.Simulation;

/// <summary>Carries policies to simulated gateways.</summary>
internal sealed class SimulationPolicies(SimulationCalls calls) : SimulationCarrier(calls), IPolicyCarrier
{
    protected override string Prefix => "";

    protected override string LookName => "policy";

    protected override ErrorCode Reverted => ErrorCatalogue.PolicyReverted;

    public PolicyDocument Load(string path) => PolicyFile.Load(path);

    /// <summary>There is no kernel here that would list it in other words: the content is what it reads like.</summary>
    public Task<PolicyListing> ListAsync(MemberRef member, NumberedContent intended, CancellationToken cancellation)
    {
        Calls.World.Life.Settle();
        Calls.Looked("policy.list", member.Gateway);
        if (Calls.World.State.FindGateway(member.Gateway) is not { Answers: true } gateway) return Task.FromResult(new PolicyListing { Answered = false, Evidence = "no answer" });
        return Task.FromResult(new PolicyListing
        {
            Answered = true,
            Intended = intended.Content,
            Confirmed = ContentOf(gateway.Confirmed),
            Actual = ContentOf(gateway.Running) ?? "",
        });
    }

    protected override LabHolding HoldingOf(LabGateway gateway) => gateway.Policy;

    protected override bool Proves(LabGateway gateway, LabGeneration running) => true;
}
