using Maestro.Engine.Fabrics;
using Maestro.Engine.Model.Errors;
using Maestro.Engine.Operations.Plans;

namespace Maestro.Engine.Operations.Running;

/// <summary>What an observation says about the state that a step wants.</summary>
internal sealed record Sight
{
    /// <summary>True: as wanted. False: not (yet). Null: could not be found out.</summary>
    public required bool? AsWanted { get; init; }

    public string Evidence { get; init; } = "";

    /// <summary>Not as wanted yet, but on its way there: whatever the answer said, the request took effect.</summary>
    public bool IsUnderWay { get; init; }

    /// <summary>Set when waiting longer cannot help.</summary>
    public string Hopeless { get; init; } = "";

    public ErrorCode? Code { get; init; }

    public static Sight Yes(string evidence = "") => new() { AsWanted = true, Evidence = evidence };

    public static Sight No(string evidence = "") => new() { AsWanted = false, Evidence = evidence };

    public static Sight UnderWay(string evidence) => new() { AsWanted = false, IsUnderWay = true, Evidence = evidence };

    public static Sight Unseen(string evidence) => new() { AsWanted = null, Evidence = evidence };

    public static Sight Never(string reason, ErrorCode? code = null, string evidence = "") =>
        new() { AsWanted = false, Hopeless = reason, Code = code, Evidence = evidence };
}

/// <summary>How long and how often. The runner keeps them; no handler has a loop of its own.</summary>
internal sealed record StepLimits
{
    /// <summary>One call to the fabric. A step's argument <c>callTimeout</c>, in seconds, outranks it.</summary>
    public TimeSpan CallTimeout { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>From the first attempt until the wanted state must have been seen. A step's argument <c>settleTimeout</c>, in seconds, outranks it.</summary>
    public TimeSpan SettleTimeout { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>The catalogue's entry for a wanted state that was not seen within <see cref="SettleTimeout"/>; null when the runner's general one fits.</summary>
    public ErrorCode? Late { get; init; }

    /// <summary>True where slots may move, and connections with them: such a call may last <see cref="FabricTraits.LongestMove"/>.</summary>
    public bool MovesTraffic { get; init; }

    /// <summary>True where the step changes nothing and a look would say less than its own question: what was not answered is asked again.</summary>
    public bool OnlyAsks { get; init; }

    /// <summary>How often the effect is tried when it was certainly not done.</summary>
    public int Attempts { get; init; } = 3;

    /// <summary>Between two looks while waiting.</summary>
    public TimeSpan LookEvery { get; init; } = TimeSpan.FromSeconds(1);
}

/// <summary>A step that does something on its way which must not stay when it fails.</summary>
internal interface IStepThatGivesUp
{
    /// <summary>Takes that back. Asked once, when the step has failed for good.</summary>
    /// <param name="context">The step's.</param>
    /// <param name="hasBegun">Whether it is known to have done a part, so that who cannot be seen now may still show it.</param>
    /// <returns>What could not be taken back, in words; empty for nothing.</returns>
    Task<string> GiveUpAsync(StepContext context, bool hasBegun);
}

/// <summary>A step whose wanted state may show before all of it is there: as an inverse it is carried out even where it shows already.</summary>
internal interface IStepThatShowsEarly;

/// <summary>A step whose outcome must last until the plan is done with it, and that another store's hand may take back meanwhile.</summary>
internal interface IStepThatLasts
{
    /// <summary>Whether it was taken back, as far as can be seen.</summary>
    Task<bool> IsTakenBackAsync(StepContext context);
}

/// <summary>An inverse whose wanted state comes about on the member itself, whoever reaches it.</summary>
internal interface IStepThatComesByItself
{
    /// <summary>So long a member that does not answer is tried where nobody has to see it come about.</summary>
    TimeSpan SilentPatience { get; }

    /// <summary>So long what is taken back works at most where nobody takes it back; it may itself be what keeps the member from answering. Null: it works nowhere.</summary>
    TimeSpan? LastsAtMost(PlanStep inverse);

    /// <summary>How it comes about, and by when, in the user's words.</summary>
    string ByItself(PlanStep inverse);
}

/// <summary>How one kind of step is checked, done and verified.</summary>
internal interface IStepHandler
{
    string Kind { get; }

    /// <summary>The newest version of the kind's meaning that this handler knows.</summary>
    int Version { get; }

    StepLimits Limits { get; }

    /// <summary>False when <see cref="ActAsync"/> checks on the device, under its lock, before it acts: then no separate look is needed first.</summary>
    bool LooksFirst { get; }

    /// <summary>Is the wanted state there? Asked before acting (check), after it (verify) and when the answer was lost.</summary>
    Task<Sight> LookAsync(StepContext context);

    Task<Effect> ActAsync(StepContext context);
}
