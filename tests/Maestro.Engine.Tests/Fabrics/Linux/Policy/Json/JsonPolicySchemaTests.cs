using System.Text.Json.Nodes;
using Maestro.Engine.Fabrics.Linux.Policy;
using Maestro.Engine.Fabrics.Linux.Policy.Json;

namespace Maestro.Engine.Tests.Fabrics.Linux.Policy.Json;

/// <summary>The shipped schema says what the reader does.</summary>
public sealed class JsonPolicySchemaTests
{
    private static readonly JsonObject Schema = (JsonObject)JsonNode.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Schemas", JsonPolicyKeys.SchemaName)))!;

    [Fact]
    public void Both_objects_have_the_keys_that_the_reader_knows_and_no_others()
    {
        foreach (var (definition, keys) in new[] { (Schema, JsonPolicyKeys.Root), ((JsonObject)Schema["definitions"]!["rule"]!, JsonPolicyKeys.Rule) })
        {
            Assert.Equal(keys.Order(), definition["properties"]!.AsObject().Select(p => p.Key).Order());
            Assert.False((bool)definition["additionalProperties"]!);
        }
    }

    [Fact]
    public void The_lists_of_words_are_those_of_the_reader()
    {
        Assert.Equal(JsonPolicyKeys.Defaults, Words(Schema["properties"]!["default"]!["enum"]!));
        Assert.Equal(JsonPolicyKeys.Actions, Words(Schema["definitions"]!["rule"]!["properties"]!["action"]!["enum"]!));
    }

    [Fact]
    public void A_key_that_the_schema_requires_is_missed_by_the_reader_and_no_other()
    {
        foreach (var (path, definition) in new[] { ("", Schema), ("rules", (JsonObject)Schema["definitions"]!["rule"]!) })
        {
            foreach (var key in definition["properties"]!.AsObject().Select(p => p.Key))
            {
                var policy = JsonNode.Parse("""{ "$schema": "s", "version": 1, "default": "drop", "networks": { "n": "10.0.0.1" }, "services": { "s": "tcp/1" }, "rules": [ { "name": "r", "source": "10.0.0.1", "destination": "10.0.0.2", "service": "tcp/1", "action": "drop", "log": true } ] }""")!;
                (path.Length == 0 ? policy : policy[path]![0]!).AsObject().Remove(key);
                if (Words(definition["required"]!).Contains(key)) Assert.Contains($"'{key}' is missing", Assert.Throws<PolicyInvalidException>(() => JsonPolicy.Compile(policy.ToJsonString(), "p.json")).Message, StringComparison.Ordinal);
                else JsonPolicy.Compile(policy.ToJsonString(), "p.json");
            }
        }
    }

    private static IEnumerable<string> Words(JsonNode list) => list.AsArray().Select(w => (string)w!);
}
