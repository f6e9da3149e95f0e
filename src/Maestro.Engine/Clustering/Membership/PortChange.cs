using System.Globalization;
using Maestro.Engine.Fabrics;
using Maestro.Engine.Model.Errors;
using Maestro.Engine.Model.Fabric;
using Maestro.Engine.Operations.Leases;
using Maestro.Engine.Operations.Plans;
using Maestro.Engine.Operations.Steps;
using Names = Maestro.Engine.Operations.Steps.StepArgumentNames;

namespace Maestro.Engine.Clustering.Membership;

/// <summary>New settings of ports; live at once, never pending.</summary>
public sealed record PortChange : ChangeRequest
{
    public override string Kind => "SetOrchestratorPort";

    public override string SecurityGroup => "";

    public required IReadOnlyList<PortSettings> Ports { get; init; }

    public override Plan Plan(ObservedWorld world)
    {
        var decisions = new List<Decision>();
        var steps = new List<PlanStep>();
        foreach (var wanted in Ports.OrderBy(p => p.PortId, StringComparer.Ordinal))
        {
            var port = world.Deployed.Ports.FirstOrDefault(p => p.Id == wanted.PortId || p.Name == wanted.PortId)
                ?? throw new MaestroException(ErrorCatalogue.PortNotFound, $"There is no port '{wanted.PortId}' on '{world.Traits.Endpoint}'.", wanted.PortId);
            var settings = wanted with { PortId = port.Id };
            if (IsAsWanted(port, settings))
            {
                decisions.Add(new Decision($"port {port}", "has these settings already", Acts: false));
                continue;
            }

            decisions.Add(new Decision($"port {port}", $"becomes {Words(settings)}, at once"));
            steps.Add(Step(port, settings, Before(port, settings)));
        }

        return new Plan
        {
            Kind = Kind,
            Resources = [Resource.Topology],
            Stages = steps.Count == 0 ? [] : [new PlanStage { Name = "ports", ParallelLimit = 1, Steps = steps }],
            Decisions = decisions,
            FailurePolicy = FailurePolicy.Rollback,
        };
    }

    internal static bool IsAsWanted(OrchestratorPort port, PortSettings wanted) =>
        (wanted.Type is null || wanted.Type == port.Type)
        && (wanted.Enabled is null || wanted.Enabled == port.Enabled)
        && (wanted.Mtu is null || wanted.Mtu == port.Mtu)
        && (wanted.QsfpMode is null || wanted.QsfpMode == port.QsfpMode)
        && (wanted.AutoNegotiation is null || wanted.AutoNegotiation == port.AutoNegotiation);

    internal static PortSettings SettingsOf(StepArguments arguments) => new()
    {
        PortId = arguments[Names.Port],
        Type = arguments.Get(Names.Type) is { Length: > 0 } type ? (PortType)Enum.Parse(typeof(PortType), type) : null,
        Enabled = Flag(arguments.Get(Names.Enabled)),
        Mtu = arguments.GetOptionalInt32(Names.Mtu),
        QsfpMode = arguments.Get(Names.QsfpMode) is { Length: > 0 } mode ? mode : null,
        AutoNegotiation = Flag(arguments.Get(Names.AutoNegotiation)),
    };

    private static PlanStep Step(OrchestratorPort port, PortSettings settings, PortSettings? before) => new()
    {
        Id = (before is null ? "port/undo/" : "port/") + port.Id,
        Kind = StepKinds.PortSet,
        Subject = $"port {port}",
        Arguments = StepArguments.Of(
            (Names.Port, settings.PortId),
            (Names.Type, settings.Type?.ToString() ?? ""),
            (Names.Enabled, settings.Enabled is { } enabled ? (enabled ? "true" : "false") : ""),
            (Names.Mtu, settings.Mtu?.ToString(CultureInfo.InvariantCulture) ?? ""),
            (Names.QsfpMode, settings.QsfpMode ?? ""),
            (Names.AutoNegotiation, settings.AutoNegotiation is { } auto ? (auto ? "true" : "false") : "")),
        Reason = $"set {Words(settings)}",
        Inverse = before is null ? null : Step(port, before, null),
    };

    private static PortSettings Before(OrchestratorPort port, PortSettings wanted) => new()
    {
        PortId = port.Id,
        Type = wanted.Type is null ? null : port.Type,
        Enabled = wanted.Enabled is null ? null : port.Enabled,
        Mtu = wanted.Mtu is null ? null : port.Mtu,
        QsfpMode = wanted.QsfpMode is null ? null : port.QsfpMode,
        AutoNegotiation = wanted.AutoNegotiation is null ? null : port.AutoNegotiation,
    };

    private static string Words(PortSettings s) => string.Join(", ", new[]
    {
        s.Type is { } type ? $"type {type}" : "",
        s.Enabled is { } enabled ? (enabled ? "enabled" : "disabled") : "",
        s.Mtu is { } mtu ? $"MTU {mtu.ToString(CultureInfo.InvariantCulture)}" : "",
        s.QsfpMode is { } mode ? $"QSFP mode {mode}" : "",
        s.AutoNegotiation is { } auto ? $"auto-negotiation {(auto ? "on" : "off")}" : "",
    }.Where(w => w.Length > 0));

    private static bool? Flag(string text) => text.Length == 0 ? null : text == "true";
}
