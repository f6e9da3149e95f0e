using Maestro.Engine.Fabrics;
using Maestro.Engine.Model.Errors;
using Maestro.Engine.Model.Groups;
using Maestro.Engine.Operations.Plans;

namespace Maestro.Fabrics.Contract.Fabric;

public abstract partial class FabricContract
{
    private const string Why = "anna@jump1: disk swap CHG0042";

    private IMemberActions Actions
    {
        get
        {
            Skip.If(Fabric.Members is null, "this fabric has no member actions");
            return Fabric.Members!;
        }
    }

    private async Task<Effect> Suspend(ContractGroup group, MemberRef member, string step = "suspend")
    {
        var call = await Call($"{step}/{member.Member}", group.Epoch);
        return await Do(() => Actions.SuspendAsync(call, member, DrainMode.Move, Why));
    }

    private async Task<Effect> Resume(ContractGroup group, MemberRef member)
    {
        var call = await Call("resume/" + member.Member, group.Epoch);
        return await Do(() => Actions.ResumeAsync(call, member));
    }

    private async Task<Effect> Restart(ContractGroup group, MemberRef member, string step = "restart")
    {
        var call = await Call($"{step}/{member.Member}", group.Epoch);
        return await Do(() => Actions.RestartAsync(call, member));
    }

    /// <summary>True when the fabric offers the capability; else its refusal was checked.</summary>
    private async Task<bool> Offers(string capability, Func<Task<Effect>> call)
    {
        if (Fabric.Traits.Capability.Contains(capability)) return true;
        Refused(await call(), ErrorCatalogue.FabricCannot);
        return false;
    }

    [SkippableFact]
    public async Task A_suspended_member_carries_nothing_and_shows_by_whom_and_why()
    {
        var group = await MakeGroup();
        if (!await Offers("Suspend", () => Suspend(group, group.First))) return;
        Accepted(await Suspend(group, group.First));
        await Until(group.First, m => m!.State == MemberState.Suspended);
        var member = await Member(group.First);
        Assert.Equal("anna@jump1", member.SuspendedBy);
        Assert.Contains("disk swap CHG0042", member.Reason);
        // Where nobody measures, nothing is said.
        Assert.Equal(0, member.SharePercent ?? 0);
        Assert.InRange(member.ConnectionCount ?? 0, 0, Under.OwnConnections);
        Assert.Equal(MemberState.Active, (await Member(group.Members[1])).State);
    }

    [SkippableFact]
    public async Task Suspending_a_suspended_member_answers_already_and_keeps_who_did_it()
    {
        var group = await MakeGroup();
        if (!await Offers("Suspend", () => Suspend(group, group.First))) return;
        await Suspend(group, group.First);
        await Until(group.First, m => m!.State == MemberState.Suspended);
        var call = await Call("suspend/again", group.Epoch);
        var again = await Do(() => Actions.SuspendAsync(call, group.First, DrainMode.Move, "otto@jump2: other"));
        Assert.Equal(EffectKind.Already, again.Kind);
        Assert.Equal("anna@jump1", (await Member(group.First)).SuspendedBy);
    }

    [SkippableFact]
    public async Task A_resumed_member_carries_traffic_again()
    {
        var group = await MakeGroup();
        if (!await Offers("Suspend", () => Resume(group, group.First))) return;
        await Suspend(group, group.First);
        await Until(group.First, m => m!.State == MemberState.Suspended);
        Accepted(await Resume(group, group.First));
        await Until(group.First, m => m!.State == MemberState.Active);
        var member = await Member(group.First);
        Assert.Equal("", member.SuspendedBy);
        Assert.True(member.SharePercent is null or > 0);
        Assert.Equal(EffectKind.Already, (await Resume(group, group.First)).Kind);
    }

    [SkippableFact]
    public async Task A_suspension_survives_a_restart()
    {
        var group = await MakeGroup();
        if (!await Offers("Restart", () => Restart(group, group.First))) return;
        await Suspend(group, group.First);
        await Until(group.First, m => m!.State == MemberState.Suspended);
        var before = (await Member(group.First)).Since;
        Accepted(await Restart(group, group.First));
        await Until(group.First, m => m!.Since != before && m.State is not (MemberState.Booting or MemberState.Lost));
        var member = await Member(group.First);
        Assert.Equal((MemberState.Suspended, "anna@jump1"), (member.State, member.SuspendedBy));
    }

    [SkippableFact]
    public async Task A_restarted_member_comes_back_by_itself_with_what_was_confirmed()
    {
        var group = await MakeGroup();
        if (!await Offers("Restart", () => Restart(group, group.First))) return;
        var policies = Policies();
        var (first, second) = (Generation(1, Under.PolicyPath), Generation(2, Under.OtherPolicyPath));
        await Bring(group, first, confirm: true);
        await Bring(group, second, confirm: false);
        Assert.Equal(2, (await ObservePolicy(group.First)).RunningGeneration);

        Accepted(await Restart(group, group.First));
        await Until(group.First, m => m!.State != MemberState.Active);
        // Or it forwards nothing until somebody has settled what was left open.
        await Until(group.First, m => m!.State is MemberState.Active or MemberState.Held);
        var seen = await ObservePolicy(group.First);
        Assert.Equal((1, first.Fingerprint), (seen.RunningGeneration, seen.ProvenFingerprint));
    }

    [SkippableFact]
    public async Task A_restart_is_done_once_for_one_step()
    {
        var group = await MakeGroup();
        if (!await Offers("Restart", () => Restart(group, group.First))) return;
        await Restart(group, group.First);
        await Until(group.First, m => m!.State is MemberState.Booting or MemberState.Lost);
        await Until(group.First, m => m!.State == MemberState.Active);
        var since = (await Member(group.First)).Since;
        Accepted(await Restart(group, group.First));
        Assert.Equal((MemberState.Active, since), ((await Member(group.First)).State, (await Member(group.First)).Since));
    }

    [SkippableFact]
    public async Task Activating_an_active_member_answers_already()
    {
        var group = await MakeGroup();
        var call = await Call("activate/again", group.Epoch);
        Assert.Equal(EffectKind.Already, (await Do(() => Actions.ActivateAsync(call, group.First))).Kind);
    }

    [SkippableFact]
    public async Task What_is_no_member_is_not_acted_on()
    {
        var group = await MakeGroup();
        var stranger = new MemberRef("dmz", "1_9", Under.FreeGateways[2]);
        if (!await Offers("Suspend", () => Suspend(group, stranger))) return;
        Refused(await Suspend(group, stranger), ErrorCatalogue.MemberNotFound);
        Refused(await Suspend(group, stranger with { Gateway = "no-such" }), ErrorCatalogue.GatewayNotFound);
    }
}
