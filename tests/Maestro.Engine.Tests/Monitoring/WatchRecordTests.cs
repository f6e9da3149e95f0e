using Maestro.Engine.Hosting;
using Maestro.Engine.Model.Monitoring;
using Maestro.Engine.Monitoring.Watch;
using Maestro.Engine.Operations.Leases;
using Maestro.Engine.Store;
using Maestro.Engine.Tests.Lab;

namespace Maestro.Engine.Tests.Monitoring;

/// <summary>Of several watches of one store one keeps what is seen, and whoever follows it repeats nothing and leaves nothing out.</summary>
public sealed class WatchRecordTests
{
    [Fact]
    public async Task What_two_watches_see_is_kept_once()
    {
        await using var bed = Bed.Open();
        var (first, second) = (bed.Watch("w1", 100), bed.Watch("w2", 200));
        await first.KeepAsync(leads: false, mayLead: false);
        foreach (var watch in (WatchRecord[])[first, second]) watch.Put(bed.Lost("1_1"));
        Assert.True(first.HasNews);
        Assert.False(second.HasNews);
        foreach (var watch in (WatchRecord[])[second, first, second]) await watch.KeepAsync(leads: false, mayLead: false);
        Assert.Equal(["MemberLost 1_1"], await bed.KeptAsync());
        Assert.False(first.HasNews);
    }

    [Fact]
    public async Task Who_follows_a_dead_watch_keeps_what_that_one_did_not()
    {
        await using var bed = Bed.Open();
        var (first, second) = (bed.Watch("w1", 100), bed.Watch("w2", 200));
        foreach (var watch in (WatchRecord[])[first, second])
        {
            watch.Put(bed.Lost("1_1"));
            await watch.KeepAsync(leads: false, mayLead: false);
        }

        await bed.PassAsync(5);
        bed.Dead(100);
        // Seen after the other died, and before this one knew.
        second.Put(bed.Lost("1_2"));
        await second.KeepAsync(leads: false, mayLead: false);
        Assert.Equal(["MemberLost 1_2", "MemberLost 1_1"], await bed.KeptAsync());
        // A member that is back is not what the other had kept of it.
        second.Put(bed.Changed("1_3", "Lost: no answer for 9s, was Active"));
        await second.KeepAsync(leads: false, mayLead: false);
        var third = bed.Watch("w3", 300);
        third.Put(bed.Changed("1_3", "Lost: no answer for 12s, was Active"));
        third.Put(bed.Changed("1_3", "Active, was Lost"));
        await second.EndAsync();
        await third.KeepAsync(leads: false, mayLead: false);
        Assert.Equal(["Active, was Lost", "Lost: no answer for 9s, was Active"], await bed.TextsAsync("1_3"));
        await third.EndAsync();
        // The same again, later, is another loss.
        await bed.PassAsync(60);
        second.Put(bed.Lost("1_1"));
        await second.KeepAsync(leads: false, mayLead: false);
        Assert.Equal(["MemberLost 1_1", "MemberStateChanged 1_3", "MemberStateChanged 1_3", "MemberLost 1_2", "MemberLost 1_1"], await bed.KeptAsync());
    }

    [Fact]
    public async Task A_watch_that_only_looks_makes_way_for_one_that_leads_and_one_that_may_lead_waits_for_that()
    {
        await using var bed = Bed.Open();
        var (looks, leads, waits) = (bed.Watch("w1", 100), bed.Watch("w2", 200), bed.Watch("w3", 300));
        await looks.KeepAsync(leads: false, mayLead: false);
        await bed.LeadAsync("w2", 200);
        leads.Put(bed.Lost("1_1"));
        waits.Put(bed.Lost("1_1"));
        await leads.KeepAsync(leads: true, mayLead: true);
        Assert.Empty(await bed.KeptAsync());
        await looks.KeepAsync(leads: false, mayLead: false);
        await waits.KeepAsync(leads: false, mayLead: true);
        await leads.KeepAsync(leads: true, mayLead: true);
        Assert.Equal(["MemberLost 1_1"], await bed.KeptAsync());
        // And takes it up again when nobody leads any more.
        await leads.EndAsync();
        bed.Dead(200);
        looks.Put(bed.Lost("1_2"));
        await looks.KeepAsync(leads: false, mayLead: false);
        Assert.Equal(["MemberLost 1_2", "MemberLost 1_1"], await bed.KeptAsync());
    }

    [Fact]
    public async Task A_watch_that_ends_writes_what_waits_and_one_of_itself_alone_is_no_news()
    {
        await using var bed = Bed.Open();
        var watch = bed.Watch("w1", 100);
        await watch.KeepAsync(leads: false, mayLead: false);
        watch.Put(bed.Lost("1_1"));
        watch.Put(bed.Lost("") with { Kind = MaestroEventKind.LeadHeld });
        await watch.EndAsync();
        Assert.Equal(["MemberLost 1_1"], await bed.KeptAsync());
    }

    [Fact]
    public async Task A_session_that_may_change_nothing_keeps_nothing()
    {
        await using var bed = Bed.Open();
        var watch = bed.Watch("w1", 100, readOnly: true);
        watch.Put(bed.Lost("1_1"));
        await watch.KeepAsync(leads: false, mayLead: false);
        await watch.EndAsync();
        Assert.Empty(await bed.KeptAsync());
    }

    [Fact]
    public async Task A_store_that_does_not_take_it_is_said_and_no_reason_to_hurry()
    {
        await using var bed = Bed.Open();
        var watch = bed.Watch("w1", 100);
        await watch.KeepAsync(leads: false, mayLead: false);
        await bed.Store.DisposeAsync();
        watch.Put(bed.Lost("1_1"));
        await watch.KeepAsync(leads: false, mayLead: false);
        Assert.NotEmpty(watch.Fault);
        Assert.False(watch.HasNews);
        await watch.EndAsync();
    }

    private sealed class Bed : IAsyncDisposable
    {
        private readonly LabSession _lab = LabSession.Open();

        public IStore Store => _lab.Store;

        public static Bed Open() => new();

        public WatchRecord Watch(string id, int process, bool readOnly = false) => new(Parts(process, readOnly), "dmz", id);

        public Task LeadAsync(string id, int process) => new WatchLease(Parts(process, readOnly: false), Resource.Watch("dmz"), id).KeepAsync();

        public MaestroEvent Lost(string member) => new() { Time = _lab.Lab.Scheduler.Clock.GetUtcNow(), SecurityGroup = "dmz", Member = member, Kind = MaestroEventKind.MemberLost, Severity = EventSeverity.Error, Text = "silent" };

        public MaestroEvent Changed(string member, string text) => Lost(member) with { Kind = MaestroEventKind.MemberStateChanged, Text = text };

        public async Task<IReadOnlyList<string>> TextsAsync(string member) => [.. (await Store.FindEventsAsync(new EventQuery { SecurityGroup = "dmz", Member = member })).Select(e => e.Text)];

        public void Dead(int process) => _lab.Identity.Dead.Add(process);

        public Task PassAsync(int seconds) => _lab.PassAsync(TimeSpan.FromSeconds(seconds));

        /// <summary>The newest first.</summary>
        public async Task<IReadOnlyList<string>> KeptAsync() => [.. (await Store.FindEventsAsync(new EventQuery { SecurityGroup = "dmz" })).Select(e => $"{e.Kind} {e.Member}")];

        public ValueTask DisposeAsync() => _lab.DisposeAsync();

        private EngineParts Parts(int process, bool readOnly) => _lab.Parts with { Identity = new LabSession.FakeIdentity("anna", process) { Dead = _lab.Identity.Dead }, ReadOnly = readOnly };
    }
}
