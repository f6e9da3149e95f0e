namespace Maestro.Simulation.Mutants;

/// <summary>A bug that can be planted: a piece of the engine's source, and what stands there instead, behind a switch.</summary>
/// <param name="Name">The switch.</param>
/// <param name="File">In src/Maestro.Engine.</param>
/// <param name="Original">Stands there exactly once.</param>
/// <param name="Planted">Behaves as the original unless <c>Planted.Is</c> the name.</param>
/// <param name="Also">Where a second line holds when the first does not: the property is broken only when both are.</param>
internal sealed record Mutant(string Name, string File, string Original, string Planted, Mutant? Also = null);
