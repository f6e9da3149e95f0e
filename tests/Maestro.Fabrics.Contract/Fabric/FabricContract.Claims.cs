using Maestro.Engine.Fabrics;
using Maestro.Engine.Model.Errors;
using Maestro.Engine.Model.Groups;

namespace Maestro.Fabrics.Contract.Fabric;

public abstract partial class FabricContract
{
    private static readonly TimeSpan ShortLife = TimeSpan.FromSeconds(3);

    private IGroupClaims Claims
    {
        get
        {
            Skip.If(Fabric.Claims is null, "this fabric cannot fence");
            return Fabric.Claims!;
        }
    }

    private Task<ClaimAnswer> TryClaim(ClaimRequest request) => Run(() => Claims.ClaimAsync(request, CancellationToken.None));

    private Task<ClaimAnswer> Renew(ClaimRequest request) => Run(() => Claims.RenewAsync(request, CancellationToken.None));

    private Task Release(ClaimRequest request) => Run(async () =>
    {
        await Claims.ReleaseAsync(request, CancellationToken.None);
        return true;
    });

    [SkippableFact]
    public async Task Each_claim_grants_a_higher_epoch_and_at_least_the_one_asked_for()
    {
        _ = Claims;
        var group = await MakeGroup();
        await Release(group.Claim);
        var next = await TryClaim(Request(group.Members, "op-2", 2));
        Assert.True(next.Granted);
        Assert.True(next.Epoch > group.Epoch);
        await Release(Request(group.Members, "op-2", 2, next.Epoch));
        Assert.Equal(500, (await TryClaim(Request(group.Members, "op-3", 1, epoch: 500))).Epoch);
    }

    [SkippableFact]
    public async Task A_group_that_is_held_is_not_granted_and_its_holder_is_named()
    {
        _ = Claims;
        var group = await MakeGroup();
        var answer = await TryClaim(Request(group.Members, "op-2", 2));
        Assert.False(answer.Granted);
        Assert.Equal(("op-1", Owner(1)), (answer.HeldBy!.OperationId, answer.HeldBy.Owner));
    }

    [SkippableFact]
    public async Task The_operation_that_holds_a_group_may_claim_it_again()
    {
        _ = Claims;
        var group = await MakeGroup();
        var again = await TryClaim(Request(group.Members, "op-1", 2));
        Assert.True(again.Granted);
        Assert.True(again.Epoch > group.Epoch);
    }

    [SkippableFact]
    public async Task A_claim_ends_when_it_is_not_renewed()
    {
        _ = Claims;
        var group = await MakeGroup();
        await Release(group.Claim);
        await Claim(group.Members, "op-2", 2, timeToLive: ShortLife);
        Assert.False((await TryClaim(Request(group.Members, "op-3", 3))).Granted);
        await Pass(ShortLife + ShortLife);
        Assert.True((await TryClaim(Request(group.Members, "op-3", 3))).Granted);
    }

    [SkippableFact]
    public async Task A_renewed_claim_outlives_its_first_time()
    {
        _ = Claims;
        var group = await MakeGroup();
        await Release(group.Claim);
        var claim = await Claim(group.Members, "op-2", 2, timeToLive: ShortLife);
        Assert.True((await Renew(claim with { TimeToLive = TimeSpan.FromMinutes(1) })).Granted);
        await Pass(ShortLife + ShortLife);
        Assert.Equal("op-2", (await TryClaim(Request(group.Members, "op-3", 3))).HeldBy?.OperationId);
    }

    [SkippableFact]
    public async Task A_renewal_is_refused_once_another_was_granted_the_group()
    {
        _ = Claims;
        var group = await MakeGroup();
        await Release(group.Claim);
        var old = await Claim(group.Members, "op-2", 2, timeToLive: ShortLife);
        await Pass(ShortLife + ShortLife);
        var now = await Claim(group.Members, "op-3", 3);
        Assert.False((await Renew(old)).Granted);
        Assert.True((await Renew(now)).Granted);
    }

    [SkippableFact]
    public async Task A_late_release_does_not_take_anothers_claim_away()
    {
        _ = Claims;
        var group = await MakeGroup();
        await Release(group.Claim);
        var old = await Claim(group.Members, "op-2", 2, timeToLive: ShortLife);
        await Pass(ShortLife + ShortLife);
        await Claim(group.Members, "op-3", 3);
        await Release(old);
        Assert.Equal("op-3", (await TryClaim(Request(group.Members, "op-4", 4))).HeldBy?.OperationId);
    }

    [SkippableFact]
    public async Task A_late_release_does_not_take_the_claim_of_whoever_went_on_with_the_same_operation_away()
    {
        _ = Claims;
        var group = await MakeGroup();
        await Release(group.Claim);
        var old = await Claim(group.Members, "op-2", 2, timeToLive: ShortLife);
        await Pass(ShortLife + ShortLife);
        var now = await Claim(group.Members, "op-2", 3);
        await Release(old);
        Assert.Equal("op-2", (await TryClaim(Request(group.Members, "op-4", 4))).HeldBy?.OperationId);
        await Release(now);
        Assert.True((await TryClaim(Request(group.Members, "op-4", 4))).Granted);
    }

    [SkippableFact]
    public async Task A_claim_needs_a_majority()
    {
        _ = Claims;
        Skip.If(Under.SilenceAsync is null, "this fabric's tests cannot silence a gateway");
        var group = await MakeGroup(3);
        await Release(group.Claim);
        await Under.SilenceAsync!(group.Members[2].Gateway);
        var two = await TryClaim(Request(group.Members, "op-2", 2));
        Assert.True(two.Granted);
        Assert.Equal([group.Members[2]], two.Silent);
        await Release(Request(group.Members, "op-2", 2, two.Epoch));

        await Under.SilenceAsync(group.Members[1].Gateway);
        var one = await TryClaim(Request(group.Members, "op-3", 3));
        Assert.False(one.Granted);
        Assert.Null(one.HeldBy);
        Assert.NotEqual("", one.Reason);
    }

    [SkippableFact]
    public async Task Half_is_no_majority()
    {
        _ = Claims;
        Skip.If(Under.SilenceAsync is null, "this fabric's tests cannot silence a gateway");
        var group = await MakeGroup(2);
        await Release(group.Claim);
        await Under.SilenceAsync!(group.Members[1].Gateway);
        Assert.False((await TryClaim(Request(group.Members, "op-2", 2))).Granted);
    }

    [SkippableFact]
    public async Task A_call_under_an_older_epoch_is_refused_and_changes_nothing()
    {
        _ = Claims;
        var group = await MakeGroup();
        var policies = Policies();
        await Release(group.Claim);
        var newer = await Claim(group.Members, "op-2", 2);
        var generation = Generation(1, Under.PolicyPath);
        var stale = await Call("stage/1_1", group.Epoch);

        Refused(await Do(() => policies.StageAsync(stale, group.First, generation)), ErrorCatalogue.LeaseLost);
        if (Fabric.Traits.Capability.Contains("Suspend"))
        {
            Refused(await Do(() => Fabric.Members!.SuspendAsync(stale, group.First, DrainMode.Move, "anna@jump1: disk")), ErrorCatalogue.LeaseLost);
        }

        Assert.Empty((await ObservePolicy(group.First)).Staged);
        Assert.Equal(MemberState.Active, (await Member(group.First)).State);
        var current = await Call("stage/1_1", newer.Epoch, "op-2");
        Accepted(await Do(() => policies.StageAsync(current, group.First, generation)));
    }

    [SkippableFact]
    public async Task A_claim_brings_those_who_missed_earlier_ones_up_to_its_epoch()
    {
        _ = Claims;
        var group = await MakeGroup(3);
        await Release(group.Claim);
        var few = Request([group.Members[0], group.Members[1]], "op-2", 2);
        var paused = await TryClaim(few);
        await Release(few with { Epoch = paused.Epoch });
        var now = await Claim(group.Members, "op-3", 3);
        Assert.True(now.Epoch > paused.Epoch);

        var woken = await Call("stage/1_3", paused.Epoch, "op-2");
        Refused(await Do(() => Policies().StageAsync(woken, group.Members[2], Generation(1, Under.PolicyPath))), ErrorCatalogue.LeaseLost);
    }

    [SkippableFact]
    public async Task A_renewal_brings_a_member_that_the_claim_did_not_reach_up_to_its_epoch()
    {
        _ = Claims;
        var group = await MakeGroup(3);
        await Release(group.Claim);
        var few = await Claim([group.Members[0], group.Members[1]], "op-2", 2);
        Assert.True((await Renew(few with { Participants = group.Members })).Granted);

        var stale = await Call("stage/1_3", group.Epoch);
        Refused(await Do(() => Policies().StageAsync(stale, group.Members[2], Generation(1, Under.PolicyPath))), ErrorCatalogue.LeaseLost);
    }
}
