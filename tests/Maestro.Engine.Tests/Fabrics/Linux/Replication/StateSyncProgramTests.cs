using System.Buffers.Binary;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text;
using Maestro.Engine.Clustering.Distribution;
using Maestro.Engine.Fabrics.Linux;
using Maestro.Engine.Model.Distribution;
using Maestro.Engine.Tests.Fabrics.Linux.Distribution;
using Maestro.Testbeds;
using Xunit.Abstractions;

namespace Maestro.Engine.Tests.Fabrics.Linux.Replication;

/// <summary>What the two ends of the replication do by themselves, on a real kernel.</summary>
public sealed class StateSyncProgramTests(ITestOutputHelper output)
{
    private const int Slot = 5;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    [TestbedFact]
    public async Task Who_tells_by_an_older_table_is_not_believed_about_slots_that_another_claims_by_a_newer_one()
    {
        await using var bed = await Testbed.StartAsync(new TestbedOptions { Gateways = 1 });
        await InstallAsync(bed);

        await ReceiveAsync(bed, "1_1", Begin(version: 8), Delete());
        Assert.Equal(0, await SkippedAsync(bed, "1_1"));
        await ReceiveAsync(bed, "1_2", Begin(version: 7), Delete());
        Assert.Equal(1, await SkippedAsync(bed, "1_2"));
        // Of equal versions both are believed: which of them has the slot is the orchestrators' to say.
        await ReceiveAsync(bed, "1_2", Begin(version: 8), Delete());
        Assert.Equal(0, await SkippedAsync(bed, "1_2"));
    }

    [TestbedFact]
    public async Task What_a_change_gives_to_who_keeps_it_as_a_copy_is_not_taken_away_before_the_change_is_over()
    {
        await using var bed = await Testbed.StartAsync(new TestbedOptions { Gateways = 1 });
        await InstallAsync(bed);
        await ReceiveAsync(bed, "1_1", Begin(version: 8), Set(), End());
        Assert.Equal(1, await KnownAsync());

        // The sender keeps its copies elsewhere by now, and deletes and sweeps what is here.
        await TakeAsync(version: 9);
        await ReceiveAsync(bed, "1_1", Begin(version: 8), Withdraw(), End());
        Assert.Equal((1, 1), (await KnownAsync(), await SkippedAsync(bed, "1_1")));
        await ReceiveAsync(bed, "1_1", Begin(version: 8), End());
        Assert.Equal(1, await KnownAsync());

        // What has ended goes all the same.
        await ReceiveAsync(bed, "1_1", Begin(version: 8), Delete());
        Assert.Equal(0, await KnownAsync());
        await ReceiveAsync(bed, "1_1", Begin(version: 8), Set(), End());

        // A change that never came about holds nothing for ever, and one that came about is the table's to judge.
        await bed.InsideAsync(bed.Gateways[0], "touch -d '10 minutes ago' /root/sync/taking");
        await ReceiveAsync(bed, "1_1", Begin(version: 8), End());
        Assert.Equal(0, await KnownAsync());
        await ReceiveAsync(bed, "1_1", Begin(version: 8), Set(), End());
        await TakeAsync(version: 8);
        await ReceiveAsync(bed, "1_1", Begin(version: 8), End());
        Assert.Equal(0, await KnownAsync());

        Task TakeAsync(int version) => bed.InsideAsync(bed.Gateways[0], $"echo {version} >/root/sync/taking");

        Task<int> KnownAsync() => CountAsync(bed, bed.Gateways[0], 443);
    }

    [TestbedFact]
    public async Task What_is_for_this_member_by_a_table_that_it_was_not_told_of_yet_is_asked_for_again()
    {
        await using var bed = await Testbed.StartAsync(new TestbedOptions { Gateways = 1 });
        await InstallAsync(bed);
        await bed.InsideAsync(bed.Gateways[0], "sed -i 's/^slots - 1$/slots - 5/' /root/sync/table");
        await InsideWithFramesAsync(bed, [Begin(version: 9), Set(), End()], "base64 -d >/root/frames; (cat /root/frames; sleep 4) | perl /root/sync/statesync.pl receive /root/sync 1_1 >/root/said & sleep 2; cp /root/said /root/before; sed -i 's/^version 8$/version 9/; s/^slots - 5$/slots - 1/' /root/sync/table; wait");
        Assert.Equal(("ready\n", "ready\nready\n"), (await bed.InsideAsync(bed.Gateways[0], "cat /root/before"), await bed.InsideAsync(bed.Gateways[0], "cat /root/said")));
        Assert.Equal(1, await SkippedAsync(bed, "1_1"));
        await ReceiveAsync(bed, "1_1", Begin(version: 9), Set(), End());
        Assert.Equal((1, 0), (await CountAsync(bed, bed.Gateways[0], 443), await SkippedAsync(bed, "1_1")));
    }

    [TestbedFact]
    public async Task Each_service_waits_as_long_as_it_is_told()
    {
        await using var steered = await SteeredBed.StartStrictAsync(stateSync: true, settings: """{ "services": [ { "protocol": "tcp", "port": 4000, "delay": 0 }, { "protocol": "tcp", "port": 4001, "delay": 600 } ] }""");
        var flows = SteeredBed.Flows(30);
        await using var connections = await steered.Bed.StartConnectionsAsync(flows, TimeSpan.FromMilliseconds(50));
        var asIs = flows.GroupBy(f => f.ServerPort).ToDictionary(g => g.Key, g => g.Count());
        int[] known = [];
        await OnHosts.UntilAsync(
            async () =>
            {
                known = await Task.WhenAll(new[] { 4000, 4001, 4002 }.Select(async port => (await Task.WhenAll(steered.Bed.Gateways.Select(g => CountAsync(steered.Bed, g, port)))).Sum()));
                return known[0] >= asIs[4000] * 2 && known[2] >= asIs[4002] * 2;
            },
            "not every connection that is due has its copy", Patience);

        // Each once where it is carried, once more where it is backed up, unless its service waits.
        Assert.Equal([asIs[4000] * 2, asIs[4001], asIs[4002] * 2], known);
        Assert.Equal(["Pass"], (await steered.Session.Host.TestAsync(["dmz"], ["StateSync"], CancellationToken.None)).Select(r => r.Result.ToString()));
    }

    [TestbedFact]
    public async Task What_was_there_before_is_copied_no_faster_than_the_rate()
    {
        const int Rate = 400;
        const int Count = 1600;
        await using var steered = await SteeredBed.StartStrictAsync(stateSync: true, settings: $$"""{ "copiesPerSecond": {{Rate}} }""");
        var table = (await steered.ObserveAsync()).Table;
        var (owner, self) = (steered.Bed.Gateways[0], table.Slots.Members[0]);
        var own = Enumerable.Range(0, 65536).Select(n => new Flow(Testbed.Client(1), Testbed.Server(1), Flow.Tcp, (ushort)n, 4000)).Where(f => table.Slots.ActiveOf(table.Rules.SlotOf(f, FlowSide.Outside, table.Slots.SlotCount)) == self).Take(Count).ToList();
        var lines = new StringBuilder();
        foreach (var flow in own) lines.Append(CultureInfo.InvariantCulture, $"-I -t 86400 -u SEEN_REPLY,ASSURED -s {flow.Source} -d {flow.Destination} -r {flow.Destination} -q {flow.Source} -p tcp --sport {flow.SourcePort} --dport {flow.DestinationPort} --reply-port-src {flow.DestinationPort} --reply-port-dst {flow.SourcePort} --state ESTABLISHED\n");
        (await steered.Bed.RunInsideAsync(owner, "cat >/root/own && conntrack -R /root/own", lines.ToString())).EnsureSuccess();
        await OnHosts.UntilAsync(async () => await CopiedAsync(steered.Bed, owner) >= Count, "not all is copied", Patience);

        var began = Stopwatch.GetTimestamp();
        foreach (var other in steered.Bed.Gateways.Skip(1)) await steered.Bed.RunInsideAsync(other, "pkill -KILL -f 'statesync[.]pl receive'");
        await OnHosts.UntilAsync(async () => await CopiedAsync(steered.Bed, owner) < Count, "nobody has noticed", Patience);
        await OnHosts.UntilAsync(async () => await CopiedAsync(steered.Bed, owner) >= Count, "not all is copied again", Patience);
        var took = Stopwatch.GetElapsedTime(began);

        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Count} copies at {Rate} a second: {took.TotalSeconds:0.0} s"));
        // A rate has no upper bound on the time that it takes, but a lower one, short of a turn and of what the state file rounds off.
        Assert.True(took > TimeSpan.FromSeconds(((double)Count / Rate) - 1), took.ToString());
    }

    /// <summary>A member that carries slot 1 by version 8, with nobody who runs anything on it.</summary>
    private static async Task InstallAsync(Testbed bed)
    {
        using var program = new StreamReader(typeof(GatewayScripts).Assembly.GetManifestResourceStream("Maestro.Gateway.statesync.pl")!);
        (await bed.RunInsideAsync(bed.Gateways[0], "mkdir -p /root/sync && cat >/root/sync/statesync.pl", await program.ReadToEndAsync())).EnsureSuccess();
        (await bed.RunInsideAsync(bed.Gateways[0], "cat >/root/sync/table", "version 8\nself 1_3\nrules General 1 1 16\nslots - 1\n")).EnsureSuccess();
    }

    private static Task ReceiveAsync(Testbed bed, string sender, params byte[][] frames) =>
        InsideWithFramesAsync(bed, frames, $"base64 -d | perl /root/sync/statesync.pl receive /root/sync {sender}");

    private static async Task InsideWithFramesAsync(Testbed bed, byte[][] frames, string command) =>
        (await bed.RunInsideAsync(bed.Gateways[0], command, Convert.ToBase64String(frames.SelectMany(f => f).ToArray()))).EnsureSuccess();

    private static async Task<int> SkippedAsync(Testbed bed, string sender) =>
        int.Parse(await bed.InsideAsync(bed.Gateways[0], $"sed -n 's/^skipped //p' /root/sync/received.{sender}.state"), CultureInfo.InvariantCulture);

    private static async Task<int> CopiedAsync(Testbed bed, TestbedHost host) =>
        (await bed.RunInsideAsync(host, "sed -n 's/^peer .* copied \\([0-9]*\\) .*/\\1/p' /var/lib/maestro/sync/sent.state")).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Sum(n => int.Parse(n, CultureInfo.InvariantCulture));

    private static async Task<int> CountAsync(Testbed bed, TestbedHost host, int port) =>
        int.Parse((await bed.RunInsideAsync(host, $"conntrack -L -p tcp --orig-port-dst {port} 2>/dev/null | grep -c ESTABLISHED; true")).Output, CultureInfo.InvariantCulture);

    // A frame is its length, what it is, the slot and the family, then what belongs to it; numbers as the network orders them.
    private static byte[] Frame(byte type, uint slot, byte family, byte[] payload)
    {
        var frame = new byte[10 + payload.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame, 6 + payload.Length);
        frame[4] = type;
        BinaryPrimitives.WriteUInt32BigEndian(frame.AsSpan(5), slot);
        frame[9] = family;
        payload.CopyTo(frame, 10);
        return frame;
    }

    private static byte[] Begin(ulong version)
    {
        var payload = new byte[9];
        BinaryPrimitives.WriteUInt64BigEndian(payload, version);
        payload[8] = 1 << Slot;
        return Frame(3, 0, 0, payload);
    }

    private static byte[] End() => Frame(4, 0, 0, []);

    private static byte[] Delete() => Frame(2, Slot, 2, Attribute(1, Asking()));

    /// <summary>It goes on, and has its copy elsewhere.</summary>
    private static byte[] Withdraw() => Frame(6, Slot, 2, Attribute(1, Asking()));

    /// <summary>An established connection that was answered, and has an hour.</summary>
    private static byte[] Set() => Frame(
        1,
        Slot,
        2,
        [
            .. Attribute(1, Asking()),
            .. Attribute(2, Direction(Server, Client, [0x01, 0xbb], [0x4e, 0x20])),
            .. Attribute(3, [0, 0, 0, 0x0e]),
            .. Attribute(4 | Nested, Attribute(1 | Nested, Attribute(1, [3]))),
            .. Attribute(7, [0, 0, 0x0e, 0x10]),
        ]);

    private static readonly IPAddress Client = IPAddress.Parse("198.51.100.7"), Server = IPAddress.Parse("203.0.113.7");

    private static byte[] Asking() => Direction(Client, Server, [0x4e, 0x20], [0x01, 0xbb]);

    /// <summary>As ctnetlink writes one: two addresses, then protocol and ports.</summary>
    private static byte[] Direction(IPAddress source, IPAddress destination, byte[] from, byte[] to)
    {
        var addresses = Attribute(1 | Nested, [.. Attribute(1, source.GetAddressBytes()), .. Attribute(2, destination.GetAddressBytes())]);
        var protocol = Attribute(2 | Nested, [.. Attribute(1, [6]), .. Attribute(2, from), .. Attribute(3, to)]);
        return [.. addresses, .. protocol];
    }

    private const int Nested = 0x8000;

    private static byte[] Attribute(int type, byte[] value)
    {
        var attribute = new byte[4 + ((value.Length + 3) & ~3)];
        BinaryPrimitives.WriteUInt16LittleEndian(attribute, (ushort)(4 + value.Length));
        BinaryPrimitives.WriteUInt16LittleEndian(attribute.AsSpan(2), (ushort)type);
        value.CopyTo(attribute, 4);
        return attribute;
    }
}
