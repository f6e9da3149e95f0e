using Maestro.Engine.Fabrics;
using Maestro.Engine.Model.Errors;
using Maestro.Engine.Operations.Plans;
using Maestro.Engine.Store;

namespace Maestro.Fabrics.Contract.Fabric;

public abstract partial class FabricContract
{
    private const string FirstConfiguration = """
        {
          "version": 1,
          "files": { "note": { "path": "/etc/maestro-contract", "content": "first\n" } },
          "sysctl": { "net.ipv4.conf.all.log_martians": 1, "net.ipv4.conf.all.send_redirects": 0 },
          "members": { "1_2": { "files": { "note": { "content": "second member\n" } } } }
        }
        """;

    private const string SecondConfiguration = """{ "version": 1, "files": { "note": { "path": "/etc/maestro-contract", "content": "changed\n", "mode": "0600" } }, "hostname": "renamed" }""";

    private IConfigurationCarrier Configurations()
    {
        Skip.If(Fabric.Configurations is null, "this fabric carries no configuration");
        return Fabric.Configurations!;
    }

    private NumberedContent Configuration(int number, string text)
    {
        var folder = Directory.CreateTempSubdirectory("maestro-configuration-").FullName;
        try
        {
            var path = Path.Combine(folder, "configuration.json");
            File.WriteAllText(path, text);
            var document = Configurations().Load(path);
            return new NumberedContent(number, document.Fingerprint, document.Content);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private Task<GenerationObservation> ObserveConfiguration(MemberRef member) => Run(() => Configurations().ObserveAsync(member, CancellationToken.None));

    private Task<Effect> OnConfiguration(ContractGroup group, string step, MemberRef member, NumberedContent generation, Func<IConfigurationCarrier, FabricCall, Task<Effect>> act) =>
        Do(async () => await act(Configurations(), await Call($"configuration/{step}/{member.Member}/{generation.Number}", group.Epoch)));

    private Task<Effect> StageConfiguration(ContractGroup group, MemberRef member, NumberedContent generation) => OnConfiguration(group, "stage", member, generation, (c, call) => c.StageAsync(call, member, generation));

    // Past the stage only number and fingerprint travel.
    private Task<Effect> CommitConfiguration(ContractGroup group, MemberRef member, NumberedContent generation, TimeSpan? revertAfter = null) =>
        OnConfiguration(group, "commit", member, generation, (c, call) => c.CommitAsync(call, member, generation with { Content = "" }, ConnectionTreatment.Keep, revertAfter ?? TimeSpan.FromMinutes(2)));

    private Task<Effect> ConfirmConfiguration(ContractGroup group, MemberRef member, NumberedContent generation) => OnConfiguration(group, "confirm", member, generation, (c, call) => c.ConfirmAsync(call, member, generation with { Content = "" }));

    private Task<Effect> ExtendConfiguration(ContractGroup group, MemberRef member, NumberedContent generation) => OnConfiguration(group, "extend", member, generation, (c, call) => c.ExtendAsync(call, member, generation with { Content = "" }, TimeSpan.FromMinutes(10)));

    private Task<Effect> RevertConfiguration(ContractGroup group, MemberRef member, NumberedContent generation) => OnConfiguration(group, "revert", member, generation, (c, call) => c.RevertAsync(call, member, generation with { Content = "" }));

    private Task<Effect> CheckConfiguration(ContractGroup group, MemberRef member, NumberedContent generation, TimeSpan atLeast) =>
        OnConfiguration(group, "check", member, generation, (c, call) => c.CheckAsync(call, member, generation with { Content = "" }, atLeast));

    private async Task BringConfiguration(ContractGroup group, NumberedContent generation, bool confirm)
    {
        foreach (var member in group.Members)
        {
            Accepted(await StageConfiguration(group, member, generation));
            Accepted(await CommitConfiguration(group, member, generation));
            if (confirm) Accepted(await ConfirmConfiguration(group, member, generation));
        }
    }

    private async Task<IReadOnlyDictionary<string, string?>> Items(MemberRef member, NumberedContent intended)
    {
        var listing = await Run(() => Configurations().ListAsync(member, intended, CancellationToken.None));
        Assert.True(listing.Answered, listing.Evidence);
        return listing.Actual.ToDictionary(v => v.Item, v => v.Value);
    }

    [SkippableFact]
    public void A_configuration_is_known_by_the_hash_of_its_content_and_its_faults_are_told()
    {
        var generation = Configuration(1, FirstConfiguration);
        Assert.Equal(Fingerprint.Of(generation.Content), generation.Fingerprint);
        Assert.Equal(generation, Configuration(1, FirstConfiguration.Replace("\"files\"", " /* same */ \"files\"", StringComparison.Ordinal)));
        Assert.Equal(["1_2"], Configurations().MembersIn(generation.Content));
        Assert.NotEqual(Configurations().Read(generation.Content, "1_1"), Configurations().Read(generation.Content, "1_2"));
        Assert.Equal(ErrorCatalogue.ConfigurationInvalid, Assert.ThrowsAny<MaestroException>(() => Configuration(1, "{ \"version\": 1, \"files\": 7 }")).Code);
        Assert.Equal(ErrorCatalogue.ConfigurationNotFound, Assert.ThrowsAny<MaestroException>(() => Configurations().Load(Under.PolicyPath + ".missing")).Code);
    }

    [SkippableFact]
    public async Task Nobody_decides_for_a_member_that_has_another_configuration_under_the_same_number()
    {
        _ = Configurations();
        var group = await MakeGroup();
        var (ours, theirs) = (Configuration(1, "{ \"version\": 1 }"), Configuration(1, FirstConfiguration));
        await BringConfiguration(group, theirs, confirm: false);
        Refused(await CheckConfiguration(group, group.First, ours, TimeSpan.FromSeconds(1)));
        Refused(await ExtendConfiguration(group, group.First, ours));
        Refused(await ConfirmConfiguration(group, group.First, ours));
        Assert.Null((await ObserveConfiguration(group.First)).ConfirmedGeneration);
    }

    [SkippableFact]
    public async Task A_staged_configuration_lies_ready_and_no_item_is_touched()
    {
        _ = Configurations();
        var group = await MakeGroup();
        var generation = Configuration(1, FirstConfiguration);
        var before = await Items(group.First, generation);
        Accepted(await StageConfiguration(group, group.First, generation));
        Accepted(await StageConfiguration(group, group.First, generation));
        var seen = await ObserveConfiguration(group.First);
        Assert.Equal([(1, generation.Fingerprint)], seen.Staged);
        Assert.Equal((null, null), (seen.RunningGeneration, seen.ConfirmedGeneration));
        Assert.Equal(before, await Items(group.First, generation));
        Assert.Empty((await ObservePolicy(group.First)).Staged);
    }

    [SkippableFact]
    public async Task A_configuration_confirmed_everywhere_is_the_groups_and_each_member_has_its_own_of_it()
    {
        _ = Configurations();
        var group = await MakeGroup();
        var generation = Configuration(1, FirstConfiguration);
        await BringConfiguration(group, generation, confirm: true);
        Accepted(await ConfirmConfiguration(group, group.First, generation));
        var seen = await ObserveConfiguration(group.First);
        Assert.Equal((1, generation.Fingerprint, 1, generation.Fingerprint), (seen.RunningGeneration, seen.ProvenFingerprint, seen.ConfirmedGeneration, seen.ConfirmedFingerprint));
        var shown = await Observe();
        Assert.Equal((1, generation.Fingerprint), (shown.Groups.Single().ConfigurationVersion, shown.Groups.Single().ConfigurationFingerprint));
        Assert.All(shown.Members, m => Assert.Equal((1, generation.Fingerprint), (m.ConfigurationVersion, m.ConfigurationFingerprint)));
        foreach (var member in group.Members)
        {
            var items = await Items(member, generation);
            Assert.Equal(Configurations().Read(generation.Content, member.Member).ToDictionary(v => v.Item, v => v.Value), items);
        }

        Assert.NotEqual((await Items(group.Members[0], generation))["file /etc/maestro-contract"], (await Items(group.Members[1], generation))["file /etc/maestro-contract"]);
        Assert.Equal(generation.Content, await Run(() => Configurations().ReadContentAsync(group.First, 1, generation.Fingerprint, CancellationToken.None)));
        Assert.Null(await Run(() => Configurations().ReadContentAsync(group.First, 7, generation.Fingerprint, CancellationToken.None)));
    }

    [SkippableFact]
    public async Task Confirming_an_earlier_configuration_once_more_leaves_a_later_one_its_timer_and_committing_it_ends_that()
    {
        _ = Configurations();
        var group = await MakeGroup();
        var (first, second) = (Configuration(1, FirstConfiguration), Configuration(2, SecondConfiguration));
        await BringConfiguration(group, first, confirm: true);
        Accepted(await StageConfiguration(group, group.First, second));
        Accepted(await CommitConfiguration(group, group.First, second));

        Refused(await ConfirmConfiguration(group, group.First, first));
        Assert.NotNull((await ObserveConfiguration(group.First)).RevertsIn);

        Accepted(await CommitConfiguration(group, group.First, first));
        Assert.Equal(1, (await ObserveConfiguration(group.First)).RunningGeneration);
        Assert.Null((await ObserveConfiguration(group.First)).RevertsIn);
        Accepted(await ConfirmConfiguration(group, group.First, first));
    }

    [SkippableFact]
    public async Task A_configuration_that_nobody_confirms_the_member_takes_back_by_itself_and_says_so()
    {
        _ = Configurations();
        var group = await MakeGroup();
        var (first, second) = (Configuration(1, FirstConfiguration), Configuration(2, SecondConfiguration));
        await BringConfiguration(group, first, confirm: true);
        var (before, unnamed) = (await Items(group.First, first), await Items(group.First, second));
        Accepted(await StageConfiguration(group, group.First, second));
        Accepted(await CommitConfiguration(group, group.First, second, TimeSpan.FromSeconds(3)));
        await Until(group.First, m => m?.ConfigurationVersion == 1);
        var seen = await ObserveConfiguration(group.First);
        Assert.Equal((1, first.Fingerprint, 1), (seen.RunningGeneration, seen.ProvenFingerprint, seen.ConfirmedGeneration));
        Assert.Equal(before, await Items(group.First, first));
        Assert.Equal(unnamed, await Items(group.First, second));
        Refused(await ExtendConfiguration(group, group.First, second), ErrorCatalogue.ConfigurationReverted);
        Refused(await ConfirmConfiguration(group, group.First, second), ErrorCatalogue.ConfigurationReverted);

        // Whoever decided for it meanwhile can bring the member forward.
        Accepted(await CommitConfiguration(group, group.First, second));
        Accepted(await ConfirmConfiguration(group, group.First, second));
        Assert.Equal(2, (await ObserveConfiguration(group.First)).ConfirmedGeneration);
        Assert.Equal("renamed", (await Items(group.First, second))["hostname"]);
    }

    [SkippableFact]
    public async Task A_configuration_has_a_revert_timer_of_its_own_from_commit_to_confirm()
    {
        _ = Configurations();
        var group = await MakeGroup();
        var generation = Configuration(1, FirstConfiguration);
        Refused(await CommitConfiguration(group, group.First, generation));
        Accepted(await StageConfiguration(group, group.First, generation));
        Refused(await CheckConfiguration(group, group.First, generation, TimeSpan.Zero));
        Refused(await ExtendConfiguration(group, group.First, generation));
        Refused(await ConfirmConfiguration(group, group.First, generation));
        Accepted(await CommitConfiguration(group, group.First, generation));
        Assert.InRange((await ObserveConfiguration(group.First)).RevertsIn!.Value, TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(2));
        Assert.Null((await ObservePolicy(group.First)).RevertsIn);
        Accepted(await CheckConfiguration(group, group.First, generation, TimeSpan.FromSeconds(10)));
        Refused(await CheckConfiguration(group, group.First, generation, TimeSpan.FromMinutes(3)));
        Accepted(await ExtendConfiguration(group, group.First, generation));
        Assert.InRange((await ObserveConfiguration(group.First)).RevertsIn!.Value, TimeSpan.FromMinutes(8), TimeSpan.FromMinutes(10));
        Accepted(await ConfirmConfiguration(group, group.First, generation));
        Assert.Null((await ObserveConfiguration(group.First)).RevertsIn);
        Accepted(await CheckConfiguration(group, group.First, generation, TimeSpan.FromMinutes(3)));
    }

    [SkippableFact]
    public async Task A_reverted_member_has_every_item_as_before_and_forgets_what_was_staged()
    {
        _ = Configurations();
        var group = await MakeGroup();
        var (first, second) = (Configuration(1, FirstConfiguration), Configuration(2, SecondConfiguration));
        var untouched = await Items(group.First, first);
        await BringConfiguration(group, first, confirm: false);
        Accepted(await RevertConfiguration(group, group.First, first));
        Accepted(await RevertConfiguration(group, group.First, first));
        var seen = await ObserveConfiguration(group.First);
        Assert.Equal((null, "", null), (seen.RunningGeneration, seen.ProvenFingerprint, seen.ConfirmedGeneration));
        Assert.Empty(seen.Staged);
        Assert.Equal(untouched, await Items(group.First, first));

        await BringConfiguration(group, first, confirm: true);
        await BringConfiguration(group, second, confirm: false);
        Accepted(await RevertConfiguration(group, group.First, second));
        seen = await ObserveConfiguration(group.First);
        Assert.Equal((1, first.Fingerprint, 1), (seen.RunningGeneration, seen.ProvenFingerprint, seen.ConfirmedGeneration));
        Assert.Equal(2, (await ObserveConfiguration(group.Members[1])).RunningGeneration);
    }

    [SkippableFact]
    public async Task An_item_that_a_later_configuration_does_not_name_goes_back_to_what_it_was_before_the_first()
    {
        _ = Configurations();
        var group = await MakeGroup();
        var (first, second) = (Configuration(1, FirstConfiguration), Configuration(2, SecondConfiguration));
        var untouched = await Items(group.First, first);
        await BringConfiguration(group, first, confirm: true);
        await BringConfiguration(group, second, confirm: true);
        var items = await Items(group.First, first);
        Assert.Equal(untouched["sysctl net.ipv4.conf.all.log_martians"], items["sysctl net.ipv4.conf.all.log_martians"]);
        await BringConfiguration(group, Configuration(3, """{ "version": 1 }"""), confirm: true);
        Assert.Equal(untouched, await Items(group.First, first));
    }

    [SkippableFact]
    public async Task A_joiner_has_the_groups_configuration_when_it_becomes_active()
    {
        _ = Configurations();
        Skip.If(!Fabric.Traits.JoinersPullPolicy, "where we carry it, the plan does");
        var group = await MakeGroup(2);
        var generation = Configuration(1, FirstConfiguration);
        await BringConfiguration(group, generation, confirm: true);
        var joiner = new MemberRef("dmz", "1_3", Under.FreeGateways[2]);
        await Stage(group.Epoch, "op-1", new TopologyEdit(TopologyEditKind.AssignGateway, "dmz", joiner.Gateway, joiner.Member));
        await Apply(group.Epoch, step: "topology/apply/2");
        await Until(joiner, m => m?.State == Maestro.Engine.Model.Groups.MemberState.Active);
        Assert.Equal(generation.Fingerprint, (await ObserveConfiguration(joiner)).ProvenFingerprint);
    }

    [SkippableFact]
    public async Task A_configuration_of_a_stale_holder_is_refused_and_a_silent_member_is_certainly_not_acted_on()
    {
        _ = Configurations();
        var group = await MakeGroup();
        var generation = Configuration(1, FirstConfiguration);
        Accepted(await StageConfiguration(group, group.First, generation));
        Refused(await StageConfiguration(group with { Claim = group.Claim with { Epoch = group.Epoch - 1 } }, group.First, generation), ErrorCatalogue.LeaseLost);
        Skip.If(Under.SilenceAsync is null, "this fabric's tests cannot silence a gateway");
        await Under.SilenceAsync!(group.First.Gateway);
        Assert.False((await ObserveConfiguration(group.First)).Answered);
        Assert.True((await StageConfiguration(group, group.First, generation)).Transient);
    }
}
