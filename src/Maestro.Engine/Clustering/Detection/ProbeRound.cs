namespace Maestro.Engine.Clustering.Detection;

/// <summary>What one observer says of one round of its probes.</summary>
/// <param name="Observer">Its index among the detector's.</param>
/// <param name="Late">How much later than it should the observer itself made the round: it stood still.</param>
/// <param name="Answered">By member, in the detector's order.</param>
internal readonly record struct ProbeRound(int Observer, TimeSpan Late, bool[] Answered);
