using System.Globalization;
using Maestro.Engine.Hosting;
using Maestro.Engine.Model.Errors;
using Maestro.Engine.Model.Fabric;
using Maestro.Engine.Model.Groups;
using Maestro.Engine.Model.Operations;
using Maestro.Engine.Operations.Running;
using Maestro.Engine.Tests.Victims;
using Maestro.Testbeds;
using Maestro.Victim;
using Xunit.Abstractions;

namespace Maestro.Engine.Tests.Fabrics.Linux;

/// <summary>
/// SIGKILL in the middle of every change on real hosts: at journal entries that a recording run counts, and at random instants. The next run
/// settles what is left and reaches the wanted state; no entry says "running" for the dead; no mixture is called a success.
/// By default a seeded sample of each row's entries; with MAESTRO_ENDURANCE=1 all of them. Each row is a class of its own, so that rows run side by side.
/// </summary>
public abstract class KillTests(ITestOutputHelper output, string row)
{
    private static readonly bool Endurance = Environment.GetEnvironmentVariable("MAESTRO_ENDURANCE") == "1";

    private static readonly string[] AlreadySo = ["Maestro.GroupExists", "Maestro.GroupNotFound", "Maestro.MemberNotFound", "Maestro.ParameterInvalid"];

    [TestbedFact]
    public async Task A_change_that_is_killed_anywhere_is_settled_by_the_next_run()
    {
        await using var bed = await Testbed.StartAsync(new TestbedOptions { Gateways = 4, Orchestrators = row is "distribute" or "weigh" or "suspend" or "resume" or "restart" or "add" or "remove" or "failover" ? 2 : 0 });
        await using (var maker = LinuxSession.Open(bed, "killed"))
        {
            await RunAsync(maker, "new", "dmz", "fw-a1,fw-a2,fw-a3");
            await RunAsync(maker, "sync", "dmz", Policy(bed, 0));
        }

        var number = 1;
        await PrepareAsync(bed, row, number);
        var entries = await RecordAsync(bed, number);
        await CheckAndCleanAsync(bed, row, number);
        var random = new SeededRandom(20261124).Stream("kill/" + row);
        var places = Endurance ? Enumerable.Range(1, entries).ToList() : [1 + random.Next(entries)];
        var instants = Endurance ? 10 : row is "sync" or "add" or "suspend" or "resume" ? 1 : 0;
        output.WriteLine($"{row}: {entries} journal entries; killed at {string.Join(", ", places)} and at {instants} random instants");

        foreach (var place in places) await KillAsync(bed, ++number, victim => victim.ExpectLineAsync(), place);
        for (var i = 0; i < instants; i++)
        {
            var instant = TimeSpan.FromMilliseconds(random.Next(1500));
            await KillAsync(bed, ++number, async _ => { await Task.Delay(instant); return "instant"; }, place: 0);
        }
    }

    private async Task KillAsync(Testbed bed, int number, Func<VictimProcess, Task<string>> untilThere, int place)
    {
        await PrepareAsync(bed, row, number);
        using (var victim = Start(bed, place.ToString(CultureInfo.InvariantCulture), Words(bed, row, number)))
        {
            Assert.Equal("begun", await victim.ExpectLineAsync());
            var there = await untilThere(victim);
            if (place > 0) Assert.Equal($"at {place}", there);
            await victim.KillAsync();
        }

        await CheckAndCleanAsync(bed, row, number);
    }

    /// <summary>The next run: it settles, and then the wanted state is there whatever had happened.</summary>
    private static async Task CheckAndCleanAsync(Testbed bed, string row, int number)
    {
        await using var next = LinuxSession.Open(bed, "killed");
        Assert.DoesNotContain(await next.Host.GetOperationsAsync(new()), o => o.State == OperationState.Running);
        try
        {
            var result = await next.RunAsync(Requests.Parse(Words(bed, row, number), next.Host));
            Assert.True(result.Failure is null, $"{row} {number}: {result.Failure?.Message}");
        }
        catch (MaestroException already) when (AlreadySo.Contains(already.Code.Id))
        {
            // The dead run, or its settling, had done it.
        }

        await ExpectAsync(bed, next, row, number);
        Assert.All(await next.Host.GetOperationsAsync(new()), o => Assert.Contains(o.State, new[] { OperationState.Succeeded, OperationState.RolledBack, OperationState.Failed, OperationState.Stopped }));
        Assert.Empty(await next.Host.GetPendingChangesAsync(CancellationToken.None));
        var members = (await next.MembersAsync()).Where(m => m.State == MemberState.Active).ToList();
        Assert.Single(members.Select(m => m.PolicyFingerprint).Distinct());
        Assert.NotEqual("", members[0].PolicyFingerprint);
        if (bed.Orchestrators.Count > 0)
        {
            var traffic = (await next.Host.ObserveWorldAsync("dmz", new RunOptions(), CancellationToken.None, distributions: true)).Distributions.Single(d => d.SecurityGroup == "dmz");
            Assert.Empty(traffic.OutOfStep);
            Assert.Equal(members.Select(m => m.Member).Where(m => row != "failover" || m != Lost(number)), traffic.Table.Slots.Members.Select(m => m.ToString()));
        }

        await CleanAsync(next, row, number);
    }

    private static async Task PrepareAsync(Testbed bed, string row, int number)
    {
        await using var session = LinuxSession.Open(bed, "killed");
        switch (row)
        {
            case "publish" or "discard":
                await RunAsync(session, "stage", "dmz", "fw-a4");
                break;
            case "remove":
                await RunAsync(session, "add", "dmz", "fw-a4");
                break;
            case "resume":
                await RunAsync(session, "suspend", "dmz", "1_3");
                break;
            case "move":
                await RunAsync(session, "add", "dmz", "fw-a4");
                await RunAsync(session, "new", Name(number));
                break;
            case "end":
                await RunAsync(session, "new", Name(number), "fw-a4");
                break;
        }
    }

    // Judged so by the test alone: the one before is there, and gets its share again.
    private static string Lost(int number) => number % 2 == 0 ? "1_2" : "1_3";

    private static string[] Words(Testbed bed, string row, int number) => row switch
    {
        "sync" => ["sync", "dmz", Policy(bed, number)],
        "new" => ["new", Name(number), "fw-a4"],
        "add" => ["add", "dmz", "fw-a4"],
        "publish" => ["publish"],
        "discard" => ["discard"],
        "describe" => ["describe", "dmz", "number " + number],
        "distribute" => ["distribute", "dmz", number % 2 == 0 ? "General" : "AutoTopology"],
        "weigh" => ["weigh", "dmz", "1_2", number.ToString(CultureInfo.InvariantCulture)],
        "failover" => ["failover", "dmz", Lost(number)],
        "suspend" or "resume" or "restart" => [row, "dmz", "1_3"],
        "label" => ["label", "fw-a1", "number " + number],
        "remove" => ["remove", "dmz", "1_4"],
        "move" => ["move", "dmz", "1_4", Name(number)],
        _ => ["end", Name(number)],
    };

    private static async Task ExpectAsync(Testbed bed, LinuxSession session, string row, int number)
    {
        var view = await session.Host.ObserveAsync(pending: false, CancellationToken.None);
        var fourth = view.Gateways.Single(g => g.Id == "fw-a4");
        switch (row)
        {
            case "sync":
                foreach (var gateway in bed.Gateways.Take(3)) Assert.Contains($"tcp dport {8000 + number} drop", await bed.NftListAsync(gateway, "list", "ruleset"));
                break;
            case "new" or "move":
                Assert.Equal((Name(number), GatewayState.Assigned), (fourth.SecurityGroup, fourth.State));
                break;
            case "add" or "publish":
                Assert.Equal(("dmz", GatewayState.Assigned), (fourth.SecurityGroup, fourth.State));
                break;
            case "discard" or "remove" or "end":
                Assert.Equal(("", GatewayState.Unassigned), (fourth.SecurityGroup, fourth.State));
                break;
            case "describe":
                Assert.Equal("number " + number, view.Groups.Single(g => g.Name == "dmz").Description);
                break;
            case "distribute":
                Assert.Equal(number % 2 == 0 ? "General, layer 4" : "Auto, layer 4", view.Groups.Single(g => g.Name == "dmz").Distribution);
                break;
            case "weigh":
                Assert.Equal(number, view.Members.Single(m => m is { SecurityGroup: "dmz", Member: "1_2" }).Weight);
                break;
            case "suspend" or "resume" or "restart":
                Assert.Equal(row == "suspend" ? MemberState.Suspended : MemberState.Active, view.Members.Single(m => m is { SecurityGroup: "dmz", Member: "1_3" }).State);
                break;
            case "label":
                Assert.Equal("number " + number, view.Gateways.Single(g => g.Id == "fw-a1").Description);
                break;
        }
    }

    private static async Task CleanAsync(LinuxSession session, string row, int number)
    {
        if (row is "new" or "move") await RunAsync(session, "end", Name(number));
        if (row == "suspend") await RunAsync(session, "resume", "dmz", "1_3");
        if (row is "add" or "publish") await RunAsync(session, "remove", "dmz", "1_4");
    }

    private async Task<int> RecordAsync(Testbed bed, int number)
    {
        using var victim = Start(bed, "0", Words(bed, row, number));
        Assert.Equal("begun", await victim.ExpectLineAsync());
        var said = (await victim.ExpectLineAsync()).Split(' ');
        output.WriteLine(string.Join(" ", said));
        Assert.Equal("Succeeded", said[2]);
        return int.Parse(said[1], CultureInfo.InvariantCulture);
    }

    private static VictimProcess Start(Testbed bed, string pause, string[] words)
    {
        var folder = Path.Combine(bed.DirectoryPath, "controller-killed");
        return VictimProcess.Start(["change", Path.Combine(folder, "inventory.json"), bed.KnownHostsPath, Path.Combine(folder, "store.db"), pause, .. words]);
    }

    private static async Task RunAsync(LinuxSession session, params string[] words)
    {
        var result = await session.RunAsync(Requests.Parse(words, session.Host));
        Assert.True(result.Failure is null, $"{string.Join(" ", words)}: {result.Failure?.Message}");
    }

    private static string Name(int number) => "g" + number.ToString(CultureInfo.InvariantCulture);

    private static string Policy(Testbed bed, int number)
    {
        var path = Path.Combine(bed.DirectoryPath, $"policy-{number}.nft");
        File.WriteAllText(path, LinuxSession.Forbidding(8000 + number));
        return path;
    }
}
