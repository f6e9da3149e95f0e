using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace Maestro.Engine.Fabrics.Linux.Inventory;

/// <summary>Where something begins in a text; both count from 1, the column in characters.</summary>
internal sealed record TextPlace(int Line, int Column);

/// <summary>
/// Finds where each key and value of a JSON text begins. The reader itself knows where they end, and a user looks for the beginning.
/// </summary>
internal static class JsonPlaces
{
    /// <summary>Reads an object, in which no key comes twice and comments are passed over, and attaches its place to every key and value.</summary>
    /// <exception cref="JsonReaderException">It is none. The message quotes from the text.</exception>
    public static JObject Read(string text)
    {
        using var json = new JsonTextReader(new StringReader(text)) { DateParseHandling = DateParseHandling.None };
        var root = JObject.Load(json, new JsonLoadSettings { CommentHandling = CommentHandling.Ignore, DuplicatePropertyNameHandling = DuplicatePropertyNameHandling.Error });
        // Refuses what stands behind the end, but for comments.
        while (json.Read()) { }

        using var places = Scan(text).GetEnumerator();
        Attach(root, places);
        return root;
    }

    public static TextPlace Of(JToken token) => token.Annotation<TextPlace>() ?? new TextPlace(1, 1);

    // The tree in the order of the text: an object, then each of its keys before its value.
    private static void Attach(JToken token, IEnumerator<TextPlace> places)
    {
        if (!places.MoveNext()) return;
        token.AddAnnotation(places.Current);
        if (token is JProperty property)
        {
            Attach(property.Value, places);
        }
        else
        {
            foreach (var child in token.Children()) Attach(child, places);
        }
    }

    private static IEnumerable<TextPlace> Scan(string text)
    {
        int line = 1, start = 0;
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (c == '\n')
            {
                line++;
                start = i + 1;
            }
            else if (c == '/' && i + 1 < text.Length && text[i + 1] == '/')
            {
                while (i + 1 < text.Length && text[i + 1] != '\n') i++;
            }
            else if (c == '/' && i + 1 < text.Length && text[i + 1] == '*')
            {
                var end = text.IndexOf("*/", i + 2, StringComparison.Ordinal);
                for (var stop = end < 0 ? text.Length : end + 1; i < stop; i++)
                {
                    if (text[i] != '\n') continue;
                    line++;
                    start = i + 1;
                }
            }
            else if (c is '{' or '[')
            {
                yield return new TextPlace(line, i - start + 1);
            }
            else if (c is '"' or '\'')
            {
                yield return new TextPlace(line, i - start + 1);
                for (i++; i < text.Length && text[i] != c; i++)
                {
                    if (text[i] == '\\') i++;
                }
            }
            else if (!char.IsWhiteSpace(c) && c is not ('}' or ']' or ',' or ':'))
            {
                yield return new TextPlace(line, i - start + 1);
                while (i + 1 < text.Length && !char.IsWhiteSpace(text[i + 1]) && text[i + 1] is not ('}' or ']' or ',' or ':' or '/')) i++;
            }
        }
    }
}
