using Maestro.Engine.Operations.Plans;

namespace Maestro.Engine.Fabrics;

/// <summary>Probes the members of groups from several places, many times a second. Reads only; judges nobody.</summary>
public interface IMemberSight
{
    /// <summary>Who probes, by name. One that never reports is among them.</summary>
    IReadOnlyList<string> Observers { get; }

    /// <summary>Begins to probe, and goes on until what this answers is disposed of.</summary>
    /// <param name="members">Whom.</param>
    /// <param name="interval">Between two rounds of one observer, and how long an answer may take.</param>
    /// <param name="report">Told of every round, from any thread; must not block.</param>
    IDisposable Begin(IReadOnlyList<MemberRef> members, TimeSpan interval, Action<MemberSighting> report);
}

/// <summary>What one observer says of one round of its probes.</summary>
/// <param name="Observer">Its name.</param>
/// <param name="Late">How much later than it should the observer itself made the round.</param>
/// <param name="Answered">By member, in the order in which they were given.</param>
public sealed record MemberSighting(string Observer, TimeSpan Late, IReadOnlyList<bool> Answered);
