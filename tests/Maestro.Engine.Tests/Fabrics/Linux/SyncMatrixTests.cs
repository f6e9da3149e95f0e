using System.Globalization;
using Maestro.Engine.Hosting;
using Maestro.Engine.Model.Operations;
using Maestro.Engine.Model.Policy;
using Maestro.Engine.Operations.Running;
using Maestro.Engine.Synchronisation.Policy;
using Maestro.Testbeds;
using Xunit.Abstractions;

namespace Maestro.Engine.Tests.Fabrics.Linux;

/// <summary>
/// Eight members, and something goes wrong right before one message of the protocol reaches one of them: whatever it is, the report tells the truth, members
/// that answer agree, and once the fault is over the next run brings all to one side. With MAESTRO_ENDURANCE=1 every fault at every message; by default
/// one seeded message each for the controller's death and for members that answer badly, each fault on a member of its own. Silent members, whose answers are
/// waited for, stand in the default run in LinuxRevertTests and LinuxModeTests; in full, three messages of a silent fault run side by side, each on hosts of its own.
/// </summary>
public sealed class SyncMatrixTests(ITestOutputHelper output)
{
    private const int RevertSeconds = 15;

    // More hosts at once make each so slow that a sync does not come as far as the message.
    private const int SideBySide = 3;
    private const string Old = "tcp dport 81 drop";
    private const string New = "tcp dport 82 drop";

    private static readonly bool Endurance = Environment.GetEnvironmentVariable("MAESTRO_ENDURANCE") == "1";
    private static readonly string[] Messages = ["stage", "commit", "check", "extend", "confirm"];

    [Flags]
    public enum Fault
    {
        Killed = 1,
        Frozen = 2,
        CutOff = 4,
        Powerless = 8,
        FullDisk = 16,
        Slow = 32,
        Refuses = 64,
    }

    private static readonly Fault[] Each = Enum.GetValues<Fault>();
    private static readonly Fault[] Together = [Fault.Killed, Fault.FullDisk | Fault.Slow | Fault.Refuses];

    public static TheoryData<Fault, string> Rows
    {
        get
        {
            var rows = new TheoryData<Fault, string>();
            foreach (var fault in Endurance ? Each : Together)
            {
                if (Endurance && IsOut(fault)) rows.Add(fault, string.Join(",", Messages));
                else if (!Endurance) rows.Add(fault, Messages[new SeededRandom(20261128).Stream("matrix/" + fault).Next(Messages.Length)]);
                else Array.ForEach(Messages, m => rows.Add(fault, m));
            }

            return rows;
        }
    }

    [TestbedTheory]
    [MemberData(nameof(Rows))]
    public async Task Whatever_happens_the_report_is_true_and_all_agree_in_the_end(Fault faults, string messages)
    {
        using var beds = new SemaphoreSlim(SideBySide);
        var failures = await Task.WhenAll(messages.Split(',').Select(async message =>
        {
            await beds.WaitAsync();
            try
            {
                await RequireAgreementAsync(faults, message);
                return "";
            }
            catch (Exception failure)
            {
                return $"{faults} at {message}: {failure}";
            }
            finally
            {
                beds.Release();
            }
        }));
        Assert.True(failures.All(f => f.Length == 0), string.Join("\n", failures.Where(f => f.Length > 0)));
    }

    private async Task RequireAgreementAsync(Fault faults, string message)
    {
        await using var bed = await Testbed.StartAsync(new TestbedOptions { Gateways = 8 });
        var victims = Each.Where(f => f != Fault.Killed && faults.HasFlag(f)).Select((f, i) => (Fault: f, Gateway: bed.Gateways[2 + (2 * i)])).ToList();
        var hits = victims.Select(v => new Just(message, v.Gateway.Id, () => HitAsync(bed, v.Gateway, v.Fault), armed: false)).ToList();
        await using (var session = LinuxSession.Open(bed, "killed", between: inner => hits.Aggregate(inner, (t, hit) => hit.Around(t))))
        {
            await session.MakeGroupAsync(bed);
            Assert.Null((await session.SyncAsync(LinuxSession.Forbidding(81))).Failure);
            if (faults == Fault.Killed)
            {
                await KillAsync(bed, message);
            }
            else
            {
                hits.ForEach(h => h.Arm());
                var sync = await session.RunAsync(Sync(session, 82));
                Assert.Contains(hits, h => h.IsHit);
                await RequireTruthAsync(bed, session.Host.ReportSync(sync, []), sync, [.. victims.Where((v, i) => IsOut(v.Fault) && hits[i].IsHit).Select(v => v.Gateway)]);
            }
        }

        foreach (var (victim, hit) in victims.Zip(hits).Where(v => v.Second.IsHit)) await LiftAsync(bed, victim.Gateway, victim.Fault);
        await using var next = LinuxSession.Open(bed, "killed");
        var settled = await (await next.Host.SettleAsync("dmz", new RunOptions())).Completion;
        output.WriteLine($"{faults} at {message}: {string.Join("; ", settled.Settled)}");
        var healed = await next.SyncAsync(LinuxSession.Forbidding(83));
        Assert.True(healed.Failure is null, healed.Failure?.Message);
        foreach (var gateway in bed.Gateways)
        {
            Assert.Contains("tcp dport 83 drop", await RulesAsync(bed, gateway));
            Assert.False((await bed.SendTcpAsync(gateway, 80)).Dropped, $"{gateway.Id} forwards nothing");
        }
    }

    /// <summary>What the report says is what a separate nft sees in the kernels that can be asked.</summary>
    private static async Task RequireTruthAsync(Testbed bed, SyncReport report, OperationResult sync, IReadOnlyList<TestbedGateway> silent)
    {
        var rules = new Dictionary<string, string>();
        foreach (var gateway in bed.Gateways.Except(silent)) rules[gateway.Id] = await RulesAsync(bed, gateway);
        var ids = bed.Gateways.Select((g, i) => (g.Id, Member: $"1_{(i + 1).ToString(CultureInfo.InvariantCulture)}")).ToDictionary(x => x.Member, x => x.Id);
        switch (report.Outcome)
        {
            case SyncOutcome.Confirmed:
                Assert.Empty(silent);
                Assert.All(rules, r => Assert.Contains(New, r.Value));
                break;
            case SyncOutcome.Reverted or SyncOutcome.Failed:
                Assert.NotNull(sync.Failure);
                Assert.All(rules, r => Assert.Contains(Old, r.Value));
                break;
            default:
                Assert.Equal(SyncOutcome.Unsettled, report.Outcome);
                Assert.NotNull(sync.Failure);
                var named = sync.Operation!.UnsettledMember;
                Assert.NotEmpty(named);
                // Whoever is not named is on one side, the same for all.
                var side = rules.Where(r => named.All(n => ids[n] != r.Key)).Select(r => r.Value.Contains(New, StringComparison.Ordinal)).Distinct();
                Assert.Single(side);
                break;
        }
    }

    private static async Task HitAsync(Testbed bed, TestbedGateway victim, Fault fault)
    {
        switch (fault)
        {
            case Fault.Frozen:
                await bed.FreezeAsync(victim);
                break;
            case Fault.CutOff:
                await bed.CutNetworkAsync(victim);
                break;
            case Fault.Powerless:
                await bed.PowerOffAsync(victim);
                break;
            case Fault.FullDisk:
                await bed.FillDiskAsync(victim);
                break;
            case Fault.Slow:
                await Task.Delay(TimeSpan.FromSeconds(RevertSeconds / 2));
                break;
            case Fault.Refuses:
                // Looking goes on, changing does not.
                Testbed.SetNftWrapper(victim, "#!/bin/sh\ncase \"$1\" in -f|-c) echo 'no' >&2; exit 1 ;; esac\nexec /usr/sbin/nft \"$@\"\n");
                break;
        }
    }

    private static async Task LiftAsync(Testbed bed, TestbedGateway victim, Fault fault)
    {
        switch (fault)
        {
            case Fault.Frozen:
                await bed.ThawAsync(victim);
                break;
            case Fault.CutOff:
                await bed.RestoreNetworkAsync(victim);
                break;
            case Fault.Powerless:
                await bed.PowerOnAsync(victim);
                break;
            case Fault.FullDisk:
                await bed.FreeDiskAsync(victim);
                break;
            case Fault.Refuses:
                Testbed.SetNftWrapper(victim, null);
                break;
        }
    }

    /// <summary>A controller of its own process dies right before it sends the message; then the members are left alone until each has come to its own end.</summary>
    private static async Task KillAsync(Testbed bed, string message)
    {
        await KilledController.BeforeAsync(bed, message, RevertSeconds);
        if (message is "confirm") return;

        // Nobody tells them anything: they agree on the old by themselves.
        var began = TimeProvider.System.GetTimestamp();
        foreach (var gateway in bed.Gateways)
        {
            while (!(await RulesAsync(bed, gateway)).Contains(Old, StringComparison.Ordinal))
            {
                Assert.True(TimeProvider.System.GetElapsedTime(began) < TimeSpan.FromMinutes(1), $"{gateway.Id} does not go back");
                await Task.Delay(100);
            }
        }
    }

    private static bool IsOut(Fault fault) => fault is Fault.Frozen or Fault.CutOff or Fault.Powerless;

    private static SyncPolicyChange Sync(LinuxSession session, int port) =>
        new() { Group = "dmz", Document = session.Document(LinuxSession.Forbidding(port)), RevertAfter = TimeSpan.FromSeconds(RevertSeconds) };

    private static Task<string> RulesAsync(Testbed bed, TestbedGateway gateway) => bed.NftListAsync(gateway, "list", "ruleset");
}
