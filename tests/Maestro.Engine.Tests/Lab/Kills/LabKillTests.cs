using System.Globalization;
using Maestro.Engine.Hosting;
using Maestro.Engine.Model.Errors;
using Maestro.Engine.Model.Groups;
using Maestro.Engine.Model.Operations;
using Maestro.Engine.Operations.Plans;
using Maestro.Engine.Operations.Running;
using Maestro.Engine.Tests.Victims;
using Maestro.Victim;
using Xunit.Abstractions;

namespace Maestro.Engine.Tests.Lab.Kills;

/// <summary>
/// SIGKILL in the middle of every change there is, in labs that are kept on disk: at journal entries that a recording run counts. The next run
/// settles what is left and reaches the wanted state; no entry says "running" for the dead; success is said only of what is so.
/// By default one seeded entry of each row; with MAESTRO_ENDURANCE=1 all of them.
/// </summary>
public sealed class LabKillTests(ITestOutputHelper output, LabKillTests.World world) : IClassFixture<LabKillTests.World>
{
    // Fast enough for a test, slow enough that a request comes in before the change is over.
    private const int PacedSpeed = 200;

    private static readonly bool Endurance = Environment.GetEnvironmentVariable("MAESTRO_ENDURANCE") == "1";

    private static readonly string[] AlreadySo =
        ["Maestro.GroupExists", "Maestro.GroupNotFound", "Maestro.MemberNotFound", "Maestro.ParameterInvalid", "Maestro.OperationNotResumable"];

    public static TheoryData<string> Names => [.. LabKillRows.All.Select(r => r.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_change_that_is_killed_anywhere_is_settled_by_the_next_run(string name)
    {
        var row = LabKillRows.All.Single(r => r.Name == name);
        using var ready = world.Ready.Copy();
        string[] words;
        IReadOnlyList<string> succeeded;
        await using (var host = ready.Open())
        {
            words = await row.PrepareAsync(host);
            succeeded = await SucceededAsync(host);
        }

        var entries = await RecordAsync(row, ready, words);
        var places = Endurance ? Enumerable.Range(1, entries).ToList() : [1 + new SeededRandom(20261124).Stream("kill/lab/" + name).Next(entries)];
        output.WriteLine($"{name}: {entries} journal entries; killed at {string.Join(", ", places)}");
        foreach (var place in places)
        {
            using var lab = ready.Copy();
            await KillAsync(row, lab, words, place);
            await SettleAsync(row, lab, words, succeeded, place);
        }
    }

    [Fact]
    public void Every_change_and_every_steering_of_an_operation_has_a_row()
    {
        var changes = typeof(ChangeRequest).Assembly.GetTypes().Where(t => t.IsSubclassOf(typeof(ChangeRequest)) && !t.IsAbstract).Select(t => t.Name);
        var steering = typeof(EngineHost).GetMethods()
            .Where(m => m.GetParameters() is [{ ParameterType: var what }, { ParameterType: var how }] && what == typeof(string) && how == typeof(RunOptions))
            .Select(m => m.Name);

        // The lab's orchestrators have no addresses to give: LinuxPairTests has them do it on hosts.
        changes = changes.Where(c => c != nameof(Maestro.Engine.Clustering.Failover.OrchestratorFailoverChange));
        Assert.Equal(changes.Concat(steering).Order(StringComparer.Ordinal), LabKillRows.All.Select(r => r.Asks).Distinct().Order(StringComparer.Ordinal));
    }

    private static async Task<int> RecordAsync(LabKillRow row, KeptLab ready, string[] words)
    {
        using var lab = ready.Copy();
        PausingStore? counter = null;
        await using var host = lab.Open(row.Races ? PacedSpeed : null, store => PausingStore.Around(store, pauseAt: 0, out counter));
        var (_, failure) = await Requests.RunAsync(words, host);
        Assert.True(failure is null, $"{row}: {failure?.Message}");
        if (!row.Races) row.Expect(await host.ObserveAsync(pending: false, CancellationToken.None));
        return counter!.Entries;
    }

    private static async Task KillAsync(LabKillRow row, KeptLab lab, string[] words, int place)
    {
        var number = place.ToString(CultureInfo.InvariantCulture);
        var where = row.Races ? $"lab@{PacedSpeed.ToString(CultureInfo.InvariantCulture)}:{lab.Folder}" : "lab:" + lab.Folder;
        using var victim = VictimProcess.Start(["change", where, "", lab.Store, number, .. words]);
        Assert.Equal("begun", await victim.ExpectLineAsync());
        var there = await victim.ExpectLineAsync();
        if (!row.Races || !there.StartsWith("wrote ", StringComparison.Ordinal)) Assert.Equal("at " + number, there);
        await victim.KillAsync();
    }

    private async Task SettleAsync(LabKillRow row, KeptLab lab, string[] words, IReadOnlyList<string> succeededBefore, int place)
    {
        await using var next = lab.Open();
        var left = await next.GetOperationsAsync(new());
        Assert.DoesNotContain(left, o => o.State == OperationState.Running);
        output.WriteLine($"  {place}: {left[0].Kind} was left {left[0].State}");
        if ((await SucceededAsync(next)).Except(succeededBefore).Any()) row.Expect(await next.ObserveAsync(pending: false, CancellationToken.None));

        try
        {
            var (_, failure) = await Requests.RunAsync(row.Next?.Invoke(words) ?? words, next);
            Assert.True(failure is null, $"{row} {place}: {failure?.Message}");
        }
        catch (MaestroException already) when (AlreadySo.Contains(already.Code.Id))
        {
            // The dead run, or its settling, had done it.
        }

        var view = await next.ObserveAsync(pending: false, CancellationToken.None);
        row.Expect(view);
        Assert.All(await next.GetOperationsAsync(new()), o => Assert.Contains(o.State, new[] { OperationState.Succeeded, OperationState.RolledBack, OperationState.Failed, OperationState.Stopped }));
        Assert.Empty(await next.GetPendingChangesAsync(CancellationToken.None));
        Assert.Single(view.Members.Where(m => m is { SecurityGroup: "dmz", State: MemberState.Active }).Select(m => m.PolicyFingerprint).Distinct());
    }

    private static async Task<IReadOnlyList<string>> SucceededAsync(EngineHost host) =>
        [.. (await host.GetOperationsAsync(new() { States = [OperationState.Succeeded] })).Select(o => o.Id)];

    /// <summary>The world that every row begins in: group dmz of four members with a policy.</summary>
    public sealed class World : IAsyncLifetime
    {
        internal KeptLab Ready { get; } = new();

        public async Task InitializeAsync()
        {
            await using var host = Ready.Open();
            var gateways = (await host.ObserveAsync(pending: false, CancellationToken.None)).Gateways.Where(g => g.Site == 1).Take(4).Select(g => g.Id);
            var policy = Path.Combine(Ready.Folder, "first.nft");
            await File.WriteAllTextAsync(policy, "table inet first { }");
            Assert.Null((await Requests.RunAsync(["new", "dmz", string.Join(",", gateways)], host)).Failure);
            Assert.Null((await Requests.RunAsync(["sync", "dmz", policy], host)).Failure);
        }

        public Task DisposeAsync()
        {
            Ready.Dispose();
            return Task.CompletedTask;
        }
    }
}
