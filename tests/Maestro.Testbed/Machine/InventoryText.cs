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

        var gateways = (options.Only ?? bed.Gateways).Select(gateway => Gateway(gateway, options)).ToArray();
        return new JsonObject
        {
            ["version"] = 1,
            ["name"] = options.Name,
            ["defaults"] = defaults,
            ["jumpHosts"] = jumpHosts,
            ["gateways"] = new JsonArray([.. gateways]),
        }.ToJsonString(Format);
    }

    private static JsonNode Gateway(TestbedGateway gateway, InventoryOptions options)
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
