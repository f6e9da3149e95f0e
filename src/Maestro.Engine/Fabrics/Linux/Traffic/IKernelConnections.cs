namespace Maestro.Engine.Fabrics.Linux.Traffic;

/// <summary>The connections that members' kernels track.</summary>
internal interface IKernelConnections
{
    /// <summary>Those of each member, or why it does not tell them.</summary>
    Task<IReadOnlyList<ConnectionSight>> ListAsync(IEnumerable<SteeredMember> members, CancellationToken cancellation);

    /// <summary>Gives a member those of others. One that is there already stays as it is.</summary>
    /// <returns>Null when the member ran all of it; which of them it has, a listing tells.</returns>
    Task<Effect?> LoadAsync(FabricCall call, SteeredMember member, IReadOnlyList<KnownConnection> connections);
}
