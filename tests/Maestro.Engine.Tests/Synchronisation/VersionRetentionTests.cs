using Maestro.Engine.Store;
using Maestro.Engine.Synchronisation;

namespace Maestro.Engine.Tests.Synchronisation;

public sealed class VersionRetentionTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 4, 5, 6, 7, TimeSpan.Zero);

    [Fact]
    public void A_hundred_are_kept_unless_told_otherwise()
    {
        Assert.Empty(new VersionRetention().Expired(Versions(100), 100, [], Now));
        Assert.Equal([1, 2], new VersionRetention().Expired(Versions(102), 102, [], Now));
    }

    [Fact]
    public void The_count_says_how_many_of_the_newest_stay_and_the_forgotten_do_not_count()
    {
        var versions = Versions(6, (2, GenerationState.Forgotten));
        Assert.Equal([1, 3], new VersionRetention { Count = 3 }.Expired(versions, 6, [], Now));
    }

    [Fact]
    public void What_is_older_than_the_age_goes_though_the_count_would_keep_it() =>
        Assert.Equal([1, 2], new VersionRetention { Age = TimeSpan.FromDays(3) }.Expired(Versions(6), 6, [], Now));

    [Fact]
    public void The_current_one_its_parent_and_what_came_after_stay_whatever_the_age() =>
        Assert.Equal([1, 2, 3], new VersionRetention { Age = TimeSpan.Zero }.Expired(Versions(6), 5, [], Now));

    [Fact]
    public void What_a_member_holds_stays_and_only_with_that_content() =>
        Assert.Equal([1, 3], new VersionRetention { Count = 1 }.Expired(Versions(5), 5, [(2, "f2"), (3, "another content")], Now));

    [Fact]
    public void What_a_run_that_has_not_ended_may_still_need_stays() =>
        Assert.Equal([1, 3], new VersionRetention { Count = 1 }.Expired(Versions(5, (2, GenerationState.Staged)), 5, [], Now));

    [Fact]
    public void One_that_did_not_stay_goes_like_the_others() =>
        Assert.Equal([1, 2, 3], new VersionRetention { Count = 1 }.Expired(Versions(5, (2, GenerationState.Reverted)), 5, [], Now));

    [Fact]
    public void While_a_member_cannot_be_asked_nothing_is_forgotten() => Assert.Empty(new VersionRetention { Count = 1 }.Expired(Versions(5), 5, held: null, Now));

    /// <summary>Newest first, a day between two, each the parent of the next; all confirmed but those named.</summary>
    private static IReadOnlyList<GenerationRecord> Versions(int count, params (int Number, GenerationState State)[] others) =>
    [
        .. Enumerable.Range(1, count).Reverse().Select(n => new GenerationRecord
        {
            Kind = GenerationKind.Policy,
            SecurityGroup = "dmz",
            Number = n,
            Fingerprint = $"f{n}",
            State = others.Any(o => o.Number == n) ? others.Single(o => o.Number == n).State : GenerationState.Confirmed,
            CreatedAt = Now.AddDays(n - count),
            Parent = n > 1 ? n - 1 : null,
        }),
    ];
}
