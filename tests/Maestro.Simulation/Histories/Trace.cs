using System.Security.Cryptography;
using System.Text;
using Maestro.Simulation.Scenarios;

namespace Maestro.Simulation.Histories;

/// <summary>What happened, in words and as one hash: two runs of a seed must agree on every byte.</summary>
internal sealed class Trace(Func<TimeSpan> now, TextWriter? writer) : IDisposable
{
    private const int Remembered = 40;

    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly Queue<string> _last = new(Remembered + 1);

    public IReadOnlyCollection<string> Last => _last;

    public long Lines { get; private set; }

    public void Add(string text)
    {
        var line = ScenarioMaker.Text(now()) + " " + text;
        Lines++;
        _hash.AppendData(Encoding.UTF8.GetBytes(line));
        _hash.AppendData("\n"u8);
        _last.Enqueue(line);
        if (_last.Count > Remembered) _last.Dequeue();
        writer?.WriteLine(line);
    }

    public string Hash() => Convert.ToHexStringLower(_hash.GetCurrentHash());

    public void Dispose() => _hash.Dispose();
}
