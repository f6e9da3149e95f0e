using Maestro.Engine.Fabrics.Linux.Configuration;

namespace Maestro.Engine.Fabrics.Simulation.World;

/// <summary>How a gateway's items follow the generation of the configuration that it runs.</summary>
internal static class LabItems
{
    /// <summary>What the generation says of the gateway; nothing for none, or where the content is not there.</summary>
    public static IReadOnlyList<ConfigurationValue> Of(LabState state, LabGateway gateway, LabGeneration? generation) =>
        generation is not null && state.Contents.TryGetValue(generation.Fingerprint, out var content) ? ConfigurationContent.Of(content, gateway.Member).Values : [];

    /// <summary>Takes away what the one brought and puts there what the other says.</summary>
    public static void Replace(LabState state, LabGateway gateway, LabGeneration? old, LabGeneration? next)
    {
        if (old is null && next is null) return;
        foreach (var item in Of(state, gateway, old)) gateway.Items.Remove(item.Item);
        foreach (var item in Of(state, gateway, next)) if (item.Value is not null) gateway.Items[item.Item] = item.Value;
    }

    /// <summary>Whether the gateway has all that the generation says of it.</summary>
    public static bool Prove(LabState state, LabGateway gateway, LabGeneration generation) =>
        state.Contents.ContainsKey(generation.Fingerprint) && Of(state, gateway, generation).All(i => gateway.Items.TryGetValue(i.Item, out var value) ? value == i.Value : i.Value is null);
}
