namespace Maestro.Engine.Fabrics.Linux.Configuration;

/// <summary>The keys of a configuration, by the object that they stand in. The shipped schema is checked against this by a test.</summary>
internal static class JsonConfigurationKeys
{
    public const string SchemaName = "maestro-configuration-1.schema.json";

    public static readonly IReadOnlyList<string> Root = ["$schema", "version", .. Items, "members"];
    public static readonly IReadOnlyList<string> File = ["path", "content", "source", "owner", "group", "mode"];
    public static readonly IReadOnlyList<string> Address = ["device", "address", "persist"];
    public static readonly IReadOnlyList<string> Route = ["destination", "via", "device", "metric", "persist"];

    public static readonly IReadOnlyList<string> Persist = ["maestro", "ifupdown", "networkd"];

    /// <summary>What may stand for all members and for one.</summary>
    public static IReadOnlyList<string> Items => ["hostname", "files", "sysctl", "addresses", "routes"];
}
