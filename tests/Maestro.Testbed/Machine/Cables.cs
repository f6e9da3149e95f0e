namespace Maestro.Testbeds.Machine;

/// <summary>
/// The cables between a bed's hosts and its switch. A cut cable carries nothing in either direction and neither end is told. Each call is one nft transaction:
/// all its cables are cut, or joined, at one instant.
/// </summary>
internal sealed class Cables(Supervisor supervisor) : IDisposable
{
    private readonly SemaphoreSlim _gate = new(1, 1);
    private readonly HashSet<string> _cutByTest = [];

    /// <summary>Cuts until <see cref="JoinAsync"/>.</summary>
    public async Task CutAsync(IReadOnlyCollection<string> ports)
    {
        await ChangeAsync("add", ports);
        _cutByTest.UnionWith(ports);
    }

    public async Task JoinAsync(IReadOnlyCollection<string> ports)
    {
        string[] cut = [.. ports.Where(_cutByTest.Contains)];
        await ChangeAsync("delete", cut);
        _cutByTest.ExceptWith(cut);
    }

    /// <summary>Cuts while a host's power is being taken away.</summary>
    public Task CutForPowerOffAsync(IReadOnlyCollection<string> ports) => ChangeAsync("add", ports);

    /// <summary>Takes the dead hosts' ports out of the switch. Cables that the test itself had cut stay cut.</summary>
    public async Task RemovePortsAsync(IReadOnlyCollection<string> ports)
    {
        // The kernel may have taken a port away with the namespace at its other end: hence -force.
        await supervisor.RunAsync($"ip -force -batch - >/dev/null 2>&1 <<BATCH\n{string.Concat(ports.Select(port => $"link delete {port}\n"))}BATCH\ntrue\n");
        await ChangeAsync("delete", [.. ports.Where(port => !_cutByTest.Contains(port))]);
    }

    public void Dispose() => _gate.Dispose();

    private async Task ChangeAsync(string verb, IReadOnlyCollection<string> ports)
    {
        if (ports.Count == 0)
        {
            return;
        }

        await _gate.WaitAsync();
        try
        {
            await supervisor.RunAsync($"nft {verb} element bridge cables cut '{{ {string.Join(", ", ports)} }}'\n");
        }
        finally
        {
            _gate.Release();
        }
    }
}
