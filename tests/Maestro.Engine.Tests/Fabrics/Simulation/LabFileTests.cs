using Maestro.Engine.Fabrics;
using Maestro.Engine.Fabrics.Simulation;
using Maestro.Engine.Model.Errors;
using Maestro.Engine.Operations.Leases;
using Maestro.Engine.Operations.Plans;
using Maestro.Engine.Tests.Store;
using Maestro.Fabrics.Contract.Store;

namespace Maestro.Engine.Tests.Fabrics.Simulation;

/// <summary>A world that is kept in a folder.</summary>
public sealed class LabFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string World => _folder.File("world.json");

    [Fact]
    public void A_world_goes_on_where_it_was()
    {
        DateTimeOffset now;
        string before;
        using (var lab = Open())
        {
            lab.MakeGroup(1, 1, 2);
            lab.Bring(1, "1_1", "1_2", "2_1");
            lab.StagePolicy("1_2", 2);
            lab.Suspend("2_1");
            lab.Stage(new TopologyEdit(TopologyEditKind.CreateGroup, "edge"));
            lab.Otto.Stage(new TopologyEdit(TopologyEditKind.SetGateway, "", lab.Free()[0], Property: "Description", Value: "his"));
            now = lab.Scheduler.Clock.GetUtcNow();
            before = Print(lab);
        }

        using var again = Open(seed: 99);
        Assert.Equal(now, again.Scheduler.Clock.GetUtcNow());
        Assert.Equal(before, Print(again));
        var member = again.Ref("1_2");
        var staged = DrivenLab.Generation(2);
        Assert.Equal(staged.Content, again.Run(() => again.Fabric.Policies!.ReadContentAsync(member, 2, staged.Fingerprint, CancellationToken.None)));
    }

    [Fact]
    public void What_is_under_way_comes_to_its_end_after_the_world_is_loaded_again()
    {
        using (var lab = Open())
        {
            lab.Stage(new(TopologyEditKind.CreateGroup, "dmz"), new(TopologyEditKind.AssignGateway, "dmz", lab.Free()[0], "1_1"));
            lab.Apply();
        }

        using var again = Open();
        Assert.Equal(Model.Groups.MemberState.Joining, again.Member("1_1").State);
        again.Pass(600);
        Assert.Equal(Model.Groups.MemberState.Active, again.Member("1_1").State);
    }

    [Fact]
    public void A_world_that_was_interrupted_does_not_repeat_its_chances()
    {
        string straight;
        using (var lab = new DrivenLab())
        {
            lab.MakeGroup(1, 1);
            lab.Restart("1_1");
            straight = lab.World.Log.Calls[^1].ToLine();
        }

        using (var lab = Open()) lab.MakeGroup(1, 1);
        using var again = Open();
        again.Restart("1_1");
        Assert.Equal(straight.Split(' ')[0], again.World.Log.Calls[^1].ToLine().Split(' ')[0]);
    }

    [Fact]
    public void A_world_is_open_in_one_session_at_a_time()
    {
        using var lab = Open();
        var fault = Assert.Throws<MaestroException>(() => Open());
        Assert.Equal((ErrorCatalogue.LabBusy, _folder.Path), (fault.Code, fault.Target));
        lab.Dispose();
        Open().Dispose();
    }

    [Fact]
    public void A_closed_session_no_longer_writes_into_a_world_that_may_be_anothers()
    {
        var lab = Open();
        lab.Dispose();
        var kept = File.ReadAllText(World);
        lab.World.Keep();
        Assert.Equal(kept, File.ReadAllText(World));
    }

    [Fact]
    public void Each_answer_is_kept_before_it_is_given()
    {
        using var lab = Open();
        lab.MakeGroup(1, 1);
        foreach (var call in new Func<Effect>[] { () => lab.StagePolicy("1_1", 1), () => lab.CommitPolicy("1_1", 1), () => lab.ConfirmPolicy("1_1", 1), () => lab.Suspend("1_1") })
        {
            var before = File.ReadAllText(World);
            Assert.Equal(EffectKind.Done, call().Kind);
            Assert.NotEqual(before, File.ReadAllText(World));
        }
    }

    [Fact]
    public void A_crash_at_any_moment_leaves_a_world_that_can_be_loaded()
    {
        var kept = new List<string>();
        using (var lab = Open())
        {
            lab.MakeGroup(1);
            kept.Add(File.ReadAllText(World));
            lab.Suspend("1_1");
            kept.Add(File.ReadAllText(World));
        }

        // While the new one is written, any part of it lies beside the old one.
        for (var length = 0; length < kept[1].Length; length += 97)
        {
            File.WriteAllText(World, kept[0]);
            File.WriteAllText(World + ".new", kept[1][..length]);
            using var lab = Open();
            Assert.Equal(Model.Groups.MemberState.Active, lab.Member("1_1").State);
        }

        // Where replacing is two acts, the old one may be gone and the new one not yet in its place.
        File.WriteAllText(World + ".new", kept[1]);
        File.Delete(World);
        using (var lab = Open()) Assert.NotEqual(Model.Groups.MemberState.Active, lab.Member("1_1").State);

        // And the very first one may be half written.
        File.Delete(World);
        File.WriteAllText(World + ".new", kept[1][..100]);
        using (var lab = Open()) Assert.Empty(lab.View().Groups);
    }

    [Fact]
    public void A_world_that_cannot_be_read_is_named_and_left_alone()
    {
        File.WriteAllText(World, "{ \"Version\": 1, \"Gate");
        Assert.Equal(ErrorCatalogue.StoreDamaged, Assert.Throws<MaestroException>(() => Open()).Code);
        File.WriteAllText(World, "{ \"Version\": 2 }");
        Assert.Equal(ErrorCatalogue.StoreTooNew, Assert.Throws<MaestroException>(() => Open()).Code);
        Assert.Equal("{ \"Version\": 2 }", File.ReadAllText(World));
    }

    [Fact]
    public void A_path_that_is_a_file_is_refused_as_such()
    {
        File.WriteAllText(_folder.File("plain"), "");
        Assert.Equal(ErrorCatalogue.StoreUnavailable, Assert.Throws<MaestroException>(() => new DrivenLab(new LabOptions { Path = _folder.File("plain") })).Code);
    }

    [Fact]
    public void A_claim_of_a_process_that_had_the_world_before_stands_in_nobodys_way_but_its_epoch_does()
    {
        ClaimRequest request;
        using (var lab = Open())
        {
            lab.MakeGroup(1, 1);
            request = new ClaimRequest { Resource = Resource.Change("dmz"), Participants = [lab.Ref("1_1"), lab.Ref("1_2")], Owner = TestIdentity.Process(1), OperationId = "op-1", Epoch = 7 };
            Assert.Equal(7, lab.Run(() => lab.Fabric.Claims!.ClaimAsync(request, CancellationToken.None)).Epoch);
            Assert.False(lab.Run(() => lab.Fabric.Claims!.ClaimAsync(request with { OperationId = "op-2" }, CancellationToken.None)).Granted);
        }

        using var again = Open();
        var answer = again.Run(() => again.Fabric.Claims!.ClaimAsync(request with { OperationId = "op-2", Epoch = 1 }, CancellationToken.None));
        Assert.Equal((true, 8L), (answer.Granted, answer.Epoch));
    }

    public void Dispose() => _folder.Dispose();

    private DrivenLab Open(int seed = 1) => new(new LabOptions { Path = _folder.Path, Seed = seed });

    private static string Print(DrivenLab lab)
    {
        var view = lab.View();
        return string.Join("\n", view.Members.Select(m => $"{m.Member} {m.Gateway} {m.State} {m.SuspendedBy} {m.PolicyVersion} {m.Since:o} {m.LoadPercent}")
            .Concat(lab.Pending().Select(p => $"{p.Gateway} {p.Property} {p.Pending} {p.StagedBy} {p.StagedAt:o} {p.Operation}"))
            .Concat(view.Gateways.Select(g => $"{g.Id} {g.State} {g.Description}")));
    }
}
