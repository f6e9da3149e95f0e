using System.Net;

namespace Maestro.Engine.Clustering.Distribution;

/// <summary>
/// The hash of nft's <c>jhash … mod … seed …</c>, so that it can be said which slot the kernel will choose: Bob Jenkins' lookup3 over the registers as a
/// host of little-endian order loads them, then the upper part of hash times modulus. Proven against the kernel by a test with real packets.
/// </summary>
internal static class KernelHash
{
    private const uint Start = 0xdeadbeef;

    public static uint Hash(uint[] words, uint seed)
    {
        unchecked
        {
            uint a, b, c;
            a = b = c = Start + (uint)(words.Length * 4) + seed;
            var at = 0;
            var left = words.Length;
            while (left > 3)
            {
                a += words[at];
                b += words[at + 1];
                c += words[at + 2];
                a -= c; a ^= Rotate(c, 4); c += b;
                b -= a; b ^= Rotate(a, 6); a += c;
                c -= b; c ^= Rotate(b, 8); b += a;
                a -= c; a ^= Rotate(c, 16); c += b;
                b -= a; b ^= Rotate(a, 19); a += c;
                c -= b; c ^= Rotate(b, 4); b += a;
                at += 3;
                left -= 3;
            }

            if (left == 0) return c;
            if (left > 2) c += words[at + 2];
            if (left > 1) b += words[at + 1];
            a += words[at];
            c ^= b; c -= Rotate(b, 14);
            a ^= c; a -= Rotate(c, 11);
            b ^= a; b -= Rotate(a, 25);
            c ^= b; c -= Rotate(b, 16);
            a ^= c; a -= Rotate(c, 4);
            b ^= a; b -= Rotate(a, 14);
            c ^= b; c -= Rotate(b, 24);
            return c;
        }
    }

    /// <summary>The kernel's reciprocal_scale: no remainder, the upper bits.</summary>
    public static int Scale(uint hash, int modulus) => (int)(((ulong)hash * (uint)modulus) >> 32);

    /// <summary>Addresses, then ports: each port fills the first half of a register of its own.</summary>
    public static uint[] Words(IPAddress first, IPAddress? second, ushort[] ports)
    {
        var (one, two) = (first.GetAddressBytes(), second?.GetAddressBytes() ?? []);
        var words = new uint[((one.Length + two.Length) / 4) + ports.Length];
        var at = 0;
        foreach (var bytes in new[] { one, two })
        {
            for (var i = 0; i < bytes.Length; i += 4) words[at++] = bytes[i] | ((uint)bytes[i + 1] << 8) | ((uint)bytes[i + 2] << 16) | ((uint)bytes[i + 3] << 24);
        }

        foreach (var port in ports) words[at++] = (uint)((port >> 8) | ((port & 0xff) << 8));
        return words;
    }

    private static uint Rotate(uint value, int by) => (value << by) | (value >> (32 - by));
}
