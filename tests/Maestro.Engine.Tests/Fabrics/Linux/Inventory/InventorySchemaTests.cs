using System.Text.Json;
using System.Text.Json.Nodes;
using Maestro.Engine.Fabrics.Linux.Inventory;
using Maestro.Engine.Model.Errors;

namespace Maestro.Engine.Tests.Fabrics.Linux.Inventory;

/// <summary>The shipped schema says what the reader does.</summary>
public sealed class InventorySchemaTests
{
    private static readonly JsonObject Schema = (JsonObject)JsonNode.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Schemas", "maestro-inventory-1.schema.json")))!;

    private const string Full = """
        { "$schema": "s", "version": 1, "name": "fra",
          "defaults": { "user": "u", "port": 22, "keyPath": "k", "become": "sudo", "site": 1, "jump": "b" },
          "jumpHosts": [ { "id": "b", "address": "b1", "port": 22, "user": "u", "keyPath": "k", "hostKey": "SHA256:AA", "description": "d" } ],
          "stateSync": { "port": 7422, "delay": 3, "copiesPerSecond": 2000, "services": [ { "protocol": "tcp", "port": 443, "delay": 0 } ] },
          "orchestrators": [ { "id": "1_1", "address": "o1", "hostKey": "SHA256:AA", "description": "d", "user": "u", "port": 22, "keyPath": "k", "become": "sudo", "site": 1, "jump": "b",
            "ports": [ { "id": "1/1/1", "interface": "e", "type": "uplink", "side": "inside", "address": "10.0.0.1/8", "virtualAddress": "10.0.0.2/8" } ] } ],
          "gateways": [ { "id": "fw", "address": "g1", "hostKey": "SHA256:AA", "cores": 1, "model": "m", "description": "d", "user": "u", "port": 22, "keyPath": "k", "become": "sudo", "site": 1, "jump": "b",
            "downlinks": [ { "interface": "e", "side": "inside", "address": "10.0.0.1/8" } ] } ] }
        """;

    public static TheoryData<string, string> Objects => new()
    {
        { "", "" },
        { "defaults", "defaults" },
        { "stateSync", "stateSync" },
        { "syncedService", "stateSync/services/0" },
        { "jumpHost", "jumpHosts/0" },
        { "orchestrator", "orchestrators/0" },
        { "gateway", "gateways/0" },
        { "port", "orchestrators/0/ports/0" },
        { "downlink", "gateways/0/downlinks/0" },
    };

    [Fact]
    public void Every_object_has_the_keys_that_the_reader_knows_and_no_others()
    {
        var known = new Dictionary<string, IReadOnlyList<string>>
        {
            [""] = InventoryKeys.Root,
            ["stateSync"] = InventoryKeys.StateSync,
            ["syncedService"] = InventoryKeys.SyncedService,
            ["defaults"] = InventoryKeys.Defaults,
            ["jumpHost"] = InventoryKeys.JumpHost,
            ["orchestrator"] = InventoryKeys.Orchestrator,
            ["gateway"] = InventoryKeys.Gateway,
            ["port"] = InventoryKeys.Port,
            ["downlink"] = InventoryKeys.Downlink,
        };
        Assert.Equal(known.Keys.Where(k => k.Length > 0).Order(), Schema["definitions"]!.AsObject().Select(d => d.Key).Order());
        foreach (var (name, keys) in known)
        {
            Assert.Equal(keys.Order(), Properties(name).Select(p => p.Key).Order());
            Assert.False((bool)Definition(name)["additionalProperties"]!);
        }
    }

    [Theory]
    [MemberData(nameof(Objects))]
    public void A_key_that_the_schema_requires_is_missed_by_the_reader_and_no_other(string name, string path)
    {
        var required = Definition(name)["required"]?.AsArray().Select(r => (string)r!).ToList() ?? [];
        foreach (var key in Properties(name).Select(p => p.Key))
        {
            var needing = Definition(name)["dependencies"]?.AsObject().Where(d => d.Value!.AsArray().Any(n => (string)n! == key)).Select(d => d.Key).ToList() ?? [];
            if (needing.Count > 0) Assert.Throws<MaestroException>(() => Parse(Change(path, o => o.Remove(key))));
            var text = Change(path, o =>
            {
                foreach (var gone in needing.Append(key)) o.Remove(gone);
            });
            if (required.Contains(key)) Assert.Contains($"'{key}' is missing", Assert.Throws<MaestroException>(() => Parse(text)).Message);
            // Those that point at what was removed are another matter.
            else if (key is not "jumpHosts") Parse(text);
        }
    }

    [Theory]
    [MemberData(nameof(Objects))]
    public void The_reader_takes_every_value_that_the_schema_lists_and_no_other(string name, string path)
    {
        foreach (var (key, property) in Properties(name))
        {
            if (property!["enum"] is not JsonArray values) continue;
            foreach (var value in values)
            {
                // An orchestrator's number names its site already.
                if (name == "orchestrator" && key == "site" && (int)value! != 1) continue;
                Parse(Change(path, o => o[key] = value!.DeepClone()));
            }

            JsonNode other = values[0]!.GetValueKind() == JsonValueKind.String ? "nonsense" : 99;
            Assert.Throws<MaestroException>(() => Parse(Change(path, o => o[key] = other.DeepClone())));
        }
    }

    [Theory]
    [MemberData(nameof(Objects))]
    public void The_reader_and_the_schema_agree_on_ranges(string name, string path)
    {
        foreach (var (key, property) in Properties(name))
        {
            if (property!["minimum"] is not { } least) continue;
            var most = property["maximum"]!;
            foreach (var value in new[] { (int)least, (int)most }) Parse(Change(path, o => o[key] = value));
            foreach (var value in new[] { (int)least - 1, (int)most + 1 }) Assert.Throws<MaestroException>(() => Parse(Change(path, o => o[key] = value)));
        }
    }

    private static JsonObject Definition(string name) => name.Length == 0 ? Schema : (JsonObject)Schema["definitions"]![name]!;

    private static JsonObject Properties(string name) => (JsonObject)Definition(name)["properties"]!;

    private static string Change(string path, Action<JsonObject> change)
    {
        JsonNode node = JsonNode.Parse(Full)!;
        var root = node;
        foreach (var part in path.Split('/', StringSplitOptions.RemoveEmptyEntries)) node = int.TryParse(part, out var index) ? node[index]! : node[part]!;
        change((JsonObject)node);
        return root.ToJsonString();
    }

    private static InventoryFile Parse(string text) => InventoryReader.Parse(text, "fra.json");
}
