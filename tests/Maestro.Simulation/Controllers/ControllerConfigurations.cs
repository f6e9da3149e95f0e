using Maestro.Engine.Fabrics;
using Maestro.Engine.Operations.Plans;

namespace Maestro.Simulation.Controllers;

/// <summary>A controller's way to the gateways' configurations, with all that can go wrong on it.</summary>
internal sealed class ControllerConfigurations(IConfigurationCarrier inner, ControllerCalls calls) : IConfigurationCarrier
{
    public ConfigurationDocument Load(string path) => inner.Load(path);

    public IReadOnlyList<ConfigurationValue> Read(string content, string member) => inner.Read(content, member);

    public IReadOnlyList<string> MembersIn(string content) => inner.MembersIn(content);

    public Task<Effect> StageAsync(FabricCall call, MemberRef member, NumberedContent generation) => calls.SendAsync(call, "stage configuration", member.Gateway, c => inner.StageAsync(c, member, generation));

    public Task<Effect> CommitAsync(FabricCall call, MemberRef member, NumberedContent generation, ConnectionTreatment connections, TimeSpan revertAfter) =>
        calls.SendAsync(call, "commit configuration", member.Gateway, c => inner.CommitAsync(c, member, generation, connections, revertAfter));

    public Task<Effect> CheckAsync(FabricCall call, MemberRef member, NumberedContent generation, TimeSpan atLeast) =>
        calls.SendAsync(call, "check configuration", member.Gateway, c => inner.CheckAsync(c, member, generation, atLeast));

    public Task<Effect> ExtendAsync(FabricCall call, MemberRef member, NumberedContent generation, TimeSpan revertAfter) =>
        calls.SendAsync(call, "extend configuration", member.Gateway, c => inner.ExtendAsync(c, member, generation, revertAfter));

    public Task<Effect> ConfirmAsync(FabricCall call, MemberRef member, NumberedContent generation) =>
        calls.SendAsync(call, "confirm configuration", member.Gateway, c => inner.ConfirmAsync(c, member, generation));

    public Task<Effect> RevertAsync(FabricCall call, MemberRef member, NumberedContent generation) =>
        calls.SendAsync(call, "revert configuration", member.Gateway, c => inner.RevertAsync(c, member, generation));

    public Task<GenerationObservation> ObserveAsync(MemberRef member, CancellationToken cancellation) =>
        calls.LookAsync(member.Gateway, () => inner.ObserveAsync(member, cancellation), () => new GenerationObservation { Answered = false, Evidence = "no answer" });

    public Task<string?> ReadContentAsync(MemberRef member, int generation, string fingerprint, CancellationToken cancellation) =>
        calls.LookAsync(member.Gateway, () => inner.ReadContentAsync(member, generation, fingerprint, cancellation), () => null);

    public Task<ConfigurationListing> ListAsync(MemberRef member, NumberedContent intended, CancellationToken cancellation) =>
        calls.LookAsync(member.Gateway, () => inner.ListAsync(member, intended, cancellation), () => new ConfigurationListing { Answered = false, Evidence = "no answer" });
}
