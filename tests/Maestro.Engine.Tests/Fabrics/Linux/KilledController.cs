using System.Globalization;
using Maestro.Engine.Tests.Victims;
using Maestro.Testbeds;

namespace Maestro.Engine.Tests.Fabrics.Linux;

/// <summary>A controller of its own process, with the store "killed", that dies at a script.</summary>
internal static class KilledController
{
    /// <summary>It syncs the policy that forbids port 82 and is killed right before it sends the first script of that name.</summary>
    /// <returns>When.</returns>
    public static async Task<DateTimeOffset> BeforeAsync(Testbed bed, string script, int revertSeconds)
    {
        var folder = Path.Combine(bed.DirectoryPath, "controller-killed");
        var policy = Path.Combine(folder, "82.nft");
        await File.WriteAllTextAsync(policy, LinuxSession.Forbidding(82));
        using var victim = VictimProcess.Start("change", Path.Combine(folder, "inventory.json"), bed.KnownHostsPath, Path.Combine(folder, "store.db"), "before:" + script, "sync", "dmz", policy, revertSeconds.ToString(CultureInfo.InvariantCulture));
        Assert.Equal("begun", await victim.ExpectLineAsync());
        Assert.Equal("sending " + script, await victim.ExpectLineAsync());
        var now = TimeProvider.System.GetUtcNow();
        await victim.KillAsync();
        return now;
    }
}
