using System.Globalization;
using Maestro.Engine.Clustering.Distribution;
using Maestro.Engine.Fabrics.Linux.Inventory;
using Maestro.Engine.Fabrics.Linux.Redundancy;
using Maestro.Engine.Fabrics.Linux.Ssh;
using Maestro.Engine.Model.Distribution;
using Maestro.Engine.Model.Errors;

namespace Maestro.Engine.Fabrics.Linux.Traffic;

/// <summary>What one orchestrating host was seen to hold of a group.</summary>
/// <param name="Orchestrator">Which host.</param>
/// <param name="Answer">What it said.</param>
/// <param name="Listing">Null where it did not answer.</param>
/// <param name="Routers">The addresses that it is to share with others.</param>
internal sealed record SteeringSight(InventoryOrchestrator Orchestrator, ScriptAnswer Answer, SteeringListing? Listing, IReadOnlyList<VirtualRouter> Routers)
{
    public string Id => Orchestrator.Host.Id;
}

/// <summary>By what the orchestrating hosts steer.</summary>
/// <param name="Rules">Of all groups that some host steers, by the group's id.</param>
/// <param name="Answers">Whether a host that was asked answered, by its id.</param>
internal sealed record SteeringOverview(IReadOnlyDictionary<int, FlowRules> Rules, IReadOnlyDictionary<string, bool> Answers);

/// <summary>Reads and writes groups' tables on orchestrating hosts: one script a host, which compares, acts and reads back under the host's lock.</summary>
internal sealed class LinuxSteering(LinuxHosts hosts) : ISteering
{
    public InventoryFile Inventory => hosts.Inventory;

    public async Task<IReadOnlyList<SteeringSight>> SeeAsync(SteeredGroup group, CancellationToken cancellation, TimeSpan? patience = null)
    {
        var script = GatewayScripts.ObserveSteering(group.TableName, withRedundancy: patience is null);
        return await Task.WhenAll(group.OrchestratorsOf(Inventory).Select(async o => Sight(o, group, await hosts.ReadAsync(o.Host, script, cancellation, patience))));
    }

    /// <summary>What all hosts that steer say, without the tables themselves.</summary>
    public async Task<SteeringOverview> ListAsync(CancellationToken cancellation)
    {
        var found = new Dictionary<int, FlowRules>();
        var asked = Inventory.Orchestrators.Where(o => o.Steers).ToList();
        var answers = await Task.WhenAll(asked.Select(o => hosts.ReadAsync(o.Host, GatewayScripts.ListSteering(), cancellation)));
        foreach (var section in answers.Where(a => a.Outcome == ScriptOutcome.Answered).SelectMany(a => AnswerSections.Of(a.Output)))
        {
            var number = section.Key.Substring(SteeredGroup.Prefix.Length);
            if (!int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var group) || found.ContainsKey(group) || section.Value.Trim().Length == 0) continue;
            if (SteeringListing.RulesOf(section.Value) is { } rules) found[group] = rules;
        }

        return new SteeringOverview(found, asked.Zip(answers, (o, a) => (o.Host.Id, Answers: a.Outcome == ScriptOutcome.Answered)).ToDictionary(a => a.Id, a => a.Answers, StringComparer.Ordinal));
    }

    /// <summary>What of a host is not as it should be for the table that it goes by, its redundancy included; empty when all is.</summary>
    public string FaultOf(SteeredGroup group, SteeringSight seen) =>
        SteeringFaultOf(group, seen) is { Length: > 0 } fault ? fault : seen.Listing is { Version.Length: > 0, Redundancy: { } redundancy } ? redundancy.FaultOf(seen.Routers) : "";

    /// <summary>What of the kernel's does not belong to the table that the host goes by; empty when all does.</summary>
    private static string SteeringFaultOf(SteeredGroup group, SteeringSight seen)
    {
        if (seen.Listing is not { } listing) return "does not answer: " + (seen.Answer.Fault?.Message ?? seen.Answer.Transcript);
        if (listing.Version.Length == 0) return "";
        if (listing.Table is not { } table) return "has a table that makes no sense";
        var missing = Missing(group, table, seen.Orchestrator, listing).ToList();
        return missing.Count == 0 ? "" : $"lacks {missing[0]}{(missing.Count > 1 ? $" and {(missing.Count - 1).ToString(CultureInfo.InvariantCulture)} more" : "")}";
    }

    public async Task<Effect> WriteAsync(FabricCall call, SteeredGroup group, DistributionTable table, SteeringSight seen, bool isAhead, bool isHurried)
    {
        var routes = SteeringRoute.Of(group, table.Slots);
        var script = GatewayScripts.WriteSteering(
            group.TableName, seen.Listing!.Version, SteeringTable.Transaction(group, table, seen.Orchestrator, seen.Listing.Version),
            string.Concat(routes.Select(r => r.Adding())), Stale(seen.Listing, routes), seen.Orchestrator.Ports.Where(p => p.Type == "downlink").Select(p => p.Interface), routes.Select(r => r.Family).Distinct(),
            isHurried ? null : KeepalivedText.Of(seen.Routers), isAhead);
        var (effect, answer) = await hosts.WriteAsync(call, seen.Orchestrator.Host, script);
        if (effect.Kind != EffectKind.Done) return effect.Reason.Length == 0 ? effect : effect with { Reason = $"{seen.Id}: {effect.Reason}" };
        var after = Sight(seen.Orchestrator, group, answer);
        var why = after.Listing?.Table == table ? SteeringFaultOf(group, after) : "lists another table than it was given";
        if (why.Length > 0) return Effect.Refused($"{seen.Id} says that it took the table, but {why}", ErrorCatalogue.DistributionNotProven, effect.Evidence);
        return !isHurried && FaultOf(group, after) is { Length: > 0 } unshared ? Effect.Refused($"{seen.Id} took the table, but {unshared}", ErrorCatalogue.RedundancyNotProven, effect.Evidence) : effect;
    }

    public async Task<Effect> YieldAsync(FabricCall call, InventoryOrchestrator orchestrator)
    {
        var (effect, _) = await hosts.WriteAsync(call, orchestrator.Host, GatewayScripts.Yield(VirtualRouter.Of(Inventory, orchestrator).Select(r => r.Address.ToString())));
        // Whether another one has them now is not known here.
        return effect with { Verified = false };
    }

    /// <summary>Takes the group's table away.</summary>
    public async Task<Effect> RemoveAsync(FabricCall call, SteeredGroup group)
    {
        var effects = new List<Effect>();
        foreach (var seen in await SeeAsync(group, call.Cancellation))
        {
            if (seen.Listing is { Version: "", Ruled.Count: 0, Routes.Count: 0, Redundancy: null or { Told: "" } }) continue;
            effects.Add((await hosts.WriteAsync(call, seen.Orchestrator.Host, GatewayScripts.RemoveSteering(group.TableName, seen.Listing is null ? "" : Stale(seen.Listing, [])))).Effect);
        }

        return effects.FirstOrDefault(e => e.Kind is EffectKind.Refused or EffectKind.Unknown) ?? (effects.Count > 0 ? Effect.Done(verified: true) : Effect.Already());
    }

    private SteeringSight Sight(InventoryOrchestrator orchestrator, SteeredGroup group, ScriptAnswer answer) =>
        new(orchestrator, answer, answer.Outcome == ScriptOutcome.Answered && answer.Value("outcome") == "done" ? SteeringListing.Read(group.Id, answer) : null, VirtualRouter.Of(Inventory, orchestrator));

    private static IEnumerable<string> Missing(SteeredGroup group, DistributionTable table, InventoryOrchestrator orchestrator, SteeringListing listing)
    {
        var rules = SteeringRule.Of(group, table.Rules, table.Slots.SlotCount, orchestrator).Select(r => $"{r.Chain}: {r.Words}").ToList();
        foreach (var rule in rules.Except(listing.Rules)) yield return $"the rule '{rule}'";
        foreach (var rule in listing.Rules.Except(rules)) yield return $"nothing but has the rule '{rule}'";
        foreach (var route in SteeringRoute.Of(group, table.Slots))
        {
            if (!listing.Routes.Contains(route)) yield return $"the route to {route.Hop}";
            else if (!listing.Ruled.Contains((route.Family, route.Mark))) yield return $"the rule that sends marked packets to {route.Hop}";
        }
    }

    private static string Stale(SteeringListing listing, IReadOnlyList<SteeringRoute> wanted) => string.Concat(
        listing.Ruled.Concat(listing.Routes.Select(r => (r.Family, r.Mark))).Distinct()
            .Where(there => !wanted.Any(w => w.Family == there.Item1 && w.Mark == there.Item2)).Select(there => SteeringRoute.Removing(there.Item1, there.Item2)));
}
