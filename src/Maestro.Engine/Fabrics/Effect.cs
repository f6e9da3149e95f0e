using Maestro.Engine.Model.Errors;

namespace Maestro.Engine.Fabrics;

public enum EffectKind
{
    /// <summary>It was done.</summary>
    Done,

    /// <summary>It was so already; nothing was changed.</summary>
    Already,

    /// <summary>It was certainly not done.</summary>
    Refused,

    /// <summary>Nobody can say; only an observation can settle it.</summary>
    Unknown,
}

/// <summary>The answer to a call that changes something.</summary>
public sealed record Effect
{
    public required EffectKind Kind { get; init; }

    /// <summary>In the user's words; for a refusal, why.</summary>
    public string Reason { get; init; } = "";

    /// <summary>What the device said, shortened to what helps.</summary>
    public string Evidence { get; init; } = "";

    /// <summary>The catalogue's entry for a refusal; null when the runner's general one fits.</summary>
    public ErrorCode? Code { get; init; }

    /// <summary>A refusal that may pass by itself: the device is busy or was not reached, and nothing was sent.</summary>
    public bool Transient { get; init; }

    /// <summary>A transient refusal while what it waits for is on its way, a member that boots or one that hands over: worth waiting for as long as the step may take, however often it is asked.</summary>
    public bool IsComing { get; init; }

    /// <summary>A refusal after a part was done, which whoever gives it up must take back.</summary>
    public bool HasBegun { get; init; }

    /// <summary>True when the device itself read the result back after acting, in the same round trip: no further verification is needed.</summary>
    public bool Verified { get; init; }

    public static Effect Done(string evidence = "", bool verified = false) => new() { Kind = EffectKind.Done, Evidence = evidence, Verified = verified };

    public static Effect Already(string evidence = "") => new() { Kind = EffectKind.Already, Evidence = evidence, Verified = true };

    public static Effect Refused(string reason, ErrorCode? code = null, string evidence = "", bool transient = false) =>
        new() { Kind = EffectKind.Refused, Reason = reason, Code = code, Evidence = evidence, Transient = transient };

    public static Effect Unknown(string reason, string evidence = "") => new() { Kind = EffectKind.Unknown, Reason = reason, Evidence = evidence };

    /// <summary>Of what leaves nothing in doubt when its answer is lost, such as a look: that is asked again.</summary>
    internal Effect OrAskAgain() => Kind == EffectKind.Unknown ? Refused(Reason, ErrorCatalogue.MemberUnreachable, transient: true) : this;
}
