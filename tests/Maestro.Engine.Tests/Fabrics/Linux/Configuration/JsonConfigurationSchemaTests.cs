using System.Text.Json.Nodes;
using Maestro.Engine.Fabrics.Linux.Configuration;

namespace Maestro.Engine.Tests.Fabrics.Linux.Configuration;

/// <summary>The shipped schema says what the reader does.</summary>
public sealed class JsonConfigurationSchemaTests
{
    private static readonly JsonObject Schema = (JsonObject)JsonNode.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Schemas", JsonConfigurationKeys.SchemaName)))!;

    [Fact]
    public void All_objects_have_the_keys_that_the_reader_knows_and_no_others()
    {
        JsonObject Definition(string name) => (JsonObject)Schema["definitions"]![name]!;
        foreach (var (definition, keys) in new[]
        {
            (Schema, JsonConfigurationKeys.Root), (Definition("member"), JsonConfigurationKeys.Items), (Definition("file"), JsonConfigurationKeys.File),
            (Definition("address"), JsonConfigurationKeys.Address), (Definition("route"), JsonConfigurationKeys.Route),
        })
        {
            Assert.Equal(keys.Order(), definition["properties"]!.AsObject().Select(p => p.Key).Order());
            Assert.False((bool)definition["additionalProperties"]!);
        }
    }

    [Fact]
    public void Persistence_has_the_words_of_the_reader()
    {
        foreach (var item in new[] { "address", "route" }) Assert.Equal(JsonConfigurationKeys.Persist, Schema["definitions"]![item]!["properties"]!["persist"]!["enum"]!.AsArray().Select(w => (string)w!));
    }
}
