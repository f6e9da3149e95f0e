using System.Globalization;
using Maestro.Engine.Fabrics.Simulation.World;
using Maestro.Engine.Model.Errors;
using Maestro.Engine.Operations.Plans;

namespace Maestro.Engine.Fabrics.Simulation;

/// <summary>Carries numbered contents to simulated gateways: what runs, what a boot would load, what lies ready.</summary>
internal abstract class SimulationCarrier(SimulationCalls calls) : IGenerationCarrier
{
    protected SimulationCalls Calls => calls;

    /// <summary>Stands before the names of its calls; empty for the policy, whose are the oldest.</summary>
    protected abstract string Prefix { get; }

    /// <summary>The kind of a look.</summary>
    protected abstract string LookName { get; }

    protected abstract ErrorCode Reverted { get; }

    /// <summary>Where a gateway keeps it.</summary>
    protected abstract LabHolding HoldingOf(LabGateway gateway);

    /// <summary>Whether the gateway reads back what it runs.</summary>
    protected abstract bool Proves(LabGateway gateway, LabGeneration running);

    public Task<Effect> StageAsync(FabricCall call, MemberRef member, NumberedContent generation) =>
        calls.OnGatewayAsync(call, Prefix + "stage", member, Words(generation), 1, 3, gateway =>
        {
            var holding = HoldingOf(gateway);
            var wanted = Of(generation);
            if (holding.Staged.Contains(wanted)) return Effect.Already("lies ready");
            if (holding.Confirmed is { } confirmed && confirmed.Number == wanted.Number && confirmed != wanted)
            {
                return Effect.Refused($"#{Text(wanted.Number)} is confirmed there, with other content");
            }

            holding.Staged.RemoveAll(s => s.Number == generation.Number);
            holding.Staged.Add(wanted);
            calls.World.State.Contents[generation.Fingerprint] = generation.Content;
            return Effect.Done("staged and checked", verified: true);
        });

    public Task<Effect> CommitAsync(FabricCall call, MemberRef member, NumberedContent generation, ConnectionTreatment connections, TimeSpan revertAfter) =>
        calls.OnGatewayAsync(call, Prefix + "commit", member, $"{Words(generation)} {connections}", 1, 5, gateway =>
        {
            var holding = HoldingOf(gateway);
            var wanted = Of(generation);
            if (holding.Running != wanted && !holding.Staged.Contains(wanted)) return Effect.Refused($"#{Text(generation.Number)} is not staged there");
            if (holding.Confirmed != wanted) calls.World.Life.Arm(holding, wanted, revertAfter);
            else holding.Revert = null;
            if (holding.Running == wanted && Proves(gateway, wanted)) return Effect.Already("it holds it");
            calls.World.Life.Run(gateway, holding, wanted);
            return Effect.Done("brought and read back", verified: true);
        });

    public Task<Effect> CheckAsync(FabricCall call, MemberRef member, NumberedContent generation, TimeSpan atLeast) =>
        calls.OnGatewayAsync(call, Prefix + "check", member, Words(generation), 1, 2, gateway =>
        {
            var holding = HoldingOf(gateway);
            var wanted = Of(generation);
            if (holding.Running != wanted || !Proves(gateway, wanted)) return Effect.Refused($"it does not hold #{Text(generation.Number)}");
            if (holding.Confirmed == wanted) return Effect.Already("a restart loads it");
            return holding.Revert is { } revert && revert.Due - calls.World.Now >= atLeast ? Effect.Already("held under its timer") : Effect.Refused("its revert timer leaves too little time to decide in");
        });

    public Task<Effect> ExtendAsync(FabricCall call, MemberRef member, NumberedContent generation, TimeSpan revertAfter) =>
        calls.OnGatewayAsync(call, Prefix + "extend", member, Words(generation), 1, 2, gateway =>
        {
            var holding = HoldingOf(gateway);
            var wanted = Of(generation);
            if (holding.Confirmed == wanted) return Effect.Already("a restart loads it");
            if (holding.Running != wanted) return NotHeld(gateway, wanted);
            calls.World.Life.Arm(holding, wanted, revertAfter);
            return Effect.Done("put off", verified: true);
        });

    public Task<Effect> ConfirmAsync(FabricCall call, MemberRef member, NumberedContent generation) =>
        calls.OnGatewayAsync(call, Prefix + "confirm", member, Words(generation), 1, 2, gateway =>
        {
            var holding = HoldingOf(gateway);
            var wanted = Of(generation);
            if (holding.Confirmed == wanted)
            {
                // Another's later commit keeps its timer.
                if (holding.Running != wanted && holding.Revert is { } later && later.Generation == holding.Running) return NotHeld(gateway, wanted);
                holding.Revert = null;
                return Effect.Already("a restart loads it");
            }

            if (holding.Running != wanted) return NotHeld(gateway, wanted);
            holding.Confirmed = wanted;
            holding.Revert = null;
            holding.Staged.RemoveAll(s => s.Number < generation.Number);
            return Effect.Done("confirmed", verified: true);
        });

    public Task<Effect> RevertAsync(FabricCall call, MemberRef member, NumberedContent generation) =>
        calls.OnGatewayAsync(call, Prefix + "revert", member, Words(generation), 1, 3, gateway =>
        {
            var holding = HoldingOf(gateway);
            holding.Revert = null;
            holding.Reverted = null;
            var forgotten = holding.Staged.RemoveAll(s => s == Of(generation) && s != holding.Confirmed);
            if (forgotten == 0 && holding.Running == holding.Confirmed && (holding.Running is null || Proves(gateway, holding.Running))) return Effect.Already("as confirmed");
            calls.World.Life.Run(gateway, holding, holding.Confirmed);
            return Effect.Done("as confirmed", verified: true);
        });

    public Task<GenerationObservation> ObserveAsync(MemberRef member, CancellationToken cancellation)
    {
        calls.World.Life.Settle();
        calls.Looked(LookName + ".observe", member.Gateway);
        if (calls.World.State.FindGateway(member.Gateway) is not { Answers: true } gateway) return Task.FromResult(new GenerationObservation { Answered = false, Evidence = "no answer" });
        var holding = HoldingOf(gateway);
        return Task.FromResult(new GenerationObservation
        {
            Answered = true,
            RunningGeneration = holding.Running?.Number,
            ProvenFingerprint = holding.Running is { } running && Proves(gateway, running) ? running.Fingerprint : "",
            ConfirmedGeneration = holding.Confirmed?.Number,
            ConfirmedFingerprint = holding.Confirmed?.Fingerprint ?? "",
            Staged = [.. holding.Staged.OrderBy(s => s.Number).Select(s => (s.Number, s.Fingerprint))],
            RevertsIn = holding.Revert is { } revert ? revert.Due - calls.World.Now : null,
            Evidence = "read back",
        });
    }

    public Task<string?> ReadContentAsync(MemberRef member, int generation, string fingerprint, CancellationToken cancellation)
    {
        calls.World.Life.Settle();
        calls.Looked(LookName + ".read", member.Gateway);
        var wanted = new LabGeneration(generation, fingerprint);
        var lies = calls.World.State.FindGateway(member.Gateway) is { Answers: true } gateway && HoldingOf(gateway) is var holding && holding.Staged.Append(holding.Confirmed).Append(holding.Running).Contains(wanted);
        return Task.FromResult(lies && calls.World.State.Contents.TryGetValue(fingerprint, out var content) ? content : null);
    }

    private Effect NotHeld(LabGateway gateway, LabGeneration wanted) => HoldingOf(gateway).Reverted == wanted
        ? Effect.Refused("its revert timer ran out: it went back to what a restart loads", Reverted)
        : Effect.Refused($"it does not hold #{Text(wanted.Number)}");

    protected string? ContentOf(LabGeneration? generation) => generation is not null && calls.World.State.Contents.TryGetValue(generation.Fingerprint, out var content) ? content : null;

    private static LabGeneration Of(NumberedContent generation) => new(generation.Number, generation.Fingerprint);

    private static string Words(NumberedContent generation) => $"#{Text(generation.Number)} {generation.Fingerprint.Substring(0, Math.Min(8, generation.Fingerprint.Length))}";

    private static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);
}
