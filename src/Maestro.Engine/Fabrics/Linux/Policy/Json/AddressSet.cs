using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Numerics;

namespace Maestro.Engine.Fabrics.Linux.Policy.Json;

/// <summary>The addresses of one side of a rule, by family.</summary>
internal sealed class AddressSet
{
    private readonly List<NumberRange> _four = [];
    private readonly List<NumberRange> _six = [];

    /// <summary>True when every address is meant.</summary>
    public bool IsAny { get; private set; }

    public static AddressSet Any() => new() { IsAny = true };

    public void Add(AddressSet other)
    {
        IsAny |= other.IsAny;
        _four.AddRange(other._four);
        _six.AddRange(other._six);
    }

    public bool Has(AddressFamily family) => IsAny || Of(family).Count > 0;

    /// <summary>What <c>ip saddr</c> or <c>ip6 saddr</c> is compared with; empty for any.</summary>
    public string Words(AddressFamily family)
    {
        if (IsAny) return "";
        var words = NumberRanges.Merge(Of(family), number => Text(number, family));
        return words.Count == 1 ? words[0] : $"{{ {string.Join(", ", words)} }}";
    }

    /// <summary>Reads an address, a prefix or a range. False when the text is none of them and may be a name; then <paramref name="fault"/> is empty.</summary>
    public static bool TryRead(string text, out AddressSet set, out string fault)
    {
        set = new AddressSet();
        fault = "";
        var slash = text.IndexOf('/');
        var dash = text.IndexOf('-');
        if (slash > 0 && TryAddress(text.Substring(0, slash), out var network)) return set.TryAddPrefix(network, text, text.Substring(slash + 1), out fault);
        if (dash > 0 && TryAddress(text.Substring(0, dash), out var first)) return set.TryAddRange(first, text.Substring(dash + 1), out fault);
        if (!TryAddress(text, out var address)) return false;
        set.Of(address.AddressFamily).Add(new NumberRange(Number(address), Number(address), address.ToString()));
        return true;
    }

    private bool TryAddPrefix(IPAddress network, string text, string length, out string fault)
    {
        var bits = network.AddressFamily == AddressFamily.InterNetwork ? 32 : 128;
        fault = $"'{text}' has no prefix length from 0 to {bits.ToString(CultureInfo.InvariantCulture)}";
        if (!int.TryParse(length, NumberStyles.None, CultureInfo.InvariantCulture, out var prefix) || prefix > bits) return false;
        var size = BigInteger.One << (bits - prefix);
        var start = Number(network) / size * size;
        var words = $"{Text(start, network.AddressFamily)}/{prefix.ToString(CultureInfo.InvariantCulture)}";
        fault = $"'{text}' has bits behind its prefix; '{words}' is the network";
        if (start != Number(network)) return false;
        fault = "";
        Of(network.AddressFamily).Add(new NumberRange(start, start + size - 1, words));
        return true;
    }

    private bool TryAddRange(IPAddress first, string last, out string fault)
    {
        fault = $"a range ends with an address of the same family that is not below its first, not with '{last}'";
        if (!TryAddress(last, out var end) || end.AddressFamily != first.AddressFamily || Number(end) < Number(first)) return false;
        fault = "";
        Of(first.AddressFamily).Add(new NumberRange(Number(first), Number(end), $"{first}-{end}"));
        return true;
    }

    private List<NumberRange> Of(AddressFamily family) => family == AddressFamily.InterNetwork ? _four : _six;

    // To the framework "10" would be 0.0.0.10, and a zone is a machine's own word.
    private static bool TryAddress(string text, out IPAddress address) =>
        IPAddress.TryParse(text, out address!) && (address.AddressFamily == AddressFamily.InterNetworkV6 ? text.IndexOfAny(['%', '[', '/']) < 0 : text.Count(c => c == '.') == 3);

    private static BigInteger Number(IPAddress address) => new([.. Enumerable.Reverse(address.GetAddressBytes()), 0]);

    private static string Text(BigInteger number, AddressFamily family)
    {
        var bytes = number.ToByteArray();
        var all = new byte[family == AddressFamily.InterNetwork ? 4 : 16];
        for (var i = 0; i < all.Length && i < bytes.Length; i++) all[all.Length - 1 - i] = bytes[i];
        return new IPAddress(all).ToString();
    }
}
