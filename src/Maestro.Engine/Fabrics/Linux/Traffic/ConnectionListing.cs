using System.Net;
using Maestro.Engine.Fabrics.Linux.Ssh;

namespace Maestro.Engine.Fabrics.Linux.Traffic;

/// <summary>The connections through a member that its kernel tracks, by key: its own, that begin or end at itself, are nobody else's business.</summary>
internal static class ConnectionListing
{
    public static IReadOnlyDictionary<string, KnownConnection> Read(ScriptAnswer answer)
    {
        var sections = AnswerSections.Of(answer.Output);
        var own = new HashSet<IPAddress>(Lines("own").Select(AddressOf).Where(a => a is not null).Select(a => a!));
        var marks = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var line in Lines("marked")) if (KnownConnection.ReadMark(line) is (var key, var mark)) marks[key] = mark;
        var known = new Dictionary<string, KnownConnection>(StringComparer.Ordinal);
        foreach (var line in Lines("entries"))
        {
            if (KnownConnection.Read(line) is not { } connection || own.Contains(connection.Flow.Source)) continue;
            if (own.Contains(connection.Flow.Destination) && connection.Answers.Equals(connection.Flow.Destination)) continue;
            known[connection.Key] = marks.TryGetValue(connection.Key, out var mark) ? connection with { Line = $"{connection.Line} -m {mark}" } : connection;
        }

        return known;

        IEnumerable<string> Lines(string section) => sections.TryGetValue(section, out var text) ? text.Split(['\n'], StringSplitOptions.RemoveEmptyEntries) : [];
    }

    // "2: eth0    inet 10.0.0.1/24 scope global eth0"
    private static IPAddress? AddressOf(string line)
    {
        var words = line.Split([' '], StringSplitOptions.RemoveEmptyEntries);
        return words.Length > 3 && IPAddress.TryParse(words[3].Split('/')[0], out var address) ? address : null;
    }
}
