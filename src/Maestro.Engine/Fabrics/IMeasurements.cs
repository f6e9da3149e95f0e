using Maestro.Engine.Operations.Plans;

namespace Maestro.Engine.Fabrics;

/// <summary>What members carry, measured. Costs more than a look: who does not need it does not ask.</summary>
public interface IMeasurements
{
    /// <summary>In the order given, of members of one group; one that does not answer is there, with nothing known of it. Where a rate takes two looks it takes a second.</summary>
    Task<IReadOnlyList<MemberTraffic>> MeasureAsync(IReadOnlyList<MemberRef> members, CancellationToken cancellation);
}

/// <summary>What a member was measured to carry.</summary>
/// <param name="Member">Its id.</param>
/// <param name="FlowCount">Flows that it knows now; null when not known.</param>
/// <param name="BytesPerSecond">In both directions; null when not known.</param>
public sealed record MemberTraffic(string Member, long? FlowCount, long? BytesPerSecond);
