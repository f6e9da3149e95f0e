using System.Text;

namespace Maestro.PowerShell.Tests.Secrets;

/// <summary>Everything in which a secret might turn up, by place.</summary>
internal sealed class Haystack
{
    private readonly object _gate = new();
    private readonly List<(string Place, string Bytes)> _straws = [];

    public void Add(string place, string text) => Add(place, Encoding.UTF8.GetBytes(text));

    public void Add(string place, byte[] bytes)
    {
        lock (_gate) _straws.Add((place, Encoding.Latin1.GetString(bytes)));
    }

    /// <summary>All streams of a script, its errors with everything that hangs on them, and what the host was shown.</summary>
    public void Add(string place, Cmdlets.Outcome outcome, Cmdlets.ScriptedHost host)
    {
        foreach (var (stream, items) in new (string, IEnumerable<object?>)[]
        {
            ("output", outcome.Output), ("error", outcome.Errors), ("warning", outcome.Warnings), ("verbose", outcome.Verbose), ("debug", outcome.Debug), ("information", outcome.Information),
            ("progress", outcome.Progress), ("host", host.Lines), ("host progress", host.Progress.Select(p => p.Record)), ("questions", host.Questions),
        })
        {
            Add($"{stream} of {place}", string.Join('\n', items.SelectMany(i => Everything.In(i))));
        }
    }

    public void AddFolder(string place, string folder)
    {
        // As the files are: a link may lead out, into the machine's own files.
        foreach (var file in new DirectoryInfo(folder).EnumerateFiles("*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint | FileAttributes.Device }))
        {
            using var stream = new FileStream(file.FullName, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            var bytes = new MemoryStream();
            stream.CopyTo(bytes);
            Add($"{place}{file.FullName[folder.TrimEnd('/').Length..]}", bytes.ToArray());
            Add("file names of " + place, file.FullName);
        }
    }

    /// <summary>The places that hold it, each with the form that it has there.</summary>
    public IReadOnlyList<string> Find(PlantedSecret secret)
    {
        var forms = secret.Forms;
        lock (_gate)
        {
            return [.. _straws.SelectMany(s => forms.Where(f => s.Bytes.Contains(f.Value, StringComparison.OrdinalIgnoreCase)).Select(f => $"{s.Place} ({f.Key})")).Distinct().Order()];
        }
    }

    public void MustNotHold(params IEnumerable<PlantedSecret> secrets) =>
        Assert.Empty(secrets.SelectMany(s => Find(s).Select(place => $"{s.Name} is in {place}")));

    /// <summary>Proves that the search finds what is there.</summary>
    public void MustHold(PlantedSecret marker, params IEnumerable<string> places)
    {
        var found = Find(marker);
        Assert.All(places, place => Assert.True(found.Any(f => f.StartsWith(place, StringComparison.Ordinal)), $"{marker.Name} is not in {place}, only in {string.Join(", ", found)}"));
    }

    public bool Says(string place, string text)
    {
        lock (_gate) return _straws.Any(s => s.Place.StartsWith(place, StringComparison.Ordinal) && s.Bytes.Contains(text, StringComparison.Ordinal));
    }
}
