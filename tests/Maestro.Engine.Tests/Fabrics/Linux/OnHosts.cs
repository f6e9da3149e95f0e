using Maestro.Testbeds;

namespace Maestro.Engine.Tests.Fabrics.Linux;

/// <summary>What tests do on a testbed's hosts beside Maestro.</summary>
internal static class OnHosts
{
    // Only a hang ends by it.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <summary>What the command writes; it must succeed.</summary>
    public static async Task<string> InsideAsync(this Testbed bed, TestbedHost host, string command) => (await bed.RunInsideAsync(host, command)).EnsureSuccess().Output;

    public static async Task UntilAsync(Func<Task<bool>> wanted, string otherwise = "it did not come", TimeSpan? patience = null)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (!await wanted())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(began) < (patience ?? Patience), otherwise);
            await Task.Delay(TimeSpan.FromMilliseconds(200));
        }
    }
}
