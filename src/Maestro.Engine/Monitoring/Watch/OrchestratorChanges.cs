using Maestro.Engine.Fabrics;
using Maestro.Engine.Model.Monitoring;

namespace Maestro.Engine.Monitoring.Watch;

/// <summary>What is different between two looks at the orchestrators of a group. Pure.</summary>
internal static class OrchestratorChanges
{
    /// <param name="before">The look before; null for the first.</param>
    /// <param name="after">This one.</param>
    public static IEnumerable<MaestroEvent> Of(GroupTraffic? before, GroupTraffic after)
    {
        var was = (before?.Orchestrators ?? []).ToDictionary(o => o.Orchestrator, StringComparer.Ordinal);
        foreach (var now in after.Orchestrators)
        {
            // Whom nobody has seen yet is expected to be well.
            var old = was.TryGetValue(now.Orchestrator, out var seen) ? seen : new OrchestratorTraffic { Orchestrator = now.Orchestrator, Answers = true };
            if (!now.Answers)
            {
                if (old.Answers) yield return Event(after, MaestroEventKind.OrchestratorLost, EventSeverity.Error, $"{now.Orchestrator} {now.Fault}");
                continue;
            }

            if (!old.Answers) yield return Event(after, MaestroEventKind.OrchestratorBack, EventSeverity.Information, $"{now.Orchestrator} answers again");
            var wasAtFault = old.Answers && old.Fault.Length > 0;
            if (now.Fault.Length > 0 && (!old.Answers || now.Fault != old.Fault)) yield return Event(after, MaestroEventKind.OrchestratorOutOfStep, EventSeverity.Warning, $"{now.Orchestrator} {now.Fault}");
            else if (now.Fault.Length == 0 && wasAtFault) yield return Event(after, MaestroEventKind.OrchestratorInStep, EventSeverity.Information, $"{now.Orchestrator} goes by the group's table again");
        }

        var (had, has) = (before is null ? [] : Having(before), Having(after));
        if (before is not null && has.Count > 0 && had.Count > 0 && !had.SequenceEqual(has)) yield return Event(after, MaestroEventKind.AddressesMoved, EventSeverity.Warning, $"{string.Join(", ", has)} has the addresses that neighbours send to, before it was {string.Join(", ", had)}");
    }

    /// <summary>What can be brought in step now: nothing while one of them is silent, for the table is written to all or none.</summary>
    public static IReadOnlyList<string> Behind(GroupTraffic seen) =>
        seen.Orchestrators.Any(o => !o.Answers) ? [] : [.. seen.Orchestrators.Where(o => o.Fault.Length > 0).Select(o => $"{o.Orchestrator} {o.Fault}")];

    private static List<string> Having(GroupTraffic seen) => [.. seen.Orchestrators.Where(o => o.HasAddresses == true).Select(o => o.Orchestrator)];

    private static MaestroEvent Event(GroupTraffic seen, MaestroEventKind kind, EventSeverity severity, string text) =>
        new() { Time = seen.ObservedAt, SecurityGroup = seen.SecurityGroup, Kind = kind, Severity = severity, Text = text };
}
