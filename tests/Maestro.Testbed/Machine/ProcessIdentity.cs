using System.Globalization;

namespace Maestro.Testbeds.Machine;

/// <summary>A process that cannot be confused with a later one of the same number.</summary>
/// <param name="Id">Its number.</param>
/// <param name="StartTicks">When it started, in clock ticks since boot (field 22 of /proc/N/stat).</param>
internal sealed record ProcessIdentity(int Id, long StartTicks)
{
    /// <summary>True while it runs. A zombie is dead: it only waits to be reaped.</summary>
    public bool IsAlive => State is not (null or 'Z' or 'X');

    /// <summary>The kernel's letter for what it is doing; null when it is gone.</summary>
    public char? State => Read(Id) is { } now && now.StartTicks == StartTicks ? now.State : null;

    /// <summary>Which numbering of processes ours is: a number read in a container says nothing about its neighbour's processes.</summary>
    public static string Namespace { get; } = File.ResolveLinkTarget("/proc/self/ns/pid", returnFinalTarget: false)?.Name ?? string.Empty;

    public static ProcessIdentity? Of(int id) => Read(id) is { } now ? new ProcessIdentity(id, now.StartTicks) : null;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Id}:{StartTicks}");

    public static ProcessIdentity? Parse(string text)
    {
        var parts = text.Trim().Split(':');
        return parts.Length == 2 && int.TryParse(parts[0], out var id) && long.TryParse(parts[1], out var ticks) ? new ProcessIdentity(id, ticks) : null;
    }

    private static (char State, long StartTicks)? Read(int id)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{id}/stat");
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            return (fields[0][0], long.Parse(fields[19], CultureInfo.InvariantCulture));
        }
        catch (IOException)
        {
            return null;
        }
    }
}
