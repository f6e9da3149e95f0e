namespace Maestro.Engine.Fabrics.Linux.Policy.Json;

/// <summary>The keys of a policy in JSON, by the object that they stand in. The shipped schema is checked against this by a test.</summary>
internal static class JsonPolicyKeys
{
    public const string SchemaName = "maestro-policy-1.schema.json";

    public static readonly IReadOnlyList<string> Root = ["$schema", "version", "default", "networks", "services", "rules"];
    public static readonly IReadOnlyList<string> Rule = ["name", "source", "destination", "service", "action", "log"];

    public static readonly IReadOnlyList<string> Defaults = ["drop", "accept"];
    public static readonly IReadOnlyList<string> Actions = ["accept", "drop", "reject"];
}
