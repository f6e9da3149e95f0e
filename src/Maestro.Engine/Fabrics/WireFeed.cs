namespace Maestro.Engine.Fabrics;

/// <summary>What a fabric sends and hears, a line each and without secrets, for whoever debugs. May be used from any thread.</summary>
internal sealed class WireFeed
{
    private readonly object _gate = new();
    private Action<string>[] _listeners = [];

    /// <summary>False while a line would be made for nobody.</summary>
    public bool IsHeard => Volatile.Read(ref _listeners).Length > 0;

    public void Say(string line)
    {
        foreach (var listener in Volatile.Read(ref _listeners)) listener(line);
    }

    /// <summary>Hears everything until what this answers is disposed of.</summary>
    /// <param name="listener">Called on whichever thread the line was said; must not block.</param>
    public IDisposable Listen(Action<string> listener)
    {
        lock (_gate) _listeners = [.. _listeners, listener];
        return new Ear(this, listener);
    }

    private void Forget(Action<string> listener)
    {
        lock (_gate) _listeners = [.. _listeners.Where(l => l != listener)];
    }

    private sealed class Ear(WireFeed feed, Action<string> listener) : IDisposable
    {
        public void Dispose() => feed.Forget(listener);
    }
}
