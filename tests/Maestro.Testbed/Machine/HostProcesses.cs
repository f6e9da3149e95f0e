using System.Globalization;

namespace Maestro.Testbeds.Machine;

/// <summary>Which processes a host has, as this machine sees them.</summary>
internal static class HostProcesses
{
    /// <summary>All of them: orphans are adopted by the host's first process.</summary>
    public static ProcessIdentity[] Of(TestbedHost host) => [.. Family(host.ProcessId).Select(ProcessIdentity.Of).OfType<ProcessIdentity>()];

    private static IEnumerable<int> Family(int id)
    {
        string children;
        try
        {
            children = File.ReadAllText($"/proc/{id}/task/{id}/children");
        }
        catch (IOException)
        {
            return [];
        }

        return children.Split(' ', StringSplitOptions.RemoveEmptyEntries).SelectMany(child => Family(int.Parse(child, CultureInfo.InvariantCulture))).Prepend(id);
    }
}
