using System.Globalization;
using Maestro.Engine.Tests.Fabrics.Linux.Distribution;
using Maestro.Engine.Tests.Victims;

namespace Maestro.Engine.Tests.Fabrics.Linux.Watch;

/// <summary>A watch in a process of its own; those of one bed share a store.</summary>
internal sealed class WatchProcess : IDisposable
{
    private readonly List<(DateTimeOffset At, string Kind)> _said = [];

    private WatchProcess(VictimProcess process)
    {
        Process = process;
        _ = ListenAsync();
    }

    public VictimProcess Process { get; }

    public IReadOnlyList<(DateTimeOffset At, string Kind)> Said
    {
        get
        {
            lock (_said) return [.. _said];
        }
    }

    public static WatchProcess Start(SteeredBed steered)
    {
        var folder = Directory.CreateDirectory(Path.Combine(steered.Bed.DirectoryPath, "watchers")).FullName;
        var inventory = Path.Combine(folder, "inventory.json");
        steered.WriteInventory(inventory);
        return new WatchProcess(VictimProcess.Start("watch", inventory, steered.Bed.KnownHostsPath, Path.Combine(folder, "store.db"), "dmz"));
    }

    /// <summary>The store that it shares with the others, read by somebody else.</summary>
    public Engine.Hosting.EngineHost Read(SteeredBed steered)
    {
        var folder = Path.Combine(steered.Bed.DirectoryPath, "watchers");
        return Engine.Hosting.SessionFactory.OpenInventory(new Engine.Hosting.SessionOptions { Name = "reader", StorePath = Path.Combine(folder, "store.db") }, new Engine.Hosting.InventoryOptions { Path = Path.Combine(folder, "inventory.json"), KnownHostsPath = steered.Bed.KnownHostsPath });
    }

    public void Signal(string signal)
    {
        using var kill = System.Diagnostics.Process.Start("kill", ["-" + signal, Process.Id.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
        Assert.Equal(0, kill.ExitCode);
    }

    /// <summary>When it said that, for the first time or the given one.</summary>
    public async Task<DateTimeOffset> UntilAsync(string kind, int count = 1)
    {
        for (var began = DateTimeOffset.UtcNow; ; await Task.Delay(20))
        {
            var found = Said.Where(s => s.Kind == kind).ToList();
            if (found.Count >= count) return found[count - 1].At;
            Assert.True(DateTimeOffset.UtcNow - began < TimeSpan.FromMinutes(2), $"no {kind}, only {string.Join(", ", Said.Select(s => s.Kind))}");
        }
    }

    public void Dispose() => Process.Dispose();

    private async Task ListenAsync()
    {
        while (await Process.ReadLineAsync() is { } line)
        {
            var words = line.Split(' ');
            lock (_said) _said.Add((DateTimeOffset.FromUnixTimeMilliseconds(long.Parse(words[0], CultureInfo.InvariantCulture)), words[1]));
        }
    }
}
