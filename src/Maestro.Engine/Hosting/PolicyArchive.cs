using Maestro.Engine.Fabrics;
using Maestro.Engine.Model.Errors;
using Maestro.Engine.Model.Groups;
using Maestro.Engine.Model.Policy;
using Maestro.Engine.Operations.Plans;
using Maestro.Engine.Operations.Running;
using Maestro.Engine.Operations.Steps;
using Maestro.Engine.Store;
using Maestro.Engine.Synchronisation;
using Maestro.Engine.Synchronisation.Policy;

namespace Maestro.Engine.Hosting;

/// <summary>Reads a group's versions of one carriage: from the store, and from members what the store does not know. Changes nothing.</summary>
internal sealed class PolicyArchive(EngineParts parts, WorldObserver observer, Carriage carriage)
{
    /// <summary>What was read of one group.</summary>
    internal sealed record Shelf
    {
        public required SecurityGroup Group { get; init; }

        public required IReadOnlyList<GroupMember> Members { get; init; }

        /// <summary>As the members, in their order.</summary>
        public required IReadOnlyList<GenerationObservation> Observed { get; init; }

        public required (int Number, string Fingerprint)? Intended { get; init; }

        public required IReadOnlyList<PolicyVersion> Versions { get; init; }
    }

    public Carriage Carriage => carriage;

    private IGenerationCarrier Carrier => carriage.Of(parts.Fabric);

    /// <exception cref="MaestroException"><c>GroupNotFound</c>, <c>GroupAmbiguous</c>, <c>FabricCannot</c>.</exception>
    public async Task<Shelf> ReadAsync(string nameOrId, CancellationToken cancellation)
    {
        var carrier = Carrier;
        var world = await observer.ObserveAsync("", "", [], cancellation);
        var group = world.Group(nameOrId);
        var members = world.MembersOf(group.Name).ToList();
        var all = await parts.Store.FindGenerationsAsync(carriage.Kind, group.Name);
        IReadOnlyList<GenerationRecord> generations = [.. all.Where(g => g.State != GenerationState.Forgotten)];
        var observed = await Task.WhenAll(members.Select(m => carrier.ObserveAsync(MemberRef.Of(m), cancellation)));
        var intended = IntendedGeneration.Of(carriage, group, generations);
        var recovered = new List<(int, string)>();
        foreach (var unknown in PolicyVersionList.Unknown(generations, observed))
        {
            if (await FromMembersAsync(members, observed, unknown, cancellation) is not null) recovered.Add(unknown);
        }

        return new Shelf
        {
            Group = group,
            Members = members,
            Observed = observed,
            Intended = intended,
            Versions = PolicyVersionList.Of(generations, recovered, observed, intended, group.Name, parts.Session),
        };
    }

    /// <summary>From the store, else from a member that has it.</summary>
    /// <exception cref="MaestroException"><c>PolicyVersionNotFound</c>: neither has it whole.</exception>
    public async Task<string> ReadContentAsync(Shelf shelf, int number, string fingerprint, CancellationToken cancellation) =>
        await parts.Store.ReadContentAsync(fingerprint)
        ?? await FromMembersAsync(shelf.Members, shelf.Observed, (number, fingerprint), cancellation)
        ?? throw new MaestroException(carriage.VersionNotFound, $"The content of {carriage.Noun} version {Text(number)} of '{shelf.Group.Name}' is neither in the store nor on a member.", shelf.Group.Name);

    /// <summary>The version to bring back, with its content and where that once came from, and whether the current one did so already.</summary>
    /// <exception cref="MaestroException"><c>GroupNotFound</c>, nothing to restore: see <see cref="Carriage.NotFound"/> and <see cref="Carriage.VersionNotFound"/>.</exception>
    public async Task<Restorable> FindRestorableAsync(string nameOrId, int? number, CancellationToken cancellation)
    {
        var shelf = await ReadAsync(nameOrId, cancellation);
        var version = PolicyVersionChoice.ToRestore(carriage, shelf.Group.Name, shelf.Versions, number);
        return new Restorable(
            shelf.Group.Name,
            version,
            await ReadContentAsync(shelf, version.Version, version.Fingerprint, cancellation),
            version.Source.Length > 0 ? $"version {Text(version.Version)}: {version.Source}" : $"version {Text(version.Version)}",
            number is null && version.IsCurrent);
    }

    internal sealed record Restorable(string Group, PolicyVersion Version, string Content, string Source, bool AlreadyRestored);

    private static string Text(int number) => number.ToString(System.Globalization.CultureInfo.InvariantCulture);

    private async Task<string?> FromMembersAsync(IReadOnlyList<GroupMember> members, IReadOnlyList<GenerationObservation> observed, (int Number, string Fingerprint) wanted, CancellationToken cancellation)
    {
        for (var i = 0; i < members.Count; i++)
        {
            if (PolicyVersionList.Held(observed[i]).Contains(wanted) && await Carrier.ReadContentAsync(MemberRef.Of(members[i]), wanted.Number, wanted.Fingerprint, cancellation) is { } content) return content;
        }

        return null;
    }
}
