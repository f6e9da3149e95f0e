namespace Maestro.Engine.Fabrics.Linux.Traffic;

/// <summary>The connections that members' kernels track.</summary>
internal interface IKernelConnections
{
    /// <summary>Those of each member, or why it does not tell them.</summary>
    Task<IReadOnlyList<ConnectionSight>> ListAsync(IEnumerable<SteeredMember> members, CancellationToken cancellation);

    /// <summary>Gives a member those of others. One that is there already stays as it is, also where it is a copy that its sender takes back.</summary>
    /// <param name="call">The call.</param>
    /// <param name="member">Who gets them.</param>
    /// <param name="connections">What it gets.</param>
    /// <param name="version">Of the table by which they will be the member's.</param>
    /// <returns>Null when the member ran all of it; which of them it has, a listing tells.</returns>
    Task<Effect?> LoadAsync(FabricCall call, SteeredMember member, IReadOnlyList<KnownConnection> connections, long version);
}
