using Maestro.Engine.Model.Groups;

namespace Maestro.Engine.Clustering.Distribution;

/// <summary>A member as the slot table sees it.</summary>
/// <param name="Id">Its id; the site is part of it.</param>
/// <param name="Weight">0..512, relative to the others; one of 0 takes no slot and backs none up.</param>
/// <param name="Carries">False on a standby site: it takes no slot, but keeps the second copies.</param>
public sealed record SlotMember(MemberId Id, int Weight, bool Carries = true)
{
    public const int HighestWeight = 512;

    /// <summary>Whether slots may be given to it.</summary>
    public bool TakesSlots => Carries && Weight > 0;

    /// <summary>Its weight when slots are shared out; 0 for who takes none.</summary>
    internal int Share => TakesSlots ? Weight : 0;

    public override string ToString() => Id.ToString();
}
