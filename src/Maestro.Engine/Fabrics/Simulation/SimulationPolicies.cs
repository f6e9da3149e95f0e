using System.Globalization;
using Maestro.Engine.Fabrics.Linux.Policy;
using Maestro.Engine.Fabrics.Simulation.World;
using Maestro.Engine.Model.Errors;
using Maestro.Engine.Operations.Plans;

namespace Maestro.Engine.Fabrics.Simulation;

/// <summary>Carries policies to simulated gateways: what a kernel holds, what a boot would load, what lies ready.</summary>
internal sealed class SimulationPolicies(SimulationCalls calls) : IPolicyCarrier
{
    public PolicyDocument Load(string path) => PolicyFile.Load(path);

    public Task<Effect> StageAsync(FabricCall call, MemberRef member, PolicyGeneration generation) =>
        calls.OnGatewayAsync(call, "stage", member, Words(generation), 1, 3, gateway =>
        {
            var wanted = Of(generation);
            if (gateway.Staged.Contains(wanted)) return Effect.Already("lies ready");
            if (gateway.Confirmed is { } confirmed && confirmed.Number == wanted.Number && confirmed != wanted)
            {
                return Effect.Refused($"#{Text(wanted.Number)} is confirmed there, with other content");
            }

            gateway.Staged.RemoveAll(s => s.Number == generation.Number);
            gateway.Staged.Add(wanted);
            calls.World.State.Contents[generation.Fingerprint] = generation.Content;
            return Effect.Done("staged and checked", verified: true);
        });

    public Task<Effect> CommitAsync(FabricCall call, MemberRef member, PolicyGeneration generation, ConnectionTreatment connections, TimeSpan revertAfter) =>
        calls.OnGatewayAsync(call, "commit", member, $"{Words(generation)} {connections}", 1, 5, gateway =>
        {
            var wanted = Of(generation);
            if (gateway.Running != wanted && !gateway.Staged.Contains(wanted)) return Effect.Refused($"#{Text(generation.Number)} is not staged there");
            if (gateway.Confirmed != wanted) calls.World.Life.Arm(gateway, wanted, revertAfter);
            if (gateway.Running == wanted) return Effect.Already("the kernel holds it");
            gateway.Running = wanted;
            return Effect.Done("loaded and read back", verified: true);
        });

    public Task<Effect> CheckAsync(FabricCall call, MemberRef member, PolicyGeneration generation, TimeSpan atLeast) =>
        calls.OnGatewayAsync(call, "check", member, Words(generation), 1, 2, gateway =>
        {
            var wanted = Of(generation);
            if (gateway.Running != wanted) return Effect.Refused($"the kernel does not hold #{Text(generation.Number)}");
            if (gateway.Confirmed == wanted) return Effect.Already("a restart loads it");
            return gateway.Revert is { } revert && revert.Due - calls.World.Now >= atLeast ? Effect.Already("held under its timer") : Effect.Refused("its revert timer leaves too little time to decide in");
        });

    public Task<Effect> ExtendAsync(FabricCall call, MemberRef member, PolicyGeneration generation, TimeSpan revertAfter) =>
        calls.OnGatewayAsync(call, "extend", member, Words(generation), 1, 2, gateway =>
        {
            var wanted = Of(generation);
            if (gateway.Confirmed == wanted) return Effect.Already("a restart loads it");
            if (gateway.Running != wanted) return NotHeld(gateway, wanted);
            calls.World.Life.Arm(gateway, wanted, revertAfter);
            return Effect.Done("put off", verified: true);
        });

    public Task<Effect> ConfirmAsync(FabricCall call, MemberRef member, PolicyGeneration generation) =>
        calls.OnGatewayAsync(call, "confirm", member, Words(generation), 1, 2, gateway =>
        {
            var wanted = Of(generation);
            if (gateway.Confirmed == wanted)
            {
                gateway.Revert = null;
                return Effect.Already("a restart loads it");
            }

            if (gateway.Running != wanted) return NotHeld(gateway, wanted);
            gateway.Confirmed = wanted;
            gateway.Revert = null;
            gateway.Staged.RemoveAll(s => s.Number < generation.Number);
            return Effect.Done("confirmed", verified: true);
        });

    public Task<Effect> RevertAsync(FabricCall call, MemberRef member, PolicyGeneration generation) =>
        calls.OnGatewayAsync(call, "revert", member, Words(generation), 1, 3, gateway =>
        {
            gateway.Revert = null;
            gateway.Reverted = null;
            var forgotten = gateway.Staged.RemoveAll(s => s == Of(generation) && s != gateway.Confirmed);
            if (forgotten == 0 && gateway.Running == gateway.Confirmed) return Effect.Already("as confirmed");
            gateway.Running = gateway.Confirmed;
            return Effect.Done("as confirmed", verified: true);
        });

    public Task<PolicyObservation> ObserveAsync(MemberRef member, CancellationToken cancellation)
    {
        calls.World.Life.Settle();
        calls.Looked("policy.observe", member.Gateway);
        if (calls.World.State.FindGateway(member.Gateway) is not { Answers: true } gateway) return Task.FromResult(new PolicyObservation { Answered = false, Evidence = "no answer" });
        return Task.FromResult(new PolicyObservation
        {
            Answered = true,
            RunningGeneration = gateway.Running?.Number,
            ProvenFingerprint = gateway.Running?.Fingerprint ?? "",
            ConfirmedGeneration = gateway.Confirmed?.Number,
            ConfirmedFingerprint = gateway.Confirmed?.Fingerprint ?? "",
            Staged = [.. gateway.Staged.OrderBy(s => s.Number).Select(s => (s.Number, s.Fingerprint))],
            RevertsIn = gateway.Revert is { } revert ? revert.Due - calls.World.Now : null,
            Evidence = "read back",
        });
    }

    public Task<string?> ReadContentAsync(MemberRef member, int generation, string fingerprint, CancellationToken cancellation)
    {
        calls.World.Life.Settle();
        calls.Looked("policy.read", member.Gateway);
        var wanted = new LabGeneration(generation, fingerprint);
        var lies = calls.World.State.FindGateway(member.Gateway) is { Answers: true } gateway && gateway.Staged.Append(gateway.Confirmed).Append(gateway.Running).Contains(wanted);
        return Task.FromResult(lies && calls.World.State.Contents.TryGetValue(fingerprint, out var content) ? content : null);
    }

    private static Effect NotHeld(LabGateway gateway, LabGeneration wanted) => gateway.Reverted == wanted
        ? Effect.Refused("its revert timer ran out: it went back to what a restart loads", ErrorCatalogue.PolicyReverted)
        : Effect.Refused($"the kernel does not hold #{Text(wanted.Number)}");

    /// <summary>There is no kernel here that would list it in other words: the content is what it reads like.</summary>
    public Task<PolicyListing> ListAsync(MemberRef member, PolicyGeneration intended, CancellationToken cancellation)
    {
        calls.World.Life.Settle();
        calls.Looked("policy.list", member.Gateway);
        if (calls.World.State.FindGateway(member.Gateway) is not { Answers: true } gateway) return Task.FromResult(new PolicyListing { Answered = false, Evidence = "no answer" });
        return Task.FromResult(new PolicyListing
        {
            Answered = true,
            Intended = intended.Content,
            Confirmed = ContentOf(gateway.Confirmed),
            Actual = ContentOf(gateway.Running) ?? "",
        });
    }

    private string? ContentOf(LabGeneration? generation) => generation is not null && calls.World.State.Contents.TryGetValue(generation.Fingerprint, out var content) ? content : null;

    private static LabGeneration Of(PolicyGeneration generation) => new(generation.Number, generation.Fingerprint);

    private static string Words(PolicyGeneration generation) => $"#{Text(generation.Number)} {generation.Fingerprint.Substring(0, Math.Min(8, generation.Fingerprint.Length))}";

    private static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);
}
