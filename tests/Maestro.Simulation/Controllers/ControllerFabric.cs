using Maestro.Engine.Fabrics;
using Maestro.Engine.Fabrics.Probes;
using Maestro.Engine.Model.Errors;
using Maestro.Engine.Model.Groups;
using Maestro.Engine.Operations.Plans;
using Maestro.Simulation.Faults;

namespace Maestro.Simulation.Controllers;

/// <summary>A controller's way to the gateways and orchestrators, with all that can go wrong on it.</summary>
internal sealed class ControllerFabric(IFabric inner, ControllerProcess process) : IFabric, ITopology, IGroupClaims, IMemberActions, IPolicyCarrier, IProbes
{
    private readonly ControllerCalls _calls = new(process);

    public FabricTraits Traits => inner.Traits;

    public ITopology Topology => this;

    public IGroupClaims? Claims => this;

    public IMemberActions? Members => this;

    public IPolicyCarrier? Policies => this;

    public IProbes? Probes => this;

    public IConfigurationCarrier? Configurations => new ControllerConfigurations(inner.Configurations!, _calls);

    // Orchestrators that distribute by themselves are asked for nothing of it; in a steered world another fabric is.
    public ITraffic? Traffic => null;

    // Looks only, and no operation asks.
    public IMeasurements? Measurements => null;

    public IStateReplication? Replication => null;

    public IMemberSight? Sight => null;

    public MaestroException MissingFacet(FabricFacet facet) => inner.MissingFacet(facet);

    public Task<TopologyView> ObserveAsync(TopologyScope scope, CancellationToken cancellation) => _calls.LookAsync(() => inner.Topology.ObserveAsync(scope, cancellation));

    public Task<IReadOnlyList<PendingChange>> ObservePendingAsync(CancellationToken cancellation) => _calls.LookAsync(() => inner.Topology.ObservePendingAsync(cancellation));

    public Task<Effect> StageAsync(FabricCall call, IReadOnlyList<TopologyEdit> edits) => _calls.SendAsync(call, "stage topology", "", c => inner.Topology.StageAsync(c, edits), edits.Count < 2 ? null : c => inner.Topology.StageAsync(c, [.. edits.Take(edits.Count / 2)]));

    public Task<Effect> ApplyAsync(FabricCall call) => _calls.SendAsync(call, "apply", "", inner.Topology.ApplyAsync);

    public Task<Effect> DiscardAsync(FabricCall call, string? operationId) => _calls.SendAsync(call, "discard", "", c => inner.Topology.DiscardAsync(c, operationId));

    public Task<Effect> SetPortAsync(FabricCall call, PortSettings settings) => _calls.SendAsync(call, "set port", "", c => inner.Topology.SetPortAsync(c, settings));

    public Task<ClaimAnswer> ClaimAsync(ClaimRequest request, CancellationToken cancellation) => _calls.ClaimAsync("claim", request, r => inner.Claims!.ClaimAsync(r, cancellation));

    public Task<ClaimAnswer> RenewAsync(ClaimRequest request, CancellationToken cancellation) => _calls.ClaimAsync("renew claim", request, r => inner.Claims!.RenewAsync(r, cancellation));

    public Task ReleaseAsync(ClaimRequest request, CancellationToken cancellation) => _calls.ClaimAsync("release claim", request, async r =>
    {
        await inner.Claims!.ReleaseAsync(r, cancellation);
        return new ClaimAnswer { Granted = true };
    });

    public Task<Effect> SuspendAsync(FabricCall call, MemberRef member, DrainMode drain, string reason) => _calls.SendAsync(call, "suspend", member.Gateway, c => inner.Members!.SuspendAsync(c, member, drain, reason));

    public Task<Effect> ResumeAsync(FabricCall call, MemberRef member) => _calls.SendAsync(call, "resume", member.Gateway, c => inner.Members!.ResumeAsync(c, member));

    public Task<Effect> RestartAsync(FabricCall call, MemberRef member) => _calls.SendAsync(call, "restart", member.Gateway, c => inner.Members!.RestartAsync(c, member));

    public Task<Effect> ActivateAsync(FabricCall call, MemberRef member) => _calls.SendAsync(call, "activate", member.Gateway, c => inner.Members!.ActivateAsync(c, member));

    public PolicyDocument Load(string path) => inner.Policies!.Load(path);

    public Task<Effect> StageAsync(FabricCall call, MemberRef member, NumberedContent generation) => _calls.SendAsync(call, "stage policy", member.Gateway, c => inner.Policies!.StageAsync(c, member, generation));

    public Task<Effect> CommitAsync(FabricCall call, MemberRef member, NumberedContent generation, ConnectionTreatment connections, TimeSpan revertAfter) =>
        _calls.SendAsync(call, "commit", member.Gateway, c => inner.Policies!.CommitAsync(c, member, generation, connections, revertAfter));

    public Task<Effect> CheckAsync(FabricCall call, MemberRef member, NumberedContent generation, TimeSpan atLeast) =>
        _calls.SendAsync(call, "check", member.Gateway, c => inner.Policies!.CheckAsync(c, member, generation, atLeast));

    public Task<Effect> ExtendAsync(FabricCall call, MemberRef member, NumberedContent generation, TimeSpan revertAfter) =>
        _calls.SendAsync(call, "extend", member.Gateway, c => inner.Policies!.ExtendAsync(c, member, generation, revertAfter));

    public Task<Effect> ConfirmAsync(FabricCall call, MemberRef member, NumberedContent generation) => _calls.SendAsync(call, "confirm", member.Gateway, c => inner.Policies!.ConfirmAsync(c, member, generation));

    public Task<Effect> RevertAsync(FabricCall call, MemberRef member, NumberedContent generation) => _calls.SendAsync(call, "revert", member.Gateway, c => inner.Policies!.RevertAsync(c, member, generation));

    public Task<GenerationObservation> ObserveAsync(MemberRef member, CancellationToken cancellation) =>
        _calls.LookAsync(member.Gateway, () => inner.Policies!.ObserveAsync(member, cancellation), () => new GenerationObservation { Answered = false, Evidence = "no answer" });

    public Task<string?> ReadContentAsync(MemberRef member, int generation, string fingerprint, CancellationToken cancellation) =>
        _calls.LookAsync(member.Gateway, () => inner.Policies!.ReadContentAsync(member, generation, fingerprint, cancellation), () => null);

    public Task<PolicyListing> ListAsync(MemberRef member, NumberedContent intended, CancellationToken cancellation) =>
        _calls.LookAsync(member.Gateway, () => inner.Policies!.ListAsync(member, intended, cancellation), () => new PolicyListing { Answered = false, Evidence = "no answer" });

    public Task<Effect> AskAsync(FabricCall call, Probe probe, MemberRef? member) => _calls.SendAsync(call, "probe", member!.Gateway, c => inner.Probes!.AskAsync(c, probe, member));

    public ValueTask DisposeAsync() => default;
}
