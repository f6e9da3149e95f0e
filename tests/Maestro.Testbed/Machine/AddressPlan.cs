using System.Globalization;
using System.Net;

namespace Maestro.Testbeds.Machine;

/// <summary>
/// Who has which address. Only the management network is seen from the machine, and each bed has one of its own: a /24 of 198.18.0.0/15 (RFC 2544, for tests
/// between devices) and a /64 of fd4d:6165::/32 by the bed's slot. The other networks exist inside the bed alone, so all beds use the same.
/// </summary>
internal sealed class AddressPlan(int slot)
{
    public const int Slots = 512;
    private const int FirstGateway = 10;

    /// <summary>The management network of this bed, before the last octet.</summary>
    private string Management { get; } = string.Create(CultureInfo.InvariantCulture, $"198.{18 + (slot / 256)}.{slot % 256}");

    private string ManagementIPv6 { get; } = string.Create(CultureInfo.InvariantCulture, $"fd4d:6165:{slot + 1:x}::");

    public IPAddress JumpHost => IPAddress.Parse($"{Management}.5");

    public IPAddress JumpHostIPv6 => IPAddress.Parse($"{ManagementIPv6}5");

    public static IPAddress JumpHostHidden => IPAddress.Parse("10.93.0.5");

    public IPAddress Gateway(int index) => Numbered(Management, FirstGateway + index);

    public IPAddress GatewayIPv6(int index) => IPAddress.Parse(string.Create(CultureInfo.InvariantCulture, $"{ManagementIPv6}{FirstGateway + index:x}"));

    public static IPAddress Hidden(int index) => Numbered("10.93.0", FirstGateway + index);

    /// <summary>A gateway's address outside or inside, or that of the client or server whose packets go through it.</summary>
    public static IPAddress Traffic(Segment segment, Party party, int index) => Numbered($"10.{(int)segment}.{(int)party}", index);

    public static IPAddress TrafficIPv6(Segment segment, Party party, int index) =>
        IPAddress.Parse(string.Create(CultureInfo.InvariantCulture, $"fd4d:6165:0:{(int)segment}::{(int)party}:{index:x}"));

    /// <summary>A fixed hardware address, as a real card has: neighbours keep knowing a gateway over a power cut.</summary>
    public string HardwareAddress(int index, int device) =>
        string.Create(CultureInfo.InvariantCulture, $"02:4d:{slot / 256:x2}:{slot % 256:x2}:{index:x2}:{device:x2}");

    private static IPAddress Numbered(string network, int last) => IPAddress.Parse(string.Create(CultureInfo.InvariantCulture, $"{network}.{last}"));

    internal enum Segment
    {
        Outside = 91,
        Inside = 92,
        Clients = 94,
        Servers = 95,
    }

    internal enum Party
    {
        Gateway = 1,
        Peer = 2,
        Orchestrator = 3,
    }
}
