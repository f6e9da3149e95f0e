using Maestro.Engine.Fabrics.Linux;
using Maestro.Engine.Model.Groups;

namespace Maestro.Engine.Tests.Fabrics.Linux;

/// <summary>By which policy and configuration a member may carry traffic again.</summary>
public sealed class BehindTests
{
    private static readonly SecurityGroup Group = new() { Id = 1, State = SecurityGroupState.Ready, Name = "dmz", PolicyVersion = 3, PolicyFingerprint = "three", ConfigurationVersion = 1, ConfigurationFingerprint = "one" };

    [Theory]
    [InlineData(3, "three", null)]
    [InlineData(2, "two", "it runs policy #2 and the group has #3")]
    [InlineData(3, "drifted", "it runs policy #3 and the group has #3")]
    [InlineData(null, "", "it runs policy none and the group has #3")]
    public void Only_by_the_groups_own(int? version, string fingerprint, string? why) =>
        Assert.Equal(why, LinuxMembers.FindBehind(Member("1_1", version, fingerprint), Group, [Member("1_2", 3, "three")]));

    /// <summary>Where most were left behind, the newer one is what was decided, and who was restarted meanwhile could never come back.</summary>
    [Theory]
    [InlineData(MemberState.Active, "five", null)]
    [InlineData(MemberState.Suspended, "five", "it runs policy #5 and the group has #3")]
    [InlineData(MemberState.Active, "four", "it runs policy #5 and the group has #3")]
    public void Or_by_a_newer_one_by_which_others_carry(MemberState state, string fingerprint, string? why) =>
        Assert.Equal(why, LinuxMembers.FindBehind(Member("1_1", 5, "five"), Group, [Member("1_1", 5, "five"), Member("1_2", 5, fingerprint, state), Member("1_3", 3, "three")]));

    [Fact]
    public void The_same_of_configurations() =>
        Assert.Equal("it runs configuration none and the group has #1", LinuxMembers.FindBehind(Member("1_1", 3, "three") with { ConfigurationVersion = null, ConfigurationFingerprint = "" }, Group, []));

    private static GroupMember Member(string id, int? version, string fingerprint, MemberState state = MemberState.Active) => new()
    {
        SecurityGroup = "dmz",
        Member = id,
        Site = 1,
        Number = id[^1] - '0',
        Gateway = "fw-" + id,
        State = state,
        PolicyVersion = version,
        PolicyFingerprint = fingerprint,
        ConfigurationVersion = 1,
        ConfigurationFingerprint = "one",
    };
}
