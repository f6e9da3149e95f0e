using System.Globalization;
using Maestro.Engine.Fabrics;
using Maestro.Engine.Fabrics.Simulation;
using Maestro.Engine.Fabrics.Simulation.World;
using Maestro.Engine.Operations.Leases;
using Maestro.Engine.Tests.Store;
using Maestro.Fabrics.Contract.Store;

namespace Maestro.Engine.Tests.Fabrics.Simulation;

/// <summary>One seed and one script are one history, whatever machine they run on.</summary>
[Collection("Time zone")]
public sealed class LabDeterminismTests
{
    [Fact]
    public void The_same_calls_give_the_same_log_in_another_culture_and_time_zone()
    {
        var here = History(seed: 42, "UTC", CultureInfo.InvariantCulture, out var worldHere);
        var there = History(seed: 42, "America/St_Johns", new CultureInfo("tr-TR"), out var worldThere);
        Assert.Equal(here, there);
        Assert.Equal(worldHere, worldThere);
        Assert.Contains("restart", here);
        Assert.NotEqual(here, History(seed: 43, "UTC", CultureInfo.InvariantCulture, out _));
    }

    [Fact]
    public void A_further_fault_shifts_no_other_chance()
    {
        static TimeSpan TimeToJoin(bool withFault)
        {
            using var lab = new DrivenLab();
            if (withFault)
            {
                lab.World.Faults.Add("topology.stage", "", LabFaultKind.RefuseOnce);
                Assert.Equal(EffectKind.Refused, lab.Stage(new TopologyEdit(TopologyEditKind.CreateGroup, "edge")).Kind);
            }

            lab.Stage(new(TopologyEditKind.CreateGroup, "dmz"), new(TopologyEditKind.AssignGateway, "dmz", lab.Free()[0], "1_1"));
            lab.Apply();
            var applied = lab.Scheduler.Clock.GetUtcNow();
            lab.Pass(600);
            return lab.Member("1_1").Since!.Value - applied;
        }

        Assert.Equal(TimeToJoin(withFault: false), TimeToJoin(withFault: true));
    }

    /// <summary>A script that touches everything, in a kept world that is closed and opened once.</summary>
    private static string History(int seed, string zone, CultureInfo culture, out string world)
    {
        var (zoneBefore, cultureBefore) = (Environment.GetEnvironmentVariable("TZ"), CultureInfo.CurrentCulture);
        Environment.SetEnvironmentVariable("TZ", zone);
        TimeZoneInfo.ClearCachedData();
        CultureInfo.CurrentCulture = culture;
        try
        {
            using var folder = new TemporaryFolder();
            var lines = new List<string>();
            using (var lab = new DrivenLab(new LabOptions { Seed = seed, Path = folder.Path }))
            {
                lab.MakeGroup(1, 1, 1, 2);
                var claim = new ClaimRequest { Resource = "change:dmz", Participants = [lab.Ref("1_1"), lab.Ref("1_2")], Owner = TestIdentity.Process(1), OperationId = "op-1", Epoch = 1 };
                lab.Run(() => lab.Fabric.Claims!.ClaimAsync(claim, CancellationToken.None));
                lab.Otto.Stage(new TopologyEdit(TopologyEditKind.SetGateway, "", lab.Free()[0], Property: "Description", Value: "I ı i İ"));
                lab.StagePolicy("2_1", 1);
                lab.Suspend("1_3");
                lines.AddRange(lab.World.Log.Calls.Select(c => c.ToLine()));
            }

            using (var lab = new DrivenLab(new LabOptions { Path = folder.Path }))
            {
                lab.World.Faults.Add("commit", "", LabFaultKind.LoseAnswer);
                lab.CommitPolicy("2_1", 1);
                lab.Restart("1_3");
                lab.Pass(3600);
                lab.View();
                lines.AddRange(lab.World.Log.Calls.Select(c => c.ToLine()));
                lines.AddRange(lab.View().Members.Select(m => FormattableString.Invariant($"{m.Member} {m.State} {m.Since:o} {m.SharePercent} {m.LoadPercent} {m.ConnectionCount}")));
            }

            world = File.ReadAllText(folder.File("world.json"));
            return string.Join("\n", lines);
        }
        finally
        {
            CultureInfo.CurrentCulture = cultureBefore;
            Environment.SetEnvironmentVariable("TZ", zoneBefore);
            TimeZoneInfo.ClearCachedData();
        }
    }
}

/// <summary>The time zone is the process's: nobody else runs meanwhile.</summary>
[CollectionDefinition("Time zone", DisableParallelization = true)]
public sealed class TimeZoneTests;
