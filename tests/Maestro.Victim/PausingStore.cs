using System.Reflection;
using Maestro.Engine.Store;

namespace Maestro.Victim;

/// <summary>A store that counts the journal entries it has acknowledged, and after a given one says so and never answers again: there the process is killed.</summary>
internal class PausingStore : DispatchProxy
{
    private static readonly HashSet<string> Journalling = new(StringComparer.Ordinal)
    {
        nameof(IStore.BeginOperationAsync), nameof(IStore.AppendAsync), nameof(IStore.SetOperationStateAsync), nameof(IStore.TakeOverOperationAsync),
    };

    private readonly object _gate = new();
    private IStore _inner = null!;
    private int _pauseAt;

    public int Entries { get; private set; }

    /// <param name="inner">The real store.</param>
    /// <param name="pauseAt">The entry after which nothing goes on; 0 for never.</param>
    public static IStore Around(IStore inner, int pauseAt, out PausingStore counter)
    {
        var proxy = Create<IStore, PausingStore>();
        counter = (PausingStore)(object)proxy;
        counter._inner = inner;
        counter._pauseAt = pauseAt;
        return proxy;
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        var result = targetMethod!.Invoke(_inner, args);
        return Journalling.Contains(targetMethod.Name) ? PauseAsync((Task)result!) : result;
    }

    private async Task PauseAsync(Task written)
    {
        await written;
        int mine;
        lock (_gate) mine = ++Entries;
        if (_pauseAt == 0 || mine < _pauseAt) return;
        if (mine == _pauseAt) Console.WriteLine($"at {mine}");
        await new TaskCompletionSource().Task;
    }
}
