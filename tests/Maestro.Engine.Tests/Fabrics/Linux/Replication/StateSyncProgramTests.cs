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
        var gateway = bed.Gateways[0];
        using (var program = new StreamReader(typeof(GatewayScripts).Assembly.GetManifestResourceStream("Maestro.Gateway.statesync.pl")!))
        {
            (await bed.RunInsideAsync(gateway, "mkdir -p /root/sync && cat >/root/sync/statesync.pl", await program.ReadToEndAsync())).EnsureSuccess();
        }

        (await bed.RunInsideAsync(gateway, "cat >/root/sync/table", "version 8\nself 1_3\nrules General 1 1 16\nslots - 1\n")).EnsureSuccess();

        await ReceiveAsync("1_1", Begin(version: 8), Delete());
        Assert.Equal(0, await SkippedAsync("1_1"));
        await ReceiveAsync("1_2", Begin(version: 7), Delete());
        Assert.Equal(1, await SkippedAsync("1_2"));
        // Of equal versions both are believed: which of them has the slot is the orchestrators' to say.
        await ReceiveAsync("1_2", Begin(version: 8), Delete());
        Assert.Equal(0, await SkippedAsync("1_2"));

        async Task ReceiveAsync(string sender, params byte[][] frames)
        {
            var text = Convert.ToBase64String(frames.SelectMany(f => f).ToArray());
            (await bed.RunInsideAsync(gateway, $"base64 -d | perl /root/sync/statesync.pl receive /root/sync {sender}", text)).EnsureSuccess();
        }

        async Task<int> SkippedAsync(string sender) =>
            int.Parse((await bed.RunInsideAsync(gateway, $"sed -n 's/^skipped //p' /root/sync/received.{sender}.state")).EnsureSuccess().Output, CultureInfo.InvariantCulture);
    }

    [TestbedFact]
    public async Task Each_service_waits_as_long_as_it_is_told()
    {
        await using var steered = await SteeredBed.StartStrictAsync(stateSync: true, settings: """{ "services": [ { "protocol": "tcp", "port": 4000, "delay": 0 }, { "protocol": "tcp", "port": 4001, "delay": 600 } ] }""");
        var flows = SteeredBed.Flows(30);
        await using var connections = await steered.Bed.StartConnectionsAsync(flows, TimeSpan.FromMilliseconds(50));
        var asIs = flows.GroupBy(f => f.ServerPort).ToDictionary(g => g.Key, g => g.Count());
        var until = TimeProvider.System.GetUtcNow() + Patience;
        int[] known;
        do
        {
            Assert.True(TimeProvider.System.GetUtcNow() < until, "not every connection that is due has its copy");
            await Task.Delay(200);
            known = await Task.WhenAll(new[] { 4000, 4001, 4002 }.Select(async port => (await Task.WhenAll(steered.Bed.Gateways.Select(g => CountAsync(steered.Bed, g, port)))).Sum()));
        }
        while (known[0] < asIs[4000] * 2 || known[2] < asIs[4002] * 2);

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
        await UntilAsync(async () => await CopiedAsync(steered.Bed, owner) >= Count, "not all is copied");

        var began = Stopwatch.GetTimestamp();
        foreach (var other in steered.Bed.Gateways.Skip(1)) await steered.Bed.RunInsideAsync(other, "pkill -KILL -f 'statesync[.]pl receive'");
        await UntilAsync(async () => await CopiedAsync(steered.Bed, owner) < Count, "nobody has noticed");
        await UntilAsync(async () => await CopiedAsync(steered.Bed, owner) >= Count, "not all is copied again");
        var took = Stopwatch.GetElapsedTime(began);

        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Count} copies at {Rate} a second: {took.TotalSeconds:0.0} s"));
        // A rate has no upper bound on the time that it takes, but a lower one, short of a turn and of what the state file rounds off.
        Assert.True(took > TimeSpan.FromSeconds(((double)Count / Rate) - 1), took.ToString());
    }

    private static async Task<int> CopiedAsync(Testbed bed, TestbedHost host) =>
        (await bed.RunInsideAsync(host, "sed -n 's/^peer .* copied \\([0-9]*\\) .*/\\1/p' /var/lib/maestro/sync/sent.state")).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Sum(n => int.Parse(n, CultureInfo.InvariantCulture));

    private static async Task<int> CountAsync(Testbed bed, TestbedHost host, int port) =>
        int.Parse((await bed.RunInsideAsync(host, $"conntrack -L -p tcp --orig-port-dst {port} 2>/dev/null | grep -c ESTABLISHED; true")).Output, CultureInfo.InvariantCulture);

    private static async Task UntilAsync(Func<Task<bool>> isSo, string otherwise)
    {
        var until = TimeProvider.System.GetUtcNow() + Patience;
        while (!await isSo())
        {
            Assert.True(TimeProvider.System.GetUtcNow() < until, otherwise);
            await Task.Delay(50);
        }
    }

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

    private static byte[] Delete()
    {
        // Of the original direction, as ctnetlink writes attributes: two addresses, then protocol and ports.
        var addresses = Attribute(1 | Nested, [.. Attribute(1, IPAddress.Parse("198.51.100.7").GetAddressBytes()), .. Attribute(2, IPAddress.Parse("203.0.113.7").GetAddressBytes())]);
        var protocol = Attribute(2 | Nested, [.. Attribute(1, [6]), .. Attribute(2, [0x4e, 0x20]), .. Attribute(3, [0x01, 0xbb])]);
        return Frame(2, Slot, 2, Attribute(1, [.. addresses, .. protocol]));
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
