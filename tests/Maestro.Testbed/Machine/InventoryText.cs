using System.Text.Json;
using System.Text.Json.Nodes;

namespace Maestro.Testbeds.Machine;

/// <summary>Writes a bed as an inventory file of version 1.</summary>
internal static class InventoryText
{
    private static readonly JsonSerializerOptions Format = new() { WriteIndented = true };

    public static string Of(Testbed bed, InventoryOptions options)
    {
        var defaults = new JsonObject
        {
            ["user"] = Testbed.UserName(options.Account),
            ["port"] = bed.Gateways[0].Port,
            ["become"] = options.Account == TestbedAccount.Sudo ? "sudo" : "none",
        };
        if (options.KeyPath)
        {
            defaults["keyPath"] = bed.KeyPath;
        }

        var jumpHosts = new JsonArray();
        if (options.ThroughJumpHost)
        {
            var jump = bed.JumpHost ?? throw new TestbedException("The bed has no jump host.");
            var entry = new JsonObject { ["id"] = jump.Id, ["port"] = jump.Port };
            foreach (var (key, value) in Host(jump, options, $"{(options.IPv6 ? jump.AddressIPv6 : jump.Address)}"))
            {
                entry[key] = value?.DeepClone();
            }

            jumpHosts.Add(entry);
            defaults["jump"] = jump.Id;
        }

        var gateways = (options.Only ?? bed.Gateways).Select(gateway => Gateway(gateway, options, bed.Orchestrators.Count > 0)).ToArray();
        var inventory = new JsonObject
        {
            ["version"] = 1,
            ["name"] = options.Name,
            ["defaults"] = defaults,
            ["jumpHosts"] = jumpHosts,
            ["orchestrators"] = new JsonArray([.. bed.Orchestrators.Select(orchestrator => Orchestrator(orchestrator, options))]),
            ["gateways"] = new JsonArray([.. gateways]),
        };
        if (options.StateSync) inventory["stateSync"] = JsonNode.Parse(options.StateSyncSettings);
        return inventory.ToJsonString(Format);
    }

    /// <summary>Its clients are outside, its servers inside.</summary>
    private static JsonNode Orchestrator(TestbedHost orchestrator, InventoryOptions options)
    {
        var number = orchestrator.Plan.Index - HostPlan.FirstOrchestrator;
        var entry = new JsonObject { ["id"] = orchestrator.Id };
        foreach (var (key, value) in Host(orchestrator, options, $"{(options.IPv6 ? orchestrator.AddressIPv6 : orchestrator.Address)}"))
        {
            entry[key] = value?.DeepClone();
        }

        // Beds that stand behind a jump host have orchestrators that the machine itself reaches.
        if (options.ThroughJumpHost) entry["jump"] = "";
        entry["site"] = 1;
        entry["ports"] = new JsonArray(
            [
                .. Ports($"{number}/1/1", "eth4", "uplink", "outside", AddressPlan.Segment.Clients),
                .. Ports($"{number}/1/2", "eth5", "uplink", "inside", AddressPlan.Segment.Servers),
                .. Ports($"{number}/2/1", "eth1", "downlink", "outside", AddressPlan.Segment.Outside),
                .. Ports($"{number}/2/2", "eth2", "downlink", "inside", AddressPlan.Segment.Inside),
            ]);
        return entry;

        // Where addresses are shared a second entry has those of the second family.
        IEnumerable<JsonObject> Ports(string id, string device, string type, string side, AddressPlan.Segment segment)
        {
            var port = new JsonObject { ["id"] = id, ["interface"] = device, ["type"] = type, ["side"] = side, ["address"] = $"{AddressPlan.Traffic(segment, AddressPlan.Party.Orchestrator, number)}/16" };
            if (options.SharedAddresses) port["virtualAddress"] = $"{AddressPlan.Traffic(segment, AddressPlan.Party.Orchestrator, OrchestratedRoutes.Shared)}/16";
            yield return port;
            if (!options.SharedAddresses) yield break;
            yield return new JsonObject
            {
                ["id"] = id + "/6",
                ["interface"] = device,
                ["type"] = type,
                ["side"] = side,
                ["address"] = $"{AddressPlan.TrafficIPv6(segment, AddressPlan.Party.Orchestrator, number)}/64",
                ["virtualAddress"] = $"{AddressPlan.TrafficIPv6(segment, AddressPlan.Party.Orchestrator, OrchestratedRoutes.Shared)}/64",
            };
        }
    }

    private static JsonNode Gateway(TestbedGateway gateway, InventoryOptions options, bool isOrchestrated)
    {
        var address = options switch
        {
            { ThroughJumpHost: true } => gateway.HiddenAddress,
            { IPv6: true } => gateway.AddressIPv6,
            _ => gateway.Address,
        };
        var entry = new JsonObject { ["id"] = gateway.Id };
        foreach (var (key, value) in Host(gateway, options, $"{address}"))
        {
            entry[key] = value?.DeepClone();
        }

        entry["site"] = gateway.Site;
        entry["downlinks"] = new JsonArray(
            Downlink("eth1", "outside", $"{gateway.OutsideAddress}/16"),
            Downlink("eth2", "inside", $"{gateway.InsideAddress}/16"));
        if (isOrchestrated)
        {
            ((JsonArray)entry["downlinks"]!).Add(Downlink("eth1", "outside", $"{AddressPlan.TrafficIPv6(AddressPlan.Segment.Outside, AddressPlan.Party.Gateway, gateway.Plan.Index)}/64"));
            ((JsonArray)entry["downlinks"]!).Add(Downlink("eth2", "inside", $"{AddressPlan.TrafficIPv6(AddressPlan.Segment.Inside, AddressPlan.Party.Gateway, gateway.Plan.Index)}/64"));
        }

        return entry;
    }

    private static JsonObject Host(TestbedHost host, InventoryOptions options, string address)
    {
        var entry = new JsonObject { ["address"] = address };
        if (options.HostKeys)
        {
            entry["hostKey"] = host.HostKey;
        }

        return entry;
    }

    private static JsonObject Downlink(string device, string side, string address) =>
        new() { ["interface"] = device, ["side"] = side, ["address"] = address };
}
