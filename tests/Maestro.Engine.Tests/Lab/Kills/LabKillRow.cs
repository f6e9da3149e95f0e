using Maestro.Engine.Fabrics;
using Maestro.Engine.Hosting;

namespace Maestro.Engine.Tests.Lab.Kills;

/// <summary>One change that is killed: what its world needs first, what is asked for, and what is so once it has been done.</summary>
internal sealed record LabKillRow
{
    public required string Name { get; init; }

    /// <summary>What it stands for: a request's type, or the engine's method that steers an operation.</summary>
    public required string Asks { get; init; }

    /// <summary>Makes the world ready and answers the words of the change, with the ids that only the ready world knows.</summary>
    public required Func<EngineHost, Task<string[]>> PrepareAsync { get; init; }

    /// <summary>What the next run asks for; null for the same words again.</summary>
    public Func<string[], string[]>? Next { get; init; }

    /// <summary>What must be so after the next run, and wherever a run reported success.</summary>
    public required Action<TopologyView> Expect { get; init; }

    /// <summary>True where two threads of the victim race, so that an entry's number says roughly where, not exactly.</summary>
    public bool Races { get; init; }

    public override string ToString() => Name;
}
