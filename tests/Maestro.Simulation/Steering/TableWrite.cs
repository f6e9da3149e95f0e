using Maestro.Engine.Clustering.Distribution;
using Maestro.Engine.Fabrics;
using Maestro.Simulation.Controllers;

namespace Maestro.Simulation.Steering;

/// <summary>An orchestrator has taken a table.</summary>
/// <param name="Orchestrator">Which.</param>
/// <param name="Group">Whose table.</param>
/// <param name="Before">What it went by; null for none.</param>
/// <param name="After">What it goes by from now on.</param>
/// <param name="Call">For which step.</param>
/// <param name="Process">Who sent it.</param>
internal sealed record TableWrite(SteeredOrchestrator Orchestrator, string Group, DistributionTable? Before, DistributionTable After, FabricCall Call, ControllerProcess Process);

/// <summary>The newest table of a group reached an orchestrator.</summary>
/// <param name="Key">Of which operation's step.</param>
/// <param name="Version">The table's.</param>
/// <param name="At">When.</param>
internal sealed record TableChange(string Key, long Version, DateTimeOffset At);
