namespace Maestro.Simulation.Traffic;

/// <summary>Why a member no longer carries.</summary>
internal enum OutBy
{
    OurHand,
    Fault,

    /// <summary>Somebody else at the portal or on the command line.</summary>
    OtherHand,
}

/// <summary>What became of connections.</summary>
internal sealed class TrafficCounts
{
    public long Arrived { get; set; }

    /// <summary>Nobody of the group carried.</summary>
    public long Refused { get; set; }

    /// <summary>Their copy was acknowledged.</summary>
    public long Synced { get; set; }

    public long Ended { get; set; }

    /// <summary>Taken over by the backup, by what put the member out.</summary>
    public long[] Carried { get; } = new long[3];

    /// <summary>Lost with a copy that was gone too.</summary>
    public long[] LostSynced { get; } = new long[3];

    /// <summary>Lost before there was a copy.</summary>
    public long[] LostYoung { get; } = new long[3];

    public long Lost => LostSynced.Sum() + LostYoung.Sum();

    public void Add(TrafficCounts other)
    {
        Arrived += other.Arrived;
        Refused += other.Refused;
        Synced += other.Synced;
        Ended += other.Ended;
        for (var i = 0; i < Carried.Length; i++)
        {
            Carried[i] += other.Carried[i];
            LostSynced[i] += other.LostSynced[i];
            LostYoung[i] += other.LostYoung[i];
        }
    }
}

/// <summary>Connections that were lost as a member went out.</summary>
/// <param name="Group">The group.</param>
/// <param name="Member">Who went out.</param>
/// <param name="By">Why.</param>
/// <param name="Synced">How many had a copy.</param>
/// <param name="Young">How many had none yet.</param>
/// <param name="WasDrained">For longer than the copying of what it carried takes.</param>
/// <param name="AnyLeft">Whether somebody of the group takes connections, and copies.</param>
/// <param name="Since">How long ago one of the group went out that our hand had not prepared: by a fault, by another hand, or along with an apply that takes it out undrained.</param>
internal sealed record TrafficLoss(string Group, string Member, OutBy By, int Synced, int Young, bool WasDrained, bool AnyLeft, TimeSpan Since);
