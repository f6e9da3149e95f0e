using System.Globalization;
using Maestro.Engine.Fabrics.Simulation.World;
using Maestro.Engine.Model.Errors;
using Maestro.Engine.Operations.Plans;

namespace Maestro.Engine.Fabrics.Simulation;

/// <summary>Carries policies to simulated gateways; what the SMO hands to members that come up is the newest that was confirmed.</summary>
internal sealed class SimulationPolicies(LabWorld world) : IPolicyCarrier
{
    public PolicyDocument Load(string path) => Linux.Policy.PolicyFile.Load(path);

    public Task<Effect> StageAsync(FabricCall call, MemberRef member, PolicyGeneration generation) =>
        SimulationCalls.OnGatewayAsync(world, call, "stage", member, 1, 3, gateway =>
        {
            if (gateway.Staged.Any(s => s.Number == generation.Number && s.Fingerprint == generation.Fingerprint)) return Effect.Already();
            gateway.Staged.RemoveAll(s => s.Number == generation.Number);
            gateway.Staged.Add(new LabGeneration { Number = generation.Number, Fingerprint = generation.Fingerprint, Content = generation.Content });
            return Effect.Done("staged and checked", verified: true);
        });

    public Task<Effect> CommitAsync(FabricCall call, MemberRef member, PolicyGeneration generation, ConnectionTreatment connections) =>
        SimulationCalls.OnGatewayAsync(world, call, "commit", member, 1, 5, gateway =>
        {
            if (gateway.Running is { } running && running.Number == generation.Number && running.Fingerprint == generation.Fingerprint) return Effect.Already();
            if (gateway.Staged.FirstOrDefault(s => s.Number == generation.Number && s.Fingerprint == generation.Fingerprint) is not { } staged)
            {
                return Effect.Refused($"generation {generation.Number.ToString(CultureInfo.InvariantCulture)} is not staged there");
            }

            gateway.Running = staged;
            return Effect.Done("loaded and read back", verified: true);
        });

    public Task<Effect> ConfirmAsync(FabricCall call, MemberRef member, PolicyGeneration generation) =>
        SimulationCalls.OnGatewayAsync(world, call, "confirm", member, 0, 1, gateway =>
        {
            if (gateway.Confirmed is { } confirmed && confirmed.Number == generation.Number && confirmed.Fingerprint == generation.Fingerprint) return Effect.Already();
            if (gateway.Running?.Number != generation.Number || gateway.Running.Fingerprint != generation.Fingerprint) return Effect.Refused("it does not run that generation");
            gateway.Confirmed = gateway.Running;
            gateway.Staged.RemoveAll(s => s.Number < generation.Number);
            if (world.Group(gateway.Group) is { } group && (group.Policy?.Number ?? 0) <= generation.Number) group.Policy = gateway.Running;
            return Effect.Done("confirmed", verified: true);
        });

    public Task<Effect> RevertAsync(FabricCall call, MemberRef member, PolicyGeneration generation) =>
        SimulationCalls.OnGatewayAsync(world, call, "revert", member, 1, 3, gateway =>
        {
            gateway.Running = gateway.Confirmed;
            gateway.Staged.RemoveAll(s => s.Number == generation.Number && s.Number != gateway.Confirmed?.Number);
            return Effect.Done("as confirmed", verified: true);
        });

    public Task<PolicyObservation> ObserveAsync(MemberRef member, CancellationToken cancellation)
    {
        world.Settle();
        var gateway = world.Gateway(member.Gateway);
        if (gateway is not { Reachable: true }) return Task.FromResult(new PolicyObservation { Answered = false, Evidence = "no answer" });
        return Task.FromResult(new PolicyObservation
        {
            Answered = true,
            RunningGeneration = gateway.Running?.Number,
            ProvenFingerprint = gateway.Running?.Fingerprint ?? "",
            ConfirmedGeneration = gateway.Confirmed?.Number,
            ConfirmedFingerprint = gateway.Confirmed?.Fingerprint ?? "",
            Staged = [.. gateway.Staged.Select(s => (s.Number, s.Fingerprint))],
            Evidence = "read back",
        });
    }

    public Task<string?> ReadContentAsync(MemberRef member, int generation, string fingerprint, CancellationToken cancellation)
    {
        var gateway = world.Gateway(member.Gateway);
        var found = gateway is not { Reachable: true } ? null : gateway.Staged.Append(gateway.Running).Append(gateway.Confirmed).FirstOrDefault(g => g?.Fingerprint == fingerprint);
        return Task.FromResult(found?.Content);
    }
}
