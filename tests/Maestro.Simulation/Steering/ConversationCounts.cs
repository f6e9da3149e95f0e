namespace Maestro.Simulation.Steering;

/// <summary>What became of connections through steered groups.</summary>
internal sealed class ConversationCounts
{
    public long Began { get; set; }

    /// <summary>Nobody who forwards was there for the first packet.</summary>
    public long Refused { get; set; }

    public long Ended { get; set; }

    /// <summary>Given up by their ends: for two minutes their packets reached nobody who knew them.</summary>
    public long Lost { get; set; }

    /// <summary>How often packets reached nobody who knew them, and then did again.</summary>
    public long Gaps { get; private set; }

    public TimeSpan LongestGap { get; private set; }

    public void Gap(TimeSpan time)
    {
        Gaps++;
        if (time > LongestGap) LongestGap = time;
    }

    public void Add(ConversationCounts other)
    {
        Began += other.Began;
        Refused += other.Refused;
        Ended += other.Ended;
        Lost += other.Lost;
        Gaps += other.Gaps;
        if (other.LongestGap > LongestGap) LongestGap = other.LongestGap;
    }
}
