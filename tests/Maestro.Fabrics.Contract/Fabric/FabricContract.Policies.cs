using Maestro.Engine.Fabrics;
using Maestro.Engine.Model.Errors;
using Maestro.Engine.Model.Groups;
using Maestro.Engine.Operations.Plans;
using Maestro.Engine.Store;

namespace Maestro.Fabrics.Contract.Fabric;

public abstract partial class FabricContract
{
    private IPolicyCarrier Policies()
    {
        Skip.If(Fabric.Policies is null, "this fabric carries no policy");
        return Fabric.Policies!;
    }

    private NumberedContent Generation(int number, string path)
    {
        var document = Policies().Load(path);
        return new NumberedContent(number, document.Fingerprint, document.Content);
    }

    private Task<GenerationObservation> ObservePolicy(MemberRef member) => Run(() => Policies().ObserveAsync(member, CancellationToken.None));

    private async Task<Effect> StagePolicy(ContractGroup group, MemberRef member, NumberedContent generation)
    {
        var call = await Call($"stage/{member.Member}/{generation.Number}", group.Epoch);
        return await Do(() => Policies().StageAsync(call, member, generation));
    }

    // Past the stage only number and fingerprint travel.
    private async Task<Effect> Commit(ContractGroup group, MemberRef member, NumberedContent generation, TimeSpan? revertAfter = null)
    {
        var call = await Call($"commit/{member.Member}/{generation.Number}", group.Epoch);
        return await Do(() => Policies().CommitAsync(call, member, generation with { Content = "" }, ConnectionTreatment.Keep, revertAfter ?? TimeSpan.FromMinutes(2)));
    }

    private Task<Effect> Check(MemberRef member, NumberedContent generation, long epoch, TimeSpan atLeast) =>
        Do(async () => await Policies().CheckAsync(await Call($"check/{member.Member}/{generation.Number}", epoch), member, generation with { Content = "" }, atLeast));

    private async Task<Effect> Extend(ContractGroup group, MemberRef member, NumberedContent generation)
    {
        var call = await Call($"extend/{member.Member}/{generation.Number}", group.Epoch);
        return await Do(() => Policies().ExtendAsync(call, member, generation with { Content = "" }, TimeSpan.FromMinutes(10)));
    }

    private async Task<Effect> Confirm(ContractGroup group, MemberRef member, NumberedContent generation)
    {
        var call = await Call($"confirm/{member.Member}/{generation.Number}", group.Epoch);
        return await Do(() => Policies().ConfirmAsync(call, member, generation with { Content = "" }));
    }

    private async Task<Effect> Revert(ContractGroup group, MemberRef member, NumberedContent generation)
    {
        var call = await Call($"revert/{member.Member}/{generation.Number}", group.Epoch);
        return await Do(() => Policies().RevertAsync(call, member, generation with { Content = "" }));
    }

    private async Task Bring(ContractGroup group, NumberedContent generation, bool confirm)
    {
        foreach (var member in group.Members)
        {
            Accepted(await StagePolicy(group, member, generation));
            Accepted(await Commit(group, member, generation));
            if (confirm) Accepted(await Confirm(group, member, generation));
        }
    }

    [SkippableFact]
    public void A_policy_is_known_by_the_hash_of_its_content()
    {
        var document = Policies().Load(Under.PolicyPath);
        Assert.Equal(Fingerprint.Of(document.Content), document.Fingerprint);
        Assert.Equal(document, Policies().Load(Under.PolicyPath) with { Warnings = document.Warnings });
        Assert.NotEqual(document.Fingerprint, Policies().Load(Under.OtherPolicyPath).Fingerprint);
    }

    [SkippableFact]
    public void A_policy_that_is_not_there_or_does_not_parse_is_refused()
    {
        Assert.Equal(ErrorCatalogue.PolicyNotFound, Assert.ThrowsAny<MaestroException>(() => Policies().Load(Under.PolicyPath + ".missing")).Code);
        Assert.Equal(ErrorCatalogue.PolicyInvalid, Assert.ThrowsAny<MaestroException>(() => Policies().Load(Under.BrokenPolicyPath)).Code);
    }

    [SkippableFact]
    public async Task A_new_member_runs_and_boots_nothing_of_ours()
    {
        _ = Policies();
        var group = await MakeGroup();
        var seen = await ObservePolicy(group.First);
        Assert.True(seen.Answered);
        Assert.Equal((null, "", null, ""), (seen.RunningGeneration, seen.ProvenFingerprint, seen.ConfirmedGeneration, seen.ConfirmedFingerprint));
        Assert.Empty(seen.Staged);
    }

    [SkippableFact]
    public async Task A_staged_policy_lies_ready_and_the_kernel_is_not_touched()
    {
        _ = Policies();
        var group = await MakeGroup();
        var generation = Generation(1, Under.PolicyPath);
        Accepted(await StagePolicy(group, group.First, generation));
        Accepted(await StagePolicy(group, group.First, generation));
        var seen = await ObservePolicy(group.First);
        Assert.Equal([(1, generation.Fingerprint)], seen.Staged);
        Assert.Null(seen.RunningGeneration);
        Assert.Empty((await ObservePolicy(group.Members[1])).Staged);
    }

    [SkippableFact]
    public async Task A_committed_policy_is_proven_in_the_kernel_and_not_yet_what_a_restart_loads()
    {
        _ = Policies();
        var group = await MakeGroup();
        var generation = Generation(1, Under.PolicyPath);
        await StagePolicy(group, group.First, generation);
        Accepted(await Commit(group, group.First, generation));
        Accepted(await Commit(group, group.First, generation));
        var seen = await ObservePolicy(group.First);
        Assert.Equal((1, generation.Fingerprint, null), (seen.RunningGeneration, seen.ProvenFingerprint, seen.ConfirmedGeneration));
        var member = await Member(group.First);
        Assert.Equal((1, generation.Fingerprint), (member.PolicyVersion, member.PolicyFingerprint));
    }

    [SkippableFact]
    public async Task What_is_not_staged_is_not_committed_and_what_does_not_run_is_not_confirmed()
    {
        _ = Policies();
        var group = await MakeGroup();
        var generation = Generation(1, Under.PolicyPath);
        Refused(await Commit(group, group.First, generation));
        await StagePolicy(group, group.First, generation);
        Refused(await Confirm(group, group.First, generation));
        var seen = await ObservePolicy(group.First);
        Assert.Equal((null, null), (seen.RunningGeneration, seen.ConfirmedGeneration));
    }

    [SkippableFact]
    public async Task A_policy_confirmed_everywhere_is_the_groups()
    {
        _ = Policies();
        var group = await MakeGroup();
        var generation = Generation(1, Under.PolicyPath);
        await Bring(group, generation, confirm: true);
        Accepted(await Confirm(group, group.First, generation));
        var seen = await ObservePolicy(group.First);
        Assert.Equal((1, generation.Fingerprint), (seen.ConfirmedGeneration, seen.ConfirmedFingerprint));
        var shown = (await Observe()).Groups.Single();
        Assert.Equal((1, generation.Fingerprint), (shown.PolicyVersion, shown.PolicyFingerprint));
    }

    [SkippableFact]
    public async Task What_nobody_confirms_the_member_takes_back_by_itself_and_says_so_to_who_comes_too_late()
    {
        _ = Policies();
        var group = await MakeGroup();
        var (first, second) = (Generation(1, Under.PolicyPath), Generation(2, Under.OtherPolicyPath));
        await Bring(group, first, confirm: true);
        Accepted(await StagePolicy(group, group.First, second));
        Accepted(await Commit(group, group.First, second, TimeSpan.FromSeconds(3)));
        await Until(group.First, m => m?.PolicyVersion == 1);
        var seen = await ObservePolicy(group.First);
        Assert.Equal((1, first.Fingerprint, 1), (seen.RunningGeneration, seen.ProvenFingerprint, seen.ConfirmedGeneration));
        Assert.Null(seen.RevertsIn);
        Refused(await Extend(group, group.First, second), ErrorCatalogue.PolicyReverted);
        Refused(await Confirm(group, group.First, second), ErrorCatalogue.PolicyReverted);
        Assert.Equal(1, (await ObservePolicy(group.First)).RunningGeneration);

        // Whoever decided for it meanwhile can bring the member forward.
        Accepted(await Commit(group, group.First, second));
        Accepted(await Confirm(group, group.First, second));
        Assert.Equal(2, (await ObservePolicy(group.First)).ConfirmedGeneration);
    }

    [SkippableFact]
    public async Task Confirming_an_earlier_generation_once_more_leaves_a_later_one_its_timer_and_committing_it_ends_that()
    {
        _ = Policies();
        var group = await MakeGroup();
        var (first, second) = (Generation(1, Under.PolicyPath), Generation(2, Under.OtherPolicyPath));
        await Bring(group, first, confirm: true);
        Accepted(await StagePolicy(group, group.First, second));
        Accepted(await Commit(group, group.First, second));

        Refused(await Confirm(group, group.First, first));
        Assert.Equal((2, 1), ((await ObservePolicy(group.First)).RunningGeneration, (await ObservePolicy(group.First)).ConfirmedGeneration));
        Assert.NotNull((await ObservePolicy(group.First)).RevertsIn);

        Accepted(await Commit(group, group.First, first));
        Assert.Equal(1, (await ObservePolicy(group.First)).RunningGeneration);
        Assert.Null((await ObservePolicy(group.First)).RevertsIn);
        Accepted(await Confirm(group, group.First, first));
    }

    [SkippableFact]
    public async Task A_revert_timer_is_armed_by_the_commit_put_off_by_extend_and_gone_after_confirm()
    {
        _ = Policies();
        var group = await MakeGroup();
        var generation = Generation(1, Under.PolicyPath);
        await StagePolicy(group, group.First, generation);
        Assert.Null((await ObservePolicy(group.First)).RevertsIn);
        Accepted(await Commit(group, group.First, generation, TimeSpan.FromMinutes(2)));
        Assert.InRange((await ObservePolicy(group.First)).RevertsIn!.Value, TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(2));
        Accepted(await Check(group.First, generation, group.Epoch, TimeSpan.FromSeconds(10)));
        Refused(await Check(group.First, generation, group.Epoch, TimeSpan.FromMinutes(3)));
        Accepted(await Extend(group, group.First, generation));
        Accepted(await Extend(group, group.First, generation));
        Assert.InRange((await ObservePolicy(group.First)).RevertsIn!.Value, TimeSpan.FromMinutes(8), TimeSpan.FromMinutes(10));
        Accepted(await Confirm(group, group.First, generation));
        Assert.Null((await ObservePolicy(group.First)).RevertsIn);
        Accepted(await Check(group.First, generation, group.Epoch, TimeSpan.FromMinutes(3)));
    }

    [SkippableFact]
    public async Task What_does_not_run_is_neither_found_good_nor_put_off()
    {
        _ = Policies();
        var group = await MakeGroup();
        var generation = Generation(1, Under.PolicyPath);
        await StagePolicy(group, group.First, generation);
        Refused(await Check(group.First, generation, group.Epoch, TimeSpan.Zero));
        Refused(await Extend(group, group.First, generation));
    }

    [SkippableFact]
    public async Task A_reverted_member_holds_the_confirmed_policy_and_forgets_the_staged_one()
    {
        _ = Policies();
        var group = await MakeGroup();
        var (first, second) = (Generation(1, Under.PolicyPath), Generation(2, Under.OtherPolicyPath));
        await Bring(group, first, confirm: true);
        await Bring(group, second, confirm: false);
        Accepted(await Revert(group, group.First, second));
        Accepted(await Revert(group, group.First, second));
        var seen = await ObservePolicy(group.First);
        Assert.Equal((1, first.Fingerprint, 1), (seen.RunningGeneration, seen.ProvenFingerprint, seen.ConfirmedGeneration));
        Assert.DoesNotContain(seen.Staged, s => s.Generation == 2);
        Assert.Equal(2, (await ObservePolicy(group.Members[1])).RunningGeneration);
    }

    // Two stores count alike.
    [SkippableFact]
    public async Task Nobody_decides_for_a_member_that_runs_another_content_under_the_same_number()
    {
        _ = Policies();
        var group = await MakeGroup();
        var (first, ours, theirs) = (Generation(1, Under.PolicyPath), Generation(2, Under.OtherPolicyPath), Generation(2, Under.PolicyPath));
        await Bring(group, first, confirm: true);
        await Bring(group, theirs, confirm: false);
        Refused(await Check(group.First, ours, group.Epoch, TimeSpan.FromSeconds(1)));
        Refused(await Extend(group, group.First, ours));
        Refused(await Confirm(group, group.First, ours));

        // Nor when what they decide for has come to lie ready meanwhile.
        Accepted(await StagePolicy(group, group.First, ours));
        Refused(await Confirm(group, group.First, ours));
        Assert.Equal((1, first.Fingerprint), await ObservePolicy(group.First) is var seen ? (seen.ConfirmedGeneration, seen.ConfirmedFingerprint) : default);
    }

    [SkippableFact]
    public async Task A_member_that_has_confirmed_nothing_reverts_to_none_of_ours()
    {
        _ = Policies();
        var group = await MakeGroup();
        var generation = Generation(1, Under.PolicyPath);
        await Bring(group, generation, confirm: false);
        Accepted(await Revert(group, group.First, generation));
        var seen = await ObservePolicy(group.First);
        Assert.Null(seen.RunningGeneration);
        Assert.Equal("", seen.ProvenFingerprint);
        Assert.Empty(seen.Staged);
    }

    [SkippableFact]
    public async Task The_content_of_a_generation_can_be_read_back_by_number_and_fingerprint()
    {
        _ = Policies();
        var group = await MakeGroup();
        var generation = Generation(1, Under.PolicyPath);
        await Bring(group, generation, confirm: true);
        Assert.Equal(generation.Content, await Run(() => Policies().ReadContentAsync(group.First, 1, generation.Fingerprint, CancellationToken.None)));
        Assert.Null(await Run(() => Policies().ReadContentAsync(group.First, 1, Generation(1, Under.OtherPolicyPath).Fingerprint, CancellationToken.None)));
        Assert.Null(await Run(() => Policies().ReadContentAsync(group.First, 7, generation.Fingerprint, CancellationToken.None)));
    }

    [SkippableFact]
    public async Task A_joiner_holds_the_groups_policy_when_it_becomes_active()
    {
        _ = Policies();
        var group = await MakeGroup(2);
        var generation = Generation(1, Under.PolicyPath);
        await Bring(group, generation, confirm: true);
        var joiner = new MemberRef("dmz", "1_3", Under.FreeGateways[2]);
        await Stage(group.Epoch, "op-1", new TopologyEdit(TopologyEditKind.AssignGateway, "dmz", joiner.Gateway, joiner.Member));
        await Apply(group.Epoch, step: "topology/apply/2");
        if (!Fabric.Traits.JoinersPullPolicy)
        {
            Assert.NotEqual(MemberState.Active, (await Member(joiner)).State);
            group = group with { Members = [.. group.Members, joiner] };
            group = group with { Claim = await Claim(group.Members, "op-1", process: 1) };
            Accepted(await StagePolicy(group, joiner, generation));
            Accepted(await Commit(group, joiner, generation));
            Accepted(await Confirm(group, joiner, generation));
            var call = await Call("activate/" + joiner.Member, group.Epoch);
            Accepted(await Do(() => Fabric.Members!.ActivateAsync(call, joiner)));
        }

        await Until(joiner, m => m?.State == MemberState.Active);
        var seen = await ObservePolicy(joiner);
        Assert.Equal((1, generation.Fingerprint, 1), (seen.RunningGeneration, seen.ProvenFingerprint, seen.ConfirmedGeneration));
    }

    [SkippableFact]
    public async Task A_member_that_does_not_answer_is_seen_as_silent_and_certainly_not_acted_on()
    {
        _ = Policies();
        Skip.If(Under.SilenceAsync is null, "this fabric's tests cannot silence a gateway");
        var group = await MakeGroup();
        await Under.SilenceAsync!(group.First.Gateway);
        Assert.False((await ObservePolicy(group.First)).Answered);
        var effect = await StagePolicy(group, group.First, Generation(1, Under.PolicyPath));
        Refused(effect, ErrorCatalogue.MemberUnreachable);
        Assert.True(effect.Transient);
    }

    [SkippableFact]
    public async Task What_a_member_holds_reads_like_what_it_should_hold_and_like_nothing_else()
    {
        _ = Policies();
        var group = await MakeGroup();
        var first = Generation(1, Under.PolicyPath);
        var second = Generation(2, Under.OtherPolicyPath);
        await Bring(group, first, confirm: true);
        var same = await Run(() => Policies().ListAsync(group.First, first, CancellationToken.None));
        Assert.True(same.Answered, same.Evidence);
        Assert.NotEmpty(same.Intended);
        Assert.Equal((same.Intended, same.Intended), (same.Confirmed, same.Actual));

        var other = await Run(() => Policies().ListAsync(group.First, second, CancellationToken.None));
        Assert.Equal((same.Actual, same.Actual), (other.Confirmed, other.Actual));
        Assert.NotEqual(other.Intended, other.Actual);
        Assert.Equal([(1, first.Fingerprint)], (await ObservePolicy(group.First)).Staged.Where(s => s.Generation == 1));
    }
}
