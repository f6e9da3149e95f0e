namespace Maestro.Engine.Fabrics.Linux.Inventory;

/// <summary>Whether orchestrators can hand packets over to every gateway: each needs an address on both sides, in the families that the others have.</summary>
internal static class HandOver
{
    private static readonly string[] Families = ["IPv4", "IPv6"];

    public static void Check(IReadOnlyList<InventoryItem> items, IReadOnlyList<InventoryGateway> gateways)
    {
        var used = Families.Where(family => gateways.Any(g => InventoryKeys.Sides.Any(side => Has(g, side, family)))).ToList();
        for (var i = 0; i < gateways.Count; i++)
        {
            var missing = (used.Count > 0 ? used : ["IPv4"]).SelectMany(family => InventoryKeys.Sides.Where(side => !Has(gateways[i], side, family)).Select(side => $"{side} in {family}")).ToList();
            if (missing.Count > 0) items[i].Fault("downlinks", $"the orchestrators cannot hand packets over to '{gateways[i].Host.Id}': no downlink has an address {string.Join(", ", missing)}");
        }
    }

    private static bool Has(InventoryGateway gateway, string side, string family) => gateway.Downlinks.Any(d => d.Side == side && d.Address.Length > 0 && d.Address.Contains(':') == (family == "IPv6"));
}
