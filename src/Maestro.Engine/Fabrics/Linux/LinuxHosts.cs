using Maestro.Engine.Fabrics.Linux.Inventory;
using Maestro.Engine.Fabrics.Linux.Ssh;
using Maestro.Engine.Model.Errors;

namespace Maestro.Engine.Fabrics.Linux;

/// <summary>The inventory's hosts behind one transport, and the translation of their answers.</summary>
internal sealed class LinuxHosts(InventoryFile inventory, IGatewayTransport transport, TimeProvider time)
{
    private static readonly TimeSpan ReadTimeout = TimeSpan.FromSeconds(15);

    public InventoryFile Inventory => inventory;

    public InventoryGateway? Find(string gateway) => inventory.Gateways.FirstOrDefault(g => g.Host.Id == gateway);

    public async Task<HostObservation> ObserveAsync(InventoryGateway gateway, CancellationToken cancellation, TimeSpan? patience = null) =>
        new(gateway, await transport.RunAsync(gateway.Host, GatewayScripts.Observe(), patience ?? ReadTimeout, cancellation));

    public async Task<IReadOnlyList<HostObservation>> ObserveAllAsync(CancellationToken cancellation, TopologyScope? scope = null) =>
        await Task.WhenAll(inventory.Gateways.Select(g => scope?.Unasked.Contains(g.Host.Id) == true ? Task.FromResult(Unasked(g)) : ObserveAsync(g, cancellation, scope?.Patience)));

    public Task<ScriptAnswer> ReadAsync(string gateway, ShellScript script, CancellationToken cancellation) =>
        Find(gateway) is { } found
            ? ReadAsync(found.Host, script, cancellation)
            : Task.FromResult(new ScriptAnswer(ScriptOutcome.NotSent, -1, NotInInventory(gateway).Message, NotInInventory(gateway)));

    public Task<ScriptAnswer> ReadAsync(HostEndpoint host, ShellScript script, CancellationToken cancellation, TimeSpan? patience = null) => transport.RunAsync(host, script, patience ?? ReadTimeout, cancellation);

    /// <summary>Runs a script that changes something and says what came of it.</summary>
    public Task<(Effect Effect, ScriptAnswer Answer)> WriteAsync(FabricCall call, string gateway, ShellScript script) =>
        WriteAsync(call, (Find(gateway) ?? throw NotInInventory(gateway)).Host, script);

    public async Task<(Effect Effect, ScriptAnswer Answer)> WriteAsync(FabricCall call, HostEndpoint host, ShellScript script, TimeSpan? limit = null)
    {
        var left = call.Deadline - time.GetUtcNow();
        // Of many scripts in one call none may wait for a host that has died until the call is over.
        if (limit < left) left = limit.Value;
        if (left <= TimeSpan.Zero) return (Effect.Refused("the time for it was over before it was sent", transient: true), new ScriptAnswer(ScriptOutcome.NotSent, -1, ""));
        var answer = await transport.RunAsync(host, script, left, call.Cancellation);
        return (EffectOf(answer, host.Id), answer);
    }

    public static Effect EffectOf(ScriptAnswer answer, string gateway)
    {
        switch (answer.Outcome)
        {
            case ScriptOutcome.NotSent:
                var code = answer.Fault?.Code ?? ErrorCatalogue.MemberUnreachable;
                return Effect.Refused(answer.Fault?.Message ?? $"{gateway} does not answer", code, transient: code == ErrorCatalogue.MemberUnreachable);
            case ScriptOutcome.Unknown:
                return Effect.Unknown("the answer was lost", answer.Transcript);
        }

        var reason = answer.Word("reason");
        return answer.Value("outcome") switch
        {
            "done" or "released" => Effect.Done(answer.Evidence, verified: true),
            "already" => Effect.Already(answer.Evidence),
            "busy" => Effect.Refused(reason, transient: true),
            "moved" => Effect.Refused(reason, ErrorCatalogue.DistributionMoved, transient: true),
            "stranger" => Effect.Refused(reason, ErrorCatalogue.MemberNotFound),
            "foreign" => Effect.Refused(reason, ErrorCatalogue.RedundancyForeign),
            "fenced" => Effect.Refused(reason, ErrorCatalogue.LeaseLost),
            "reverted" => Effect.Refused(reason, ErrorCatalogue.PolicyReverted),
            "unproven" => Effect.Refused("it says that it loaded the policy, but " + reason, ErrorCatalogue.PolicyNotProven, answer.Evidence),
            "refused" => Effect.Refused(reason, evidence: answer.Evidence),
            _ => Effect.Unknown($"the script ended with {answer.ExitCode.ToString(System.Globalization.CultureInfo.InvariantCulture)} and no outcome", answer.Transcript),
        };
    }

    private static HostObservation Unasked(InventoryGateway gateway)
    {
        const string Words = "it is taken to be lost and was not asked";
        return new(gateway, new ScriptAnswer(ScriptOutcome.NotSent, -1, Words, new MaestroException(ErrorCatalogue.MemberUnreachable, Words, gateway.Host.Id)));
    }

    private static MaestroException NotInInventory(string gateway) => new(ErrorCatalogue.GatewayNotFound, $"The inventory has no gateway '{gateway}'.", gateway);
}
