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

    public Task<Effect> CommitAsync(FabricCall call, MemberRef member, PolicyGeneration generation, ConnectionTreatment connections) =>
        calls.OnGatewayAsync(call, "commit", member, $"{Words(generation)} {connections}", 1, 5, gateway =>
        {
            var wanted = Of(generation);
            if (gateway.Running == wanted) return Effect.Already("the kernel holds it");
            if (!gateway.Staged.Contains(wanted)) return Effect.Refused($"#{Text(generation.Number)} is not staged there");
            gateway.Running = wanted;
            return Effect.Done("loaded and read back", verified: true);
        });

    public Task<Effect> ConfirmAsync(FabricCall call, MemberRef member, PolicyGeneration generation) =>
        calls.OnGatewayAsync(call, "confirm", member, Words(generation), 1, 2, gateway =>
        {
            var wanted = Of(generation);
            if (gateway.Confirmed == wanted) return Effect.Already("a restart loads it");
            if (gateway.Running != wanted) return Effect.Refused($"the kernel does not hold #{Text(generation.Number)}");
            gateway.Confirmed = wanted;
            gateway.Staged.RemoveAll(s => s.Number < generation.Number);
            return Effect.Done("confirmed", verified: true);
        });

    public Task<Effect> RevertAsync(FabricCall call, MemberRef member, PolicyGeneration generation) =>
        calls.OnGatewayAsync(call, "revert", member, Words(generation), 1, 3, gateway =>
        {
            var forgotten = gateway.Staged.RemoveAll(s => s.Number == generation.Number && s != gateway.Confirmed);
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

    private static LabGeneration Of(PolicyGeneration generation) => new(generation.Number, generation.Fingerprint);

    private static string Words(PolicyGeneration generation) => $"#{Text(generation.Number)} {generation.Fingerprint.Substring(0, Math.Min(8, generation.Fingerprint.Length))}";

    private static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);
}
