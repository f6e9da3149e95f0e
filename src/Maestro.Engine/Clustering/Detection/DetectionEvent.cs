using Maestro.Engine.Model.Groups;

namespace Maestro.Engine.Clustering.Detection;

internal enum DetectionKind
{
    /// <summary>Members are lost: their traffic is to go to their backups.</summary>
    Lost,

    /// <summary>Members are silent, and are not given up: the budget does not allow it. A person must look.</summary>
    Withheld,

    /// <summary>A lost member has answered for long enough.</summary>
    Back,

    /// <summary>An observer hears few of those whom others hear: what it says does not count until it hears again.</summary>
    ObserverCutOff,

    ObserverHears,

    /// <summary>Too few observers can be trusted: until that changes nobody is judged.</summary>
    Blind,

    Sees,
}

/// <summary>What the detector concludes, with its reason in a user's words.</summary>
/// <param name="Kind">What of.</param>
/// <param name="Members">Whom it is about, by id; empty where it is about an observer.</param>
/// <param name="Observer">Whose link it is about; empty where it is about members.</param>
/// <param name="Reason">Why.</param>
internal sealed record DetectionEvent(DetectionKind Kind, IReadOnlyList<MemberId> Members, string Observer, string Reason);
