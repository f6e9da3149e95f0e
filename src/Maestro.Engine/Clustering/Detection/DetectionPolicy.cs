namespace Maestro.Engine.Clustering.Detection;

/// <summary>How sure one must be that a member is lost, and what is done about those that come and go.</summary>
internal sealed record DetectionPolicy
{
    /// <summary>Between two probes of one observer, and how long each may take. The simulation's figures are for 50 ms.</summary>
    public TimeSpan ProbeInterval { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>
    /// How improbable the silence of a living member must be, over all observers together, as a negative power of ten; 1..100. With 1 % of all probes lost
    /// each that gets no answer counts 2, so that six are needed: with 20 rounds a second that happens to fewer than one member in a hundred years.
    /// </summary>
    public double Threshold { get; init; } = 10.05;

    /// <summary>The same for one observer, below which it does not count as one that suspects. Two lost probes reach it, one does not.</summary>
    public double LeastEach { get; init; } = 3.5;

    /// <summary>How many observers must suspect a member; 1..16. Who has fewer that can be trusted judges nobody.</summary>
    public int Quorum { get; init; } = 2;

    /// <summary>A silence of so long towards a quorum is believed, however often probes are lost.</summary>
    public TimeSpan LongestSilence { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>How long those who are certainly lost wait for others that are about to be, so that one broken link is one event.</summary>
    public TimeSpan LongestCutWait { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Rounds that an observer must have made in time before it is trusted, after it stood still or was cut off itself.</summary>
    public int WarmUpRounds { get; init; } = 20;

    /// <summary>The same for one that has just begun: it knows nothing of its network yet.</summary>
    public int LearningRounds { get; init; } = 200;

    /// <summary>An observer whose round is late by so many intervals, or whose report is missing for so long, says nothing about anybody.</summary>
    public int LateRounds { get; init; } = 3;

    /// <summary><see cref="LateRounds"/> as a time.</summary>
    public TimeSpan Patience => TimeSpan.FromTicks(ProbeInterval.Ticks * LateRounds);

    /// <summary>How long a lost member must answer before it is back. Doubles with each further loss within <see cref="DampingMemory"/>.</summary>
    public TimeSpan RecoveryDelay { get; init; } = TimeSpan.FromSeconds(30);

    public TimeSpan LongestRecoveryDelay { get; init; } = TimeSpan.FromMinutes(30);

    public TimeSpan DampingMemory { get; init; } = TimeSpan.FromHours(1);

    /// <summary>The share of a group that may be judged lost within <see cref="BudgetWindow"/>; above it a person must decide. 0..1, and never the last member.</summary>
    public double BudgetShare { get; init; } = 2.0 / 3;

    public TimeSpan BudgetWindow { get; init; } = TimeSpan.FromMinutes(10);
}
