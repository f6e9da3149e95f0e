using Maestro.Engine.Model.Errors;
using Maestro.Engine.Model.Policy;
using Maestro.Engine.Operations.Steps;
using Maestro.Engine.Synchronisation.Policy;

namespace Maestro.Engine.Tests.Synchronisation;

public sealed class PolicyVersionChoiceTests
{
    [Fact]
    public void Without_a_number_the_one_before_the_current_comes_back_past_those_that_did_not_stay() =>
        Assert.Equal(2, Choose(null, (4, "d", PolicyVersionState.Confirmed), (3, "c", PolicyVersionState.Reverted), (2, "b", PolicyVersionState.Superseded), (1, "a", PolicyVersionState.Superseded)));

    [Fact]
    public void What_was_brought_back_already_is_itself_the_answer() =>
        Assert.Equal(3, Choose(null, (3, "a", PolicyVersionState.Confirmed), (2, "b", PolicyVersionState.Superseded), (1, "a", PolicyVersionState.Superseded)));

    [Fact]
    public void After_a_restore_a_new_policy_goes_back_to_what_was_restored() =>
        Assert.Equal(3, Choose(null, (4, "d", PolicyVersionState.Confirmed), (3, "a", PolicyVersionState.Superseded), (2, "b", PolicyVersionState.Superseded), (1, "a", PolicyVersionState.Superseded)));

    [Fact]
    public void One_that_is_staged_above_the_current_is_no_past()
    {
        Assert.Equal(1, Choose(null, (3, "c", PolicyVersionState.Staged), (2, "b", PolicyVersionState.Confirmed), (1, "a", PolicyVersionState.Superseded)));
        Assert.Equal(ErrorCatalogue.PolicyVersionNotFound, Refused(3, (3, "c", PolicyVersionState.Staged), (2, "b", PolicyVersionState.Confirmed)));
    }

    [Fact]
    public void The_first_version_has_none_before_it_and_a_group_without_one_has_none_at_all()
    {
        Assert.Equal(ErrorCatalogue.PolicyVersionNotFound, Refused(null, (1, "a", PolicyVersionState.Confirmed)));
        Assert.Equal(ErrorCatalogue.PolicyVersionNotFound, Refused(2, (1, "a", PolicyVersionState.Confirmed)));
        Assert.Equal(ErrorCatalogue.PolicyNotFound, Refused(null));
    }

    [Fact]
    public void The_one_before_a_version_is_its_recorded_parent_else_the_newest_that_was_the_policy()
    {
        var versions = Versions((4, "d", PolicyVersionState.Confirmed), (3, "c", PolicyVersionState.Reverted), (2, "b", PolicyVersionState.Superseded), (1, "a", PolicyVersionState.Superseded));
        Assert.Equal(2, PolicyVersionChoice.Before(Carriage.Policy, "dmz", versions, versions[0]).Version);
        Assert.Equal(1, PolicyVersionChoice.Before(Carriage.Policy, "dmz", versions, versions[0] with { Parent = 1 }).Version);
        Assert.Equal(2, PolicyVersionChoice.Before(Carriage.Policy, "dmz", versions, versions[0] with { Parent = 99 }).Version);
    }

    private static int Choose(int? wanted, params (int Number, string Fingerprint, PolicyVersionState State)[] versions) => PolicyVersionChoice.ToRestore(Carriage.Policy, "dmz", Versions(versions), wanted).Version;

    private static ErrorCode Refused(int? wanted, params (int Number, string Fingerprint, PolicyVersionState State)[] versions) => Assert.Throws<MaestroException>(() => Choose(wanted, versions)).Code;

    private static IReadOnlyList<PolicyVersion> Versions(params (int Number, string Fingerprint, PolicyVersionState State)[] versions) =>
        [.. versions.Select(v => new PolicyVersion { SecurityGroup = "dmz", Version = v.Number, Fingerprint = v.Fingerprint, State = v.State, IsCurrent = v.State == PolicyVersionState.Confirmed })];
}
