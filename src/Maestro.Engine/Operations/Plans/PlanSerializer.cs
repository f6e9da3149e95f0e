using System.Globalization;
using Maestro.Engine.Model.Errors;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace Maestro.Engine.Operations.Plans;

/// <summary>Plans as text: what the journal keeps and -OutFile writes. A newer schema is refused, never guessed.</summary>
public static class PlanSerializer
{
    private static readonly JsonSerializer Serializer = JsonSerializer.Create(new JsonSerializerSettings
    {
        Culture = CultureInfo.InvariantCulture,
        DateParseHandling = DateParseHandling.None,
        NullValueHandling = NullValueHandling.Ignore,
        Converters = { new ArgumentsConverter(), new Newtonsoft.Json.Converters.StringEnumConverter() },
    });

    // A plan of many members is long, and whoever follows an operation reads it from the store again and again. It never changes, so the same text is the same plan.
    private static readonly RecentPlans Recent = new();

    public static string ToJson(Plan plan)
    {
        using var writer = new StringWriter(CultureInfo.InvariantCulture) { NewLine = "\n" };
        using var json = new JsonTextWriter(writer) { Formatting = Formatting.None };
        Serializer.Serialize(json, plan);
        return writer.ToString();
    }

    /// <exception cref="MaestroException"><c>Maestro.PlanUnknown</c>: written by a newer version, or no plan at all.</exception>
    public static Plan FromJson(string text) => Recent.GetOrAdd(text, Read);

    private static Plan Read(string text)
    {
        try
        {
            using var json = new JsonTextReader(new StringReader(text)) { DateParseHandling = DateParseHandling.None };
            var root = JObject.Load(json);
            var version = root.Value<int?>(nameof(Plan.SchemaVersion)) ?? 0;
            if (version is < 1 or > Plan.CurrentSchemaVersion)
            {
                throw new MaestroException(ErrorCatalogue.PlanUnknown, $"The stored plan has schema version {version}; this version of Maestro reads up to {Plan.CurrentSchemaVersion}.");
            }

            return root.ToObject<Plan>(Serializer) ?? throw new JsonSerializationException("The text holds no plan.");
        }
        catch (JsonException fault)
        {
            throw new MaestroException(ErrorCatalogue.PlanUnknown, "The stored plan cannot be read: " + fault.Message, innerException: fault);
        }
    }

    public static string EditsToJson(IReadOnlyList<Fabrics.TopologyEdit> edits)
    {
        using var writer = new StringWriter(CultureInfo.InvariantCulture) { NewLine = "\n" };
        using var json = new JsonTextWriter(writer);
        Serializer.Serialize(json, edits);
        return writer.ToString();
    }

    public static IReadOnlyList<Fabrics.TopologyEdit> EditsFromJson(string text)
    {
        using var json = new JsonTextReader(new StringReader(text));
        return Serializer.Deserialize<List<Fabrics.TopologyEdit>>(json) ?? [];
    }

    private sealed class ArgumentsConverter : JsonConverter<StepArguments>
    {
        public override void WriteJson(JsonWriter writer, StepArguments? value, JsonSerializer serializer)
        {
            writer.WriteStartObject();
            foreach (var pair in value ?? StepArguments.None)
            {
                writer.WritePropertyName(pair.Key);
                writer.WriteValue(pair.Value);
            }

            writer.WriteEndObject();
        }

        public override StepArguments ReadJson(JsonReader reader, Type objectType, StepArguments? existingValue, bool hasExistingValue, JsonSerializer serializer) =>
            new(JObject.Load(reader).Properties().Select(p => new KeyValuePair<string, string>(p.Name, (string?)p.Value ?? "")));
    }
}
