using Maestro.Engine.Operations.Plans;

namespace Maestro.Engine.Fabrics.Probes;

/// <summary>Asks what the user wants to know of the world before a change is decided. Changes nothing by itself.</summary>
public interface IProbes
{
    /// <summary>Already when the answer is good; Refused with <c>Maestro.ProbeFailed</c> and what was seen when not.</summary>
    /// <param name="call">Its deadline is the question's.</param>
    /// <param name="probe">The question.</param>
    /// <param name="member">Who is asked, when members are; else null.</param>
    Task<Effect> AskAsync(FabricCall call, Probe probe, MemberRef? member);
}
