using Maestro.Engine.Fabrics;
using Maestro.Engine.Model.Policy;
using Maestro.Engine.Store;
using Maestro.Engine.Synchronisation.Policy;

namespace Maestro.Engine.Tests.Synchronisation;

public sealed class PolicyVersionListTests
{
    private static readonly GenerationObservation Silent = new() { Answered = false, ConfirmedGeneration = 9, ConfirmedFingerprint = "nine" };

    [Fact]
    public void The_groups_own_is_confirmed_and_current_and_what_came_before_is_superseded()
    {
        var versions = List([Generation(3, "c"), Generation(2, "b", GenerationState.Reverted), Generation(1, "a")], intended: (3, "c"));
        Assert.Equal([PolicyVersionState.Confirmed, PolicyVersionState.Reverted, PolicyVersionState.Superseded], versions.Select(v => v.State));
        Assert.Equal([true, false, false], versions.Select(v => v.IsCurrent));
    }

    [Fact]
    public void One_whose_run_has_not_ended_is_staged_and_not_current() =>
        Assert.Equal((PolicyVersionState.Staged, false), List([Generation(4, "d", GenerationState.Staged), Generation(3, "c")], intended: (3, "c")).Select(v => (v.State, v.IsCurrent)).First());

    /// <summary>The closing entry may be lost between the members' confirmation and the store's.</summary>
    [Fact]
    public void What_the_members_hold_as_the_groups_own_is_current_even_where_the_store_did_not_hear_of_it() =>
        Assert.Equal((PolicyVersionState.Confirmed, true), List([Generation(4, "d", GenerationState.Staged), Generation(3, "c")], intended: (4, "d")).Select(v => (v.State, v.IsCurrent)).First());

    [Fact]
    public void What_only_members_have_is_unknown_once_each_newest_first()
    {
        var members = new[] { Member(confirmed: (3, "c"), staged: [(2, "b"), (3, "c")]), Member(confirmed: (3, "c"), staged: [(4, "d")]), Silent };
        Assert.Equal([(4, "d"), (2, "b")], PolicyVersionList.Unknown([Generation(3, "c")], members));
    }

    /// <summary>Two controllers with stores of their own may have given one number twice.</summary>
    [Fact]
    public void One_number_with_two_contents_is_two_versions_and_the_members_one_comes_first()
    {
        var members = new[] { Member(confirmed: (3, "theirs"), staged: []) };
        var versions = PolicyVersionList.Of([Generation(3, "ours")], PolicyVersionList.Unknown([Generation(3, "ours")], members), members, (3, "theirs"), "dmz", "lab");
        Assert.Equal([("theirs", true, true), ("ours", false, false)], versions.Select(v => (v.Fingerprint, v.Recovered, v.IsCurrent)));
    }

    [Fact]
    public void A_recovered_version_is_what_the_members_make_of_it()
    {
        var members = new[] { Member(confirmed: (3, "c"), staged: [(2, "b"), (4, "d")]), Member(confirmed: (1, "a"), staged: []) };
        var versions = PolicyVersionList.Of([], PolicyVersionList.Unknown([], members), members, (3, "c"), "dmz", "lab");
        Assert.Equal(
            [(4, PolicyVersionState.Staged), (3, PolicyVersionState.Confirmed), (2, PolicyVersionState.Superseded), (1, PolicyVersionState.Superseded)],
            versions.Select(v => (v.Version, v.State)));
        Assert.All(versions, v => Assert.True(v.Recovered && v.CreatedAt is null));
    }

    private static IReadOnlyList<PolicyVersion> List(IReadOnlyList<GenerationRecord> generations, (int, string) intended) => PolicyVersionList.Of(generations, [], [], intended, "dmz", "lab");

    private static GenerationRecord Generation(int number, string fingerprint, GenerationState state = GenerationState.Confirmed) =>
        new() { Kind = GenerationKind.Policy, SecurityGroup = "dmz", Number = number, Fingerprint = fingerprint, State = state, CreatedAt = default };

    private static GenerationObservation Member((int Number, string Fingerprint) confirmed, (int, string)[] staged) => new()
    {
        Answered = true,
        RunningGeneration = confirmed.Number,
        ProvenFingerprint = confirmed.Fingerprint,
        ConfirmedGeneration = confirmed.Number,
        ConfirmedFingerprint = confirmed.Fingerprint,
        Staged = staged,
    };
}
