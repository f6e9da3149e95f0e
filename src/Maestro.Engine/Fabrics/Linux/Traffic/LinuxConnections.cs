using Maestro.Engine.Fabrics.Linux.Ssh;
using Maestro.Engine.Model.Errors;
using Maestro.Engine.Model.Groups;

namespace Maestro.Engine.Fabrics.Linux.Traffic;

/// <summary>The connections of one member as it told them, or why it did not.</summary>
internal sealed record ConnectionSight(SteeredMember Member, IReadOnlyDictionary<string, KnownConnection> Known, Effect? Fault);

/// <summary>Asks members for the connections that their kernels track, and gives them those of others.</summary>
internal sealed class LinuxConnections(LinuxHosts hosts) : IKernelConnections
{
    /// <summary>In one script, so that neither side holds all of a million in one text.</summary>
    private const int AtOnce = 5000;

    /// <summary>For one such script, which takes a second.</summary>
    private static readonly TimeSpan LoadTimeout = TimeSpan.FromSeconds(30);

    public async Task<IReadOnlyList<ConnectionSight>> ListAsync(IEnumerable<SteeredMember> members, CancellationToken cancellation) =>
        await Task.WhenAll(members.Select(m => ListAsync(m, cancellation)));

    public async Task<Effect?> LoadAsync(FabricCall call, SteeredMember member, IReadOnlyList<KnownConnection> connections, long version)
    {
        for (var at = 0; at < connections.Count; at += AtOnce)
        {
            var script = GatewayScripts.LoadConnections(string.Join("\n", connections.Skip(at).Take(AtOnce).Select(c => c.Line)), version);
            var (effect, _) = await hosts.WriteAsync(call, member.Gateway.Host, script, LoadTimeout);
            if (effect.Kind is EffectKind.Refused or EffectKind.Unknown) return Fault(member, effect);
        }

        return null;
    }

    private async Task<ConnectionSight> ListAsync(SteeredMember member, CancellationToken cancellation)
    {
        var answer = await hosts.ReadAsync(member.Gateway.Host, GatewayScripts.ListConnections(), cancellation);
        if (answer.Outcome == ScriptOutcome.Answered && answer.Value("outcome") == "done") return new ConnectionSight(member, ConnectionListing.Read(answer), null);
        var effect = LinuxHosts.EffectOf(answer, member.Gateway.Host.Id);
        return new ConnectionSight(member, new Dictionary<string, KnownConnection>(), Fault(member, effect));
    }

    // What was lost on the way is made again: a look changed nothing, and a connection that is there already stays as it is.
    private static Effect Fault(SteeredMember member, Effect effect)
    {
        var known = effect.OrAskAgain();
        return known with { Reason = $"{member.Id}: {known.Reason}", Code = known.Code ?? ErrorCatalogue.ConnectionsNotMoved, Evidence = "" };
    }
}
