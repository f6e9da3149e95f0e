using Maestro.Engine.Hosting;
using Maestro.Simulation.Histories;

namespace Maestro.Simulation.Faults;

/// <summary>What becomes of probes on their way: links that are cut, losses that come in bursts.</summary>
internal sealed class ProbeFaults(History history)
{
    private readonly List<(string From, string To, DateTimeOffset Until)> _cuts = [];
    private readonly List<(string Observer, GilbertElliott Channel, DateTimeOffset Until)> _bursts = [];

    private readonly Dictionary<string, DateTimeOffset> _troubledUntil = new(StringComparer.Ordinal);

    /// <summary>How many observers had trouble after that moment: of one alone a quorum takes no notice.</summary>
    public int TroubledSince(DateTimeOffset moment) => _troubledUntil.Count(t => t.Value > moment);

    /// <summary>Nothing of one observer's link with that host, or with its controller, gets through.</summary>
    public void Cut(string from, string to, TimeSpan time)
    {
        _cuts.Add((from, to, history.Now + time));
        Trouble(from, time);
    }

    public void Burst(string observer, SeededRandom random, TimeSpan time)
    {
        _bursts.Add((observer, new GilbertElliott(random), history.Now + time));
        Trouble(observer, time);
    }

    public void Clear()
    {
        _cuts.Clear();
        _bursts.Clear();
    }

    private void Trouble(string observer, TimeSpan time)
    {
        if (!_troubledUntil.TryGetValue(observer, out var until) || history.Now + time > until) _troubledUntil[observer] = history.Now + time;
    }

    public bool IsCut(string from, string to)
    {
        if (_cuts.Count == 0) return false;
        _cuts.RemoveAll(c => c.Until <= history.Now);
        return _cuts.Exists(c => c.From == from && c.To == to);
    }

    /// <summary>Whether a probe, or its answer, is lost.</summary>
    /// <param name="observer">Whose probe.</param>
    /// <param name="host">Of whom.</param>
    /// <param name="random">The observer's own.</param>
    /// <param name="usual">How often that happens on the best day.</param>
    public bool Loses(string observer, string host, SeededRandom random, double usual)
    {
        if (IsCut(observer, host) || random.NextDouble() < usual) return true;
        if (_bursts.Count == 0) return false;
        _bursts.RemoveAll(b => b.Until <= history.Now);
        return _bursts.Find(b => b.Observer == observer).Channel?.LosesNext() == true;
    }
}
