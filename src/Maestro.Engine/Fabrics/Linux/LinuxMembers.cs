using System.Globalization;
using Maestro.Engine.Fabrics.Linux.Traffic;
using Maestro.Engine.Model.Errors;
using Maestro.Engine.Model.Groups;
using Maestro.Engine.Operations.Plans;

namespace Maestro.Engine.Fabrics.Linux;

/// <summary>
/// What can be done to one Linux member. Its state lies in its own file; where orchestrating hosts steer the group's traffic its slots go along, with their
/// connections. What it is to be is written first where it leaves and last where it comes: a controller that dies in between leaves one that shows as on its way.
/// </summary>
internal sealed class LinuxMembers(IMemberFiles files, ITopology topology, LinuxTraffic? traffic) : IMemberActions
{
    private const string Suspended = "suspended";
    private const string Draining = "draining";

    public async Task<Effect> SuspendAsync(FabricCall call, MemberRef member, DrainMode drain, string reason)
    {
        if (traffic is null) return Cannot("nothing steers the traffic of this group, so it cannot be taken out");
        if (drain == DrainMode.Wait) return Cannot("the orchestrators keep no mark of each flow, so nobody can wait for their end");
        var begun = await files.SuspendAsync(call, member, Draining, reason);
        if (begun.Kind is EffectKind.Refused or EffectKind.Unknown) return begun;
        var moved = await traffic.LeaveAsync(call, member);
        if (moved.Kind is EffectKind.Refused or EffectKind.Unknown) return moved with { HasBegun = true };
        return With(await files.SuspendAsync(call, member, Suspended, reason), moved);
    }

    public async Task<Effect> ResumeAsync(FabricCall call, MemberRef member)
    {
        if (traffic is null) return Cannot("nothing steers the traffic of this group, so it was not taken out by us");
        var view = await topology.ObserveAsync(TopologyScope.Deployed, call.Cancellation);
        var seen = view.Members.FirstOrDefault(m => m.SecurityGroup == member.SecurityGroup && m.Gateway == member.Gateway);
        var group = view.Groups.FirstOrDefault(g => g.Name == member.SecurityGroup);
        if (seen is null || group is null) return Effect.Refused("it is no member any more", ErrorCatalogue.MemberNotFound);
        if (seen.State == MemberState.Lost) return Effect.Refused($"it does not answer: {seen.Reason}", ErrorCatalogue.MemberUnreachable, transient: true);
        return FindBehind(seen, group, view.Members) is { } behind ? Effect.Refused(behind, ErrorCatalogue.MemberStateInvalid) : await ActivateAsync(call, member);
    }

    public async Task<Effect> RestartAsync(FabricCall call, MemberRef member)
    {
        if (traffic is null) return Cannot("nothing steers the traffic of this group, so its packets would go on coming while it is down");
        var effect = await files.RestartAsync(call, member);
        // That it is back is for others to see.
        return effect.Kind is EffectKind.Done or EffectKind.Already ? Effect.Done("restarts") : effect;
    }

    public Task<Effect> ActivateAsync(FabricCall call, MemberRef member) =>
        traffic is null ? files.ActivateAsync(call, member) : traffic.JoinAsync(call, member, async share => With(await files.ActivateAsync(call, member), share));

    /// <summary>Nobody carries traffic by another policy than the group's, but for a newer one by which others carry it: then most of the group is behind.</summary>
    /// <returns>Null where it may carry; else why not.</returns>
    internal static string? FindBehind(GroupMember member, SecurityGroup group, IEnumerable<GroupMember> members)
    {
        var others = members.Where(m => m.SecurityGroup == group.Name && m.Gateway != member.Gateway && m.State == MemberState.Active).ToList();
        return Behind("policy", member.PolicyVersion, member.PolicyFingerprint, group.PolicyVersion, group.PolicyFingerprint, others.Select(m => m.PolicyFingerprint))
            ?? Behind("configuration", member.ConfigurationVersion, member.ConfigurationFingerprint, group.ConfigurationVersion, group.ConfigurationFingerprint, others.Select(m => m.ConfigurationFingerprint));
    }

    private static string? Behind(string what, int? number, string fingerprint, int? groupNumber, string groupFingerprint, IEnumerable<string> others) =>
        fingerprint == groupFingerprint || (number > groupNumber && others.Contains(fingerprint)) ? null : $"it runs {what} {Named(number)} and the group has {Named(groupNumber)}";

    private static string Named(int? number) => number is { } known ? "#" + known.ToString(CultureInfo.InvariantCulture) : "none";

    /// <summary>What was done to the member, and what to the table: done when either was.</summary>
    private static Effect With(Effect member, Effect table) =>
        member.Kind == EffectKind.Already && table.Kind == EffectKind.Done ? table : member with { Evidence = string.Join("\n", new[] { member.Evidence, table.Evidence }.Where(e => e.Length > 0)) };

    private static Effect Cannot(string reason) => Effect.Refused(reason, ErrorCatalogue.FabricCannot);
}
